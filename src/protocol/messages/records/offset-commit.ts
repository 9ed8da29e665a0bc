// __consumer_offsets: a committed offset. A null value: it is gone. Version 4 of the value has the topic id.

import { int32, int64, logRecord, offset, string, uuid } from '../../schema/field.ts';

export const OffsetCommitKey = logRecord({
  type: 1,
  name: 'OffsetCommitKey',
  versions: '0',
  flexible: 'none',
  fields: {
    group: string,
    topic: string,
    partition: int32,
  },
});

export const OffsetCommitValue = logRecord({
  type: 1,
  name: 'OffsetCommitValue',
  versions: '0-4',
  flexible: '4+',
  fields: {
    offset: offset,
    leaderEpoch: int32.since(3).default(-1).ignorable(),
    metadata: string,
    commitTimestamp: int64,
    /** -1: by the broker's retention. */
    expireTimestamp: int64.since(1).until(1).default(-1n).ignorable(),
    topicId: uuid.since(4).tag(0).ignorable(),
  },
});
