// The share coordinator over logs in memory: what it keeps is what its records say, and no answer is ahead of the disk.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MemoryLog } from '../../../test/support/memory-log.ts';
import { fc } from '../../../test/support/properties.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import { ManualTime } from '../runtime/clock.ts';
import { ShareCoordinator } from './share-coordinator.ts';
import type { StateOutcome } from './state-decisions.ts';

const TOPIC_ID = 'vPsMVAE2Rl2Q8WeYoJ9EJg';
const PARTITIONS = [0, 1, 2];
/** Few, so that snapshots come between the updates. */
const UPDATES_PER_SNAPSHOT = 3;

function open(logs = [new MemoryLog('__share_group_state', 0), new MemoryLog('__share_group_state', 1)]) {
  const time = new ManualTime(1000);
  const coordinator = new ShareCoordinator({
    partitionCount: () => (logs.length === 0 ? undefined : logs.length),
    log: partition => logs[partition]?.asPartitionLog(),
    leaderEpoch: () => 0,
    batchBytesMax: () => 1_048_576,
    updatesPerSnapshot: () => UPDATES_PER_SNAPSHOT,
    partitionExists: ({ partition }) => PARTITIONS.includes(partition),
    clock: time,
    timers: time,
    report: message => assert.fail(message),
  });
  coordinator.start();
  return { coordinator, logs, time };
}

const keyOf = (partition: number) => ({ groupId: 'sharers', topicId: TOPIC_ID, partition });

function settled(answer: ReturnType<ShareCoordinator['read']>): StateOutcome {
  let outcome: StateOutcome | undefined;
  answer.whenComplete(value => {
    outcome = value;
  });
  assert.ok(outcome !== undefined, 'the answer is there');
  return outcome;
}

const stateOf = (coordinator: ShareCoordinator) =>
  PARTITIONS.map(partition => settled(coordinator.readSummary(keyOf(partition))));

const partition = fc.constantFrom(...PARTITIONS);
const epoch = fc.integer({ min: -1, max: 3 });
const stateBatches = fc.array(
  fc
    .record({
      firstOffset: fc.integer({ min: 0, max: 20 }),
      length: fc.integer({ min: 1, max: 5 }),
      deliveryState: fc.constantFrom(0, 2, 4),
      deliveryCount: fc.integer({ min: 1, max: 5 }),
    })
    .map(({ length, ...batch }) => ({ ...batch, lastOffset: batch.firstOffset + length - 1 })),
  { maxLength: 3 },
);
type Command = (coordinator: ShareCoordinator) => StateOutcome;
const command: fc.Arbitrary<Command> = fc.oneof(
  fc.record({ partition, stateEpoch: fc.nat({ max: 3 }), startOffset: fc.integer({ min: -1, max: 9 }) }).map(
    ({ partition: at, ...more }): Command =>
      coordinator =>
        settled(coordinator.initialize({ ...more, key: keyOf(at) })),
  ),
  fc
    .record({
      partition,
      stateEpoch: epoch,
      leaderEpoch: epoch,
      startOffset: fc.integer({ min: -1, max: 12 }),
      deliveryCompleteCount: fc.nat({ max: 9 }),
      stateBatches,
    })
    .map(
      ({ partition: at, ...more }): Command =>
        coordinator =>
          settled(coordinator.write({ ...more, key: keyOf(at) })),
    ),
  fc.record({ partition, leaderEpoch: epoch }).map(
    ({ partition: at, leaderEpoch }): Command =>
      coordinator =>
        settled(coordinator.read({ key: keyOf(at), leaderEpoch })),
  ),
  partition.map(
    (at): Command =>
      coordinator =>
        settled(coordinator.delete(keyOf(at))),
  ),
);

describe('ShareCoordinator', () => {
  it('is what its records say, after any commands', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 40 }), commands => {
        const { coordinator, logs } = open();
        for (const run of commands) run(coordinator);
        assert.deepEqual(stateOf(open(logs).coordinator), stateOf(coordinator));
      }),
    );
  });

  it('tells nobody what is not on the disk', () => {
    const { coordinator, logs } = open();
    for (const log of logs) log.holdSync();
    const answer = coordinator.initialize({ key: keyOf(0), stateEpoch: 0, startOffset: 4 });
    const read = coordinator.readSummary(keyOf(0));
    assert.equal(answer.isSettled, false);
    assert.equal(read.isSettled, false);
    for (const log of logs) log.releaseSync();
    assert.equal(settled(answer).errorCode, 0);
    assert.equal(settled(read).state?.startOffset, 4);
  });

  it('forgets the topics that are gone', () => {
    const { coordinator, logs } = open();
    for (const at of PARTITIONS)
      settled(coordinator.initialize({ key: keyOf(at), stateEpoch: 0, startOffset: 4 }));
    coordinator.topicsDeleted(new Set([TOPIC_ID]));
    for (const each of [coordinator, open(logs).coordinator]) {
      assert.deepEqual(
        stateOf(each).map(({ state }) => state),
        [undefined, undefined, undefined],
      );
    }
  });

  it('gives up the records that snapshots say again, and keeps the state', () => {
    const { coordinator, logs, time } = open([new MemoryLog('__share_group_state', 0)]);
    const write = (at: number, startOffset: number) =>
      settled(
        coordinator.write({
          key: keyOf(at),
          stateEpoch: 0,
          leaderEpoch: 0,
          startOffset,
          deliveryCompleteCount: 0,
          stateBatches: [],
        }),
      );
    for (const at of PARTITIONS)
      settled(coordinator.initialize({ key: keyOf(at), stateEpoch: 0, startOffset: 0 }));
    for (let startOffset = 1; startOffset <= 5; startOffset++) write(0, startOffset);
    const before = stateOf(coordinator);
    const [log] = logs;
    const end = log!.logEndOffset;
    time.advance(300_000);
    assert.equal(log!.logStartOffset, end, 'what is older than the new snapshots is gone');
    assert.equal(log!.logEndOffset, end + PARTITIONS.length);
    assert.deepEqual(
      stateOf(coordinator).map(({ state }) => state?.startOffset),
      before.map(({ state }) => state?.startOffset),
    );
    assert.deepEqual(stateOf(open(logs).coordinator), stateOf(coordinator));
    time.advance(300_000);
    assert.equal(log!.logEndOffset, end + PARTITIONS.length, 'nothing moved, nothing is written');
  });

  it('is not there without its topic', () => {
    const { coordinator } = open([]);
    const { errorCode, errorMessage } = settled(coordinator.readSummary(keyOf(0)));
    assert.equal(errorCode, ErrorCode.NOT_COORDINATOR);
    assert.match(errorMessage ?? '', /^Unable to read share group state summary: /);
  });
});
