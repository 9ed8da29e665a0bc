import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ErrorCode } from '../../protocol/errors.ts';
import { ManualTime } from '../runtime/clock.ts';
import type { FetchPartition, PartitionAnswer } from './fetch-partition.ts';
import { type FetchContext, FetchSessions } from './fetch-sessions.ts';

const ZERO_UUID = 'AAAAAAAAAAAAAAAAAAAAAA';

function partition(index: number, fetchOffset = 0): FetchPartition {
  return {
    topic: 'orders',
    topicId: ZERO_UUID,
    partition: index,
    fetchOffset,
    maxBytes: 1_000,
    currentLeaderEpoch: -1,
    lastFetchedEpoch: -1,
  };
}

function found(of: FetchPartition, facts: Partial<PartitionAnswer> = {}): PartitionAnswer {
  return {
    partition: of,
    errorCode: 0,
    highWatermark: 10,
    lastStableOffset: 10,
    logStartOffset: 0,
    divergingEpoch: null,
    abortedTransactions: null,
    records: [],
    sizeInBytes: 0,
    ...facts,
  };
}

function setUp(slots = 2) {
  const time = new ManualTime();
  let lastId = 100;
  const sessions = new FetchSessions({ clock: time, slots, randomId: () => (lastId += 1) });
  const request = (
    sessionId: number,
    sessionEpoch: number,
    partitions: FetchPartition[],
    forgotten: number[] = [],
    usesTopicIds = false,
  ): FetchContext =>
    sessions.open({
      sessionId,
      sessionEpoch,
      usesTopicIds,
      partitions,
      forgotten: forgotten.map(index => ({ topic: 'orders', topicId: ZERO_UUID, partition: index })),
    });
  const create = (count = 2) => {
    const context = request(
      0,
      0,
      Array.from({ length: count }, (_, index) => partition(index)),
    );
    return context.answer(context.partitions.map(of => found(of))).sessionId;
  };
  return { time, sessions, request, create };
}

const indexes = (context: FetchContext) => context.partitions.map(of => of.partition);
const answered = (answers: readonly PartitionAnswer[]) => answers.map(answer => answer.partition.partition);

test('an incremental request reads all partitions and is told only what changed', () => {
  const { request, create } = setUp();
  const id = create(3);
  const second = request(id, 1, []);
  assert.deepEqual(indexes(second), [0, 1, 2]);
  const news = second.answer([
    found(partition(0)),
    found(partition(1), { highWatermark: 11 }),
    found(partition(2), { logStartOffset: 3 }),
  ]);
  assert.deepEqual(
    { ...news, answers: answered(news.answers) },
    { errorCode: 0, sessionId: id, answers: [1, 2] },
  );
  const third = request(id, 2, []);
  const quiet = third.answer([
    found(partition(0)),
    found(partition(1), { highWatermark: 11 }),
    found(partition(2), { logStartOffset: 3 }),
  ]);
  assert.deepEqual(quiet.answers, []);
});

test('a partition that gave data moves to the end', () => {
  const { request, create } = setUp();
  const id = create(3);
  const second = request(id, 1, []);
  second.answer([found(partition(0), { sizeInBytes: 5 }), found(partition(1)), found(partition(2))]);
  assert.deepEqual(indexes(request(id, 2, [])), [1, 2, 0]);
});

test('a partition is told again after its error went away', () => {
  const { request, create } = setUp();
  const id = create(1);
  const failing = request(id, 1, []).answer([
    found(partition(0), { errorCode: ErrorCode.KAFKA_STORAGE_ERROR, highWatermark: -1 }),
  ]);
  assert.deepEqual(answered(failing.answers), [0]);
  assert.deepEqual(answered(request(id, 2, []).answer([found(partition(0))]).answers), [0]);
});

test('partitions are added, changed and forgotten', () => {
  const { request, create } = setUp();
  const id = create(2);
  const changed = request(id, 1, [partition(1, 7), partition(5)], [0]);
  assert.deepEqual(indexes(changed), [1, 5]);
  assert.equal(changed.partitions[0]?.fetchOffset, 7);
  assert.deepEqual(answered(changed.answer([found(partition(1)), found(partition(5))]).answers), [5]);
});

test('a session whose last partition was forgotten is closed', () => {
  const { sessions, request, create } = setUp();
  const id = create(1);
  assert.equal(request(id, 1, [], [0]).answer([]).sessionId, 0);
  assert.equal(sessions.size, 0);
  assert.equal(request(id, 2, []).errorCode, ErrorCode.FETCH_SESSION_ID_NOT_FOUND);
});

test('errors: unknown session 70, wrong epoch 71, ids against names 106', () => {
  const { request, create } = setUp();
  const id = create();
  assert.equal(request(9, 1, []).errorCode, 70);
  assert.equal(request(id, 2, []).errorCode, 71);
  assert.equal(request(id, 1, [], [], true).errorCode, 106);
  assert.equal(request(id, 1, []).errorCode, 0);
});

test('a full request closes the session it names; epoch -1 opens none', () => {
  const { sessions, request, create } = setUp();
  const id = create();
  const final = request(id, -1, [partition(0)]);
  assert.equal(final.answer([found(partition(0))]).sessionId, 0);
  assert.equal(sessions.size, 0);
  const replaced = create();
  const next = request(replaced, 0, [partition(0)]);
  assert.notEqual(next.answer([found(partition(0))]).sessionId, replaced);
  assert.equal(request(replaced, 1, []).errorCode, 70);
});

test('an answer that was overtaken by another request of the session is refused with 71', () => {
  const { request, create } = setUp();
  const id = create();
  const slow = request(id, 1, []);
  request(id, 2, []);
  assert.equal(slow.answer([]).errorCode, 71);
});

test('a full cache: a newcomer displaces the stale and the smaller old, else gets no session', () => {
  const { time, request, create } = setUp(2);
  const first = create(2);
  const second = create(3);
  assert.equal(create(9), 0, 'nobody is old enough');
  time.advance(120_001);
  request(first, 1, []);
  request(second, 1, []);
  assert.equal(create(2), 0, 'not larger than the smallest');
  assert.notEqual(create(3), 0, 'larger than the smallest');
  assert.equal(request(first, 2, []).errorCode, 70);
  time.advance(120_001);
  assert.notEqual(create(1), 0, 'a silent one makes room for any');
  assert.equal(request(second, 2, []).errorCode, 70);
});

test('of a partition named twice the last mention counts', () => {
  const { request } = setUp();
  const context = request(0, 0, [partition(0, 1), partition(1), partition(0, 8)]);
  assert.deepEqual(
    context.partitions.map(of => [of.partition, of.fetchOffset]),
    [
      [0, 8],
      [1, 0],
    ],
  );
});
