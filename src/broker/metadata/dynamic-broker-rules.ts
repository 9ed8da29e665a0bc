// What a change of the broker's dynamic values must satisfy against those in force (KafkaConfig.validateValues, then what
// LogCleaner, DynamicThreadPool, SocketServer and DynamicRemoteLogConfig say to DynamicBrokerConfig.validate). Millrace has
// none of these threads, but a value that Apache Kafka refuses would keep it from starting on the directory.

import { KafkaError } from '../../protocol/errors.ts';
import { ConfigError } from '../config/config-value.ts';
import type { BrokerKeyName, BrokerSettings } from '../config/settings.ts';

const CLEANER_THREADS = 'log.cleaner.threads';
const DEDUPE_BYTES_PER_THREAD_MIN = 1024 * 1024;
const THREAD_COUNTS = [
  'num.io.threads',
  'num.network.threads',
  'num.replica.fetchers',
  'num.recovery.threads.per.data.dir',
  'background.threads',
  'remote.log.reader.threads',
  'remote.log.manager.copier.thread.pool.size',
  'remote.log.manager.expiration.thread.pool.size',
] as const satisfies readonly BrokerKeyName[];

/** What the values must satisfy among themselves. */
export function checkTogether(proposed: BrokerSettings): void {
  // What the JVM says of the division.
  if (proposed.get(CLEANER_THREADS) === 0) throw new KafkaError('INVALID_REQUEST', '/ by zero');
  const bytesPerThread = Math.trunc(
    proposed.get('log.cleaner.dedupe.buffer.size') / proposed.get(CLEANER_THREADS),
  );
  if (bytesPerThread > DEDUPE_BYTES_PER_THREAD_MIN) return;
  throw new KafkaError(
    'INVALID_REQUEST',
    'requirement failed: log.cleaner.dedupe.buffer.size must be at least 1MB per cleaner thread.',
  );
}

/** Threads are at most doubled and at most halved at once, and never none. Throws ConfigError. */
export function checkThreadCounts(current: BrokerSettings, proposed: BrokerSettings): void {
  checkCleanerThreads(current.get(CLEANER_THREADS), proposed.get(CLEANER_THREADS));
  for (const name of THREAD_COUNTS) checkThreadCount(name, current.get(name), proposed.get(name));
}

function checkCleanerThreads(current: number, next: number): void {
  if (next < Math.trunc(current / 2)) {
    throw new ConfigError(
      `Log cleaner threads cannot be reduced to less than half the current value ${current}`,
    );
  }
  if (next > current * 2) {
    throw new ConfigError(
      `Log cleaner threads cannot be increased to more than double the current value ${current}`,
    );
  }
}

function checkThreadCount(name: string, current: number, next: number): void {
  if (next === current) return;
  const message = `Dynamic thread count update validation failed for ${name}=${next}`;
  if (next < Math.trunc(current / 2)) {
    throw new ConfigError(`${message}, value should be at least half the current value ${current}`);
  }
  if (next > current * 2) {
    throw new ConfigError(`${message}, value should not be greater than double the current value ${current}`);
  }
}
