// Levels of the broker's own log lines (KIP-412, resource type BROKER_LOGGER). They live in memory, as in Apache Kafka: a
// restart forgets them. Millrace has one logger, the root; what is below its level is not printed.

import type { ConfigOperation } from '../metadata/alter-configs.ts';
import type { ApiError } from '../metadata/api-error.ts';
import { apiError } from '../metadata/api-error.ts';

const ROOT_LOGGER = 'root';
/** LogLevelConfig.VALID_LOG_LEVELS, by severity. */
const LEVELS = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'] as const;
export type LogLevel = (typeof LEVELS)[number];
const DEFAULT_LEVEL: LogLevel = 'INFO';

export class LogLevels {
  readonly #levels = new Map<string, LogLevel>([[ROOT_LOGGER, DEFAULT_LEVEL]]);

  loggers(): ReadonlyMap<string, LogLevel> {
    return this.#levels;
  }

  isPrinted(level: LogLevel): boolean {
    return LEVELS.indexOf(level) >= LEVELS.indexOf(this.#levels.get(ROOT_LOGGER)!);
  }

  /** Why the changes are refused, or null; then they are made, unless they were only to be checked. */
  alter(
    operations: readonly ConfigOperation[],
    options: { readonly validateOnly: boolean },
  ): ApiError | null {
    for (const operation of operations) {
      const refused = this.#refuse(operation);
      if (refused !== null) return refused;
    }
    if (!options.validateOnly) {
      for (const { name, value } of operations) this.#levels.set(name, value as LogLevel);
    }
    return null;
  }

  #refuse({ name, operation, value }: ConfigOperation): ApiError | null {
    if (operation === 'APPEND' || operation === 'SUBTRACT') {
      return apiError(
        'INVALID_REQUEST',
        `${operation} operation is not allowed for the BROKER_LOGGER resource`,
      );
    }
    if (!this.#levels.has(name)) return apiError('INVALID_CONFIG', `Logger ${name} does not exist!`);
    if (operation === 'DELETE') {
      return apiError(
        'INVALID_REQUEST',
        `Removing the log level of the ${ROOT_LOGGER} logger is not allowed`,
      );
    }
    if ((LEVELS as readonly (string | null)[]).includes(value)) return null;
    const valid = [...LEVELS].sort().join(', ');
    return apiError(
      'INVALID_CONFIG',
      `Cannot set the log level of ${name} to ${value} as it is not a supported log level. Valid log levels are ${valid}`,
    );
  }
}
