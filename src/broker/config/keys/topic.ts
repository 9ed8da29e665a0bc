// The keys of topics, as Apache Kafka 4.3.1 declares them (LogConfig, ServerTopicConfigSynonyms).

import { configTable } from '../config-key.ts';
import { atLeast, between, listOf, oneOf } from '../config-value.ts';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

export const topicKeys = configTable({
  'cleanup.policy': { type: 'LIST', default: 'delete', validator: listOf({ allowed: ['compact', 'delete'] }), synonyms: [{ name: 'log.cleanup.policy' }], doc: '' },
  'compression.gzip.level': { type: 'INT', default: '-1', synonyms: [{ name: 'compression.gzip.level' }], doc: '' },
  'compression.lz4.level': { type: 'INT', default: '9', validator: between(1, 17), synonyms: [{ name: 'compression.lz4.level' }], doc: '' },
  'compression.type': { type: 'STRING', default: 'producer', validator: oneOf('uncompressed', 'zstd', 'lz4', 'snappy', 'gzip', 'producer'), synonyms: [{ name: 'compression.type' }], doc: '' },
  'compression.zstd.level': { type: 'INT', default: '3', validator: between(-131072, 22), synonyms: [{ name: 'compression.zstd.level' }], doc: '' },
  'delete.retention.ms': { type: 'LONG', default: '86400000', validator: atLeast(0), synonyms: [{ name: 'log.cleaner.delete.retention.ms' }], doc: '' },
  'file.delete.delay.ms': { type: 'LONG', default: '60000', validator: atLeast(0), synonyms: [{ name: 'log.segment.delete.delay.ms' }], doc: '' },
  'flush.messages': { type: 'LONG', default: '9223372036854775807', validator: atLeast(1), synonyms: [{ name: 'log.flush.interval.messages' }], doc: '' },
  'flush.ms': { type: 'LONG', default: '9223372036854775807', validator: atLeast(0), synonyms: [{ name: 'log.flush.interval.ms' }, { name: 'log.flush.scheduler.interval.ms' }], doc: '' },
  'follower.replication.throttled.replicas': { type: 'LIST', default: '', effect: 'none', doc: '' },
  'index.interval.bytes': { type: 'INT', default: '4096', validator: atLeast(0), synonyms: [{ name: 'log.index.interval.bytes' }], doc: '' },
  'leader.replication.throttled.replicas': { type: 'LIST', default: '', effect: 'none', doc: '' },
  'local.retention.bytes': { type: 'LONG', default: '-2', validator: atLeast(-2), synonyms: [{ name: 'log.local.retention.bytes' }], effect: 'none', doc: '' },
  'local.retention.ms': { type: 'LONG', default: '-2', validator: atLeast(-2), synonyms: [{ name: 'log.local.retention.ms' }], effect: 'none', doc: '' },
  'max.compaction.lag.ms': { type: 'LONG', default: '9223372036854775807', validator: atLeast(1), synonyms: [{ name: 'log.cleaner.max.compaction.lag.ms' }], doc: '' },
  'max.message.bytes': { type: 'INT', default: '1048588', validator: atLeast(0), synonyms: [{ name: 'message.max.bytes' }], doc: '' },
  'message.timestamp.after.max.ms': { type: 'LONG', default: '3600000', validator: atLeast(0), synonyms: [{ name: 'log.message.timestamp.after.max.ms' }], doc: '' },
  'message.timestamp.before.max.ms': { type: 'LONG', default: '9223372036854775807', validator: atLeast(0), synonyms: [{ name: 'log.message.timestamp.before.max.ms' }], doc: '' },
  'message.timestamp.type': { type: 'STRING', default: 'CreateTime', validator: oneOf('CreateTime', 'LogAppendTime'), synonyms: [{ name: 'log.message.timestamp.type' }], doc: '' },
  'min.cleanable.dirty.ratio': { type: 'DOUBLE', default: '0.5', validator: between(0, 1), synonyms: [{ name: 'log.cleaner.min.cleanable.ratio' }], doc: '' },
  'min.compaction.lag.ms': { type: 'LONG', default: '0', validator: atLeast(0), synonyms: [{ name: 'log.cleaner.min.compaction.lag.ms' }], doc: '' },
  'min.insync.replicas': { type: 'INT', default: '1', validator: atLeast(1), synonyms: [{ name: 'min.insync.replicas' }], doc: '' },
  preallocate: { type: 'BOOLEAN', default: 'false', synonyms: [{ name: 'log.preallocate' }], doc: '' },
  'remote.log.copy.disable': { type: 'BOOLEAN', default: 'false', effect: 'none', doc: '' },
  'remote.log.delete.on.disable': { type: 'BOOLEAN', default: 'false', effect: 'none', doc: '' },
  'remote.storage.enable': { type: 'BOOLEAN', default: 'false', effect: 'none', doc: '' },
  'retention.bytes': { type: 'LONG', default: '-1', synonyms: [{ name: 'log.retention.bytes' }], doc: '' },
  'retention.ms': { type: 'LONG', default: '604800000', validator: atLeast(-1), synonyms: [{ name: 'log.retention.ms' }, { name: 'log.retention.minutes', factor: MINUTE_MS }, { name: 'log.retention.hours', factor: HOUR_MS }], doc: '' },
  'segment.bytes': { type: 'INT', default: '1073741824', validator: atLeast(1024 * 1024), synonyms: [{ name: 'log.segment.bytes' }], doc: '' },
  'segment.index.bytes': { type: 'INT', default: '10485760', validator: atLeast(4), synonyms: [{ name: 'log.index.size.max.bytes' }], doc: '' },
  'segment.jitter.ms': { type: 'LONG', default: '0', validator: atLeast(0), synonyms: [{ name: 'log.roll.jitter.ms' }, { name: 'log.roll.jitter.hours', factor: HOUR_MS }], doc: '' },
  'segment.ms': { type: 'LONG', default: '604800000', validator: atLeast(1), synonyms: [{ name: 'log.roll.ms' }, { name: 'log.roll.hours', factor: HOUR_MS }], doc: '' },
  'unclean.leader.election.enable': { type: 'BOOLEAN', default: 'false', synonyms: [{ name: 'unclean.leader.election.enable' }], effect: 'none', doc: '' },
});
