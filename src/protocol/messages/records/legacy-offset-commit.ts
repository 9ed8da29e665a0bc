// __consumer_offsets: a committed offset as very old brokers wrote it (key type 0). Read, never written.

import { int32, int64, logRecord, offset, string } from '../../schema/field.ts';

export const LegacyOffsetCommitKey = logRecord({
  type: 0,
  name: 'LegacyOffsetCommitKey',
  versions: '0',
  flexible: 'none',
  fields: {
    group: string,
    topic: string,
    partition: int32,
  },
});

export const LegacyOffsetCommitValue = logRecord({
  type: 0,
  name: 'LegacyOffsetCommitValue',
  versions: '0',
  flexible: 'none',
  fields: {
    offset: offset,
    metadata: string,
    commitTimestamp: int64,
  },
});
