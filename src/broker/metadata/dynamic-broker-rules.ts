// What a change of the broker's dynamic values must satisfy against those in force (KafkaConfig.validateValues, then what
// LogCleaner, DynamicThreadPool, SocketServer and DynamicRemoteLogConfig say to DynamicBrokerConfig.validate). Millrace has
// none of these threads, but a value that Apache Kafka refuses would keep it from starting on the directory.

import { KafkaError } from '../../protocol/errors.ts';
import { ConfigError } from '../config/config-value.ts';
import type { BrokerKeyName, BrokerSettings } from '../config/settings.ts';

const CLEANER_THREADS = 'log.cleaner.threads';
const DEDUPE_BYTES_PER_THREAD_MIN = 1024 * 1024;
/** Of cordoned.log.dirs. */
const ALL = '*';
/** Of log.local.retention: as log.retention. */
const AS_RETENTION = -2;
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
  checkLogTimes(proposed);
  // What the JVM says of the division.
  if (proposed.get(CLEANER_THREADS) === 0) throw new KafkaError('INVALID_REQUEST', '/ by zero');
  const bytesPerThread = Math.trunc(
    proposed.get('log.cleaner.dedupe.buffer.size') / proposed.get(CLEANER_THREADS),
  );
  required(
    bytesPerThread > DEDUPE_BYTES_PER_THREAD_MIN,
    'log.cleaner.dedupe.buffer.size must be at least 1MB per cleaner thread.',
  );
  checkCordonedDirectories(proposed);
}

/** In whichever unit they are set. */
function checkLogTimes(proposed: BrokerSettings): void {
  const time = (topicKey: string) => Number(proposed.topicDefault(topicKey));
  required(time('segment.ms') >= 1, 'log.roll.ms must be greater than or equal to 1');
  required(time('segment.jitter.ms') >= 0, 'log.roll.jitter.ms must be greater than or equal to 0');
  required(
    time('retention.ms') !== 0,
    'log.retention.ms must be unlimited (-1) or, greater than or equal to 1',
  );
}

function checkCordonedDirectories(proposed: BrokerSettings): void {
  const cordoned = proposed.get('cordoned.log.dirs');
  if (cordoned.includes(ALL)) {
    required(cordoned.length === 1, 'When cordoned.log.dirs is set to *, it must not contain other values');
    return;
  }
  const directories = proposed.get('log.dirs') ?? [];
  const missing = cordoned.filter(directory => !directories.includes(directory));
  required(
    missing.length === 0,
    `All entries in cordoned.log.dirs must be present in log.dirs or log.dir. Missing entries : ${missing.join(', ')}`,
  );
}

function required(isSo: boolean, message: string): void {
  if (!isSo) throw new KafkaError('INVALID_REQUEST', `requirement failed: ${message}`);
}

/** What stays on this disk is at most what is kept at all (DynamicLogConfig). Throws ConfigError. */
export function checkLocalRetention(proposed: BrokerSettings): void {
  for (const unit of ['ms', 'bytes']) {
    const kept = Number(proposed.topicDefault(`retention.${unit}`));
    const local = Number(proposed.topicDefault(`local.retention.${unit}`));
    const key = `log.local.retention.${unit}`;
    if (kept < 0 || local === AS_RETENTION) continue;
    if (local < 0) {
      throw new ConfigError(
        `Invalid value ${local} for configuration ${key}: Value must not be -1 as log.retention.${unit} value is set as ${kept}.`,
      );
    }
    if (local > kept) {
      throw new ConfigError(
        `Invalid value ${local} for configuration ${key}: Value must not be more than log.retention.${unit} property value: ${kept}`,
      );
    }
  }
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
