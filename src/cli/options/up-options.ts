// From flags, environment and a properties file to what the workbench is started with. Pure but for the reader it is
// given. Order of precedence: flags, MILLRACE_*, KAFKA_*, the properties file, defaults (the first two are merged by
// the command line parser).

import { resolve } from 'node:path';
import type { WorkbenchOptions } from '../../workbench.ts';
import { CommandError, ExitCode } from '../failure.ts';
import { brokerPropertiesOf, clusterIdOf, type Environment, externalClusterOf } from './kafka-environment.ts';
import { parseProperties } from './properties-file.ts';
import type { UpFlags } from './up-flags.ts';

/** The id that a new data directory gets, so that scripts may count on it. */
export const DEFAULT_CLUSTER_ID = 'Y-t_TjR9Q3GFuYt28wDq8A';
/** A UUID in base64url, as `kafka-storage random-uuid` prints it. */
const CLUSTER_ID_PATTERN = /^[A-Za-z0-9_-]{22}$/;
const DEFAULT_PORTS = { broker: 9094, console: 8080, api: 5000 } as const;

export interface UpContext {
  readonly flags: UpFlags;
  readonly environment: Environment;
  readonly workingDirectory: string;
  readonly version: string;
  readonly readFile: (path: string) => string;
}

export type ResolvedUp = Omit<WorkbenchOptions, 'report'>;

export function resolveUp(context: UpContext): ResolvedUp {
  const { flags, environment, workingDirectory, version } = context;
  const external = externalCluster(context);
  const home = resolve(workingDirectory, flags.home ?? '.millrace');
  if (external === null && flags.port === 'off') {
    throw usage(
      'Without a broker there is nothing to serve.',
      'Name a cluster with --bootstrap-servers, or leave --port off away.',
    );
  }
  return {
    version,
    home,
    host: flags.host ?? 'localhost',
    allowedHosts: flags.allowedHost ?? [],
    consolePort: portOrNull(flags.httpPort, DEFAULT_PORTS.console),
    apiPort: portOrNull(flags.apiPort, DEFAULT_PORTS.api),
    external,
    broker: external === null ? embeddedBroker(context, home, environment) : null,
  };
}

function externalCluster({ flags, environment }: UpContext): WorkbenchOptions['external'] {
  try {
    return externalClusterOf(environment, flags.bootstrapServers);
  } catch (error) {
    throw usage((error as Error).message);
  }
}

function embeddedBroker(
  context: UpContext,
  home: string,
  environment: Environment,
): NonNullable<WorkbenchOptions['broker']> {
  const { flags, workingDirectory } = context;
  const properties = brokerProperties(context);
  const logDirectories = (properties.get('log.dirs') ?? properties.get('log.dir'))
    ?.split(',')
    .map(item => item.trim());
  if (logDirectories !== undefined && logDirectories.length > 1 && flags.data === undefined) {
    throw usage(
      'log.dirs names several directories, and Millrace keeps one.',
      'Name the one to use with --data, or leave one in log.dirs.',
    );
  }
  if (flags.memory === true && flags.data !== undefined) {
    throw usage('--memory and --data exclude each other.', 'Leave one of them away.');
  }
  const directory = flags.data ?? logDirectories?.[0];
  const clusterId = flags.clusterId ?? clusterIdOf(environment);
  if (clusterId !== undefined && !CLUSTER_ID_PATTERN.test(clusterId)) {
    throw usage(
      `"${clusterId}" is no cluster id: Kafka's ids have 22 characters out of letters, digits, "-" and "_".`,
      `Leave it away for the default (${DEFAULT_CLUSTER_ID}), or take one from an existing directory's meta.properties.`,
    );
  }
  return {
    storage:
      flags.memory === true
        ? { kind: 'memory' }
        : {
            kind: 'directory',
            path: directory === undefined ? resolve(home, 'kafka') : resolve(workingDirectory, directory),
          },
    clusterId: clusterId ?? null,
    newClusterId: clusterId ?? DEFAULT_CLUSTER_ID,
    metadataVersion: flags.metadataVersion,
    durability: flags.flush ?? 'always',
    profile: flags.profile ?? 'dev',
    properties,
  };
}

function brokerProperties({
  flags,
  environment,
  workingDirectory,
  readFile,
}: UpContext): Map<string, string> {
  const properties = new Map<string, string>();
  const addAll = (more: Iterable<readonly [string, string]>) => {
    for (const [key, value] of more) properties.set(key, value);
  };
  if (flags.properties !== undefined)
    addAll(readProperties(resolve(workingDirectory, flags.properties), readFile));
  addAll(environmentProperties(environment));
  addAll(
    (flags.config ?? []).map(
      item => [item.slice(0, item.indexOf('=')), item.slice(item.indexOf('=') + 1)] as const,
    ),
  );
  if (flags.port !== undefined || !properties.has('listeners')) {
    const host = flags.host ?? 'localhost';
    const shown = host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
    properties.set('listeners', `PLAINTEXT://${shown}:${flags.port ?? DEFAULT_PORTS.broker}`);
  }
  return properties;
}

/** The images take listeners from the advertised ones when only these are given: the same ports, on every address. */
function environmentProperties(environment: Environment): Map<string, string> {
  const properties = brokerPropertiesOf(environment);
  const advertised = properties.get('advertised.listeners');
  if (advertised !== undefined && !properties.has('listeners')) {
    properties.set('listeners', advertised.replaceAll(/:\/\/[^,]*:(\d+)/g, '://:$1'));
  }
  return properties;
}

function readProperties(path: string, readFile: (path: string) => string): Map<string, string> {
  try {
    return parseProperties(readFile(path));
  } catch (error) {
    throw usage(
      `The properties file ${path} cannot be read: ${(error as Error).message}.`,
      'Check the path given with --properties.',
    );
  }
}

function portOrNull(flag: number | 'off' | undefined, fallback: number): number | null {
  return flag === 'off' ? null : (flag ?? fallback);
}

function usage(message: string, wayOut?: string): CommandError {
  return new CommandError(message, { exitCode: ExitCode.usage, ...(wayOut === undefined ? {} : { wayOut }) });
}
