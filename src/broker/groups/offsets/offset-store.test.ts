// Offsets that were committed inside transactions: they count from the marker on, or never, and the later record wins.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ZERO_UUID } from '../../../protocol/wire/reader.ts';
import type { RecordPosition } from '../../runtime/record-codec.ts';
import { offsetCommitRecord, offsetTombstone } from '../group-records.ts';
import { GroupShardState } from '../group-shard-state.ts';
import { fetchOffsets } from './offset-fetch.ts';

const KEY = { groupId: 'g', topic: 'orders', partition: 0 };
const PRODUCER_ID = 7n;
const CONTROL_ABORT = { type: 0, value: null };
const CONTROL_COMMIT = { type: 1, value: null };

function at(offset: number, isTransactional: boolean): RecordPosition {
  const producerId = isTransactional ? PRODUCER_ID : -1n;
  return { offset, timestampMs: 0, producerId, producerEpoch: 0, isTransactional };
}

function commit(offset: number) {
  const committed = {
    offset,
    leaderEpoch: -1,
    metadata: '',
    commitTimestampMs: 0,
    expireTimestampMs: -1,
    topicId: ZERO_UUID,
  };
  return offsetCommitRecord(KEY, committed);
}

function fetched(state: GroupShardState, requireStable: boolean) {
  const topics = [{ name: KEY.topic, topicId: ZERO_UUID, partitionIndexes: [KEY.partition] }];
  const [topic] = fetchOffsets(state.offsets, { groupId: KEY.groupId, topics, requireStable });
  const { committedOffset, errorCode } = topic!.partitions[0]!;
  return { committedOffset, errorCode };
}

describe('offsets in transactions', () => {
  it('are unstable until the marker, then count', () => {
    const state = new GroupShardState();
    state.replay(commit(5), at(0, false));
    state.replay(commit(9), at(1, true));
    assert.deepEqual(fetched(state, false), { committedOffset: 5, errorCode: 0 });
    assert.deepEqual(fetched(state, true), { committedOffset: -1, errorCode: 88 });
    state.replayControl(CONTROL_COMMIT, at(2, true));
    assert.deepEqual(fetched(state, true), { committedOffset: 9, errorCode: 0 });
  });

  it('never count when the transaction is aborted', () => {
    const state = new GroupShardState();
    state.replay(commit(9), at(0, true));
    state.replayControl(CONTROL_ABORT, at(1, true));
    assert.deepEqual(fetched(state, true), { committedOffset: -1, errorCode: 0 });
  });

  it('lose to a plain commit that stands behind them in the log', () => {
    const state = new GroupShardState();
    state.replay(commit(9), at(0, true));
    state.replay(commit(12), at(1, false));
    state.replayControl(CONTROL_COMMIT, at(2, true));
    assert.deepEqual(fetched(state, true), { committedOffset: 12, errorCode: 0 });
  });

  it('go with a tombstone', () => {
    const state = new GroupShardState();
    state.replay(commit(9), at(0, true));
    state.replay(offsetTombstone(KEY), at(1, false));
    state.replayControl(CONTROL_COMMIT, at(2, true));
    assert.deepEqual(fetched(state, true), { committedOffset: -1, errorCode: 0 });
  });
});
