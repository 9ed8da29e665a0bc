// One share partition, step by step: who gets what, when it comes back, and what is kept of it.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { batchAt, LOCK_MS, ShareWorld } from '../../../test/support/share-world.ts';
import { batchesOf } from './fetched-batches.ts';
import { AcknowledgeType } from './record-state.ts';
import { SharePartitionState } from './share-partition-state.ts';

const { ACCEPT, GAP, REJECT, RELEASE, RENEW } = AcknowledgeType;
const TEN = [batchAt(0, 2), batchAt(3, 5), batchAt(6, 9)];
const range = (firstOffset: number, lastOffset: number, deliveryCount = 1) => ({
  firstOffset,
  lastOffset,
  deliveryCount,
});

describe('a share partition', () => {
  it('gives records to one member until its lock ends, then to another', () => {
    const world = new ShareWorld(TEN);
    assert.deepEqual(world.fetch({ memberId: 'm1' }), [range(0, 9)]);
    assert.equal(world.fetch({ memberId: 'm2' }), null);
    world.time.advance(LOCK_MS - 1);
    assert.equal(world.fetch({ memberId: 'm2' }), null);
    world.time.advance(1);
    assert.deepEqual(world.fetch({ memberId: 'm2' }), [range(0, 9, 2)]);
    const late = world.acknowledge('m1', range(0, 2), [ACCEPT]);
    assert.equal(late?.error, 'INVALID_RECORD_STATE');
    world.close();
  });

  it('keeps what is acknowledged, and no more', () => {
    const world = new ShareWorld(TEN);
    world.fetch({ memberId: 'm1' });
    assert.equal(world.acknowledge('m1', range(0, 5), [ACCEPT, ACCEPT, ACCEPT, GAP, REJECT, RELEASE]), null);
    assert.equal(world.partition.state?.startOffset, 5);
    world.restart();
    assert.deepEqual(world.fetch({ memberId: 'm2' }), [range(5, 5, 2), range(6, 9)]);
    world.close();
  });

  it('answers an acknowledgement when it is written, and lets nobody have the record before', () => {
    const world = new ShareWorld(TEN);
    world.fetch({ memberId: 'm1' });
    world.acknowledge('m1', range(9, 9), [RELEASE]);
    world.kept.holdSync();
    assert.equal(world.acknowledge('m1', range(0, 2), [RELEASE]), undefined);
    assert.deepEqual(world.fetch({ memberId: 'm2', batchesMax: 9 }), [range(9, 9, 2)]);
    assert.equal(world.fetch({ memberId: 'm2' }), null);
    const twice = world.acknowledge('m1', range(0, 2), [ACCEPT]);
    assert.equal(twice?.error, 'INVALID_RECORD_STATE');
    world.kept.releaseSync();
    assert.deepEqual(world.fetch({ memberId: 'm2' }), [range(0, 2, 2)]);
    world.close();
  });

  it('takes no acknowledgement from a member that does not hold the record', () => {
    const world = new ShareWorld(TEN);
    world.fetch({ memberId: 'm1' });
    assert.equal(
      world.acknowledge('m2', range(0, 9), [ACCEPT])?.message,
      'Member is not the owner of batch record',
    );
    world.acknowledge('m1', range(0, 2), [RELEASE]);
    world.fetch({ memberId: 'm2' });
    assert.equal(
      world.acknowledge('m1', range(0, 2), [ACCEPT])?.message,
      'Member is not the owner of offset',
    );
    assert.equal(world.acknowledge('m2', range(0, 2), [ACCEPT]), null);
    world.close();
  });

  it('does not go on behind what is still being written', () => {
    const { state } = new ShareWorld(TEN).partition;
    assert.ok(state !== null);
    const asked = { deliveryCountLimit: 5, isRenewEnabled: true, lockEndsMs: 99 };
    state.acquire({
      ...asked,
      memberId: 'm1',
      mode: 'batch_optimized',
      batchSize: 1,
      recordsMax: 500,
      fetchOffset: 0,
      batches: TEN,
      aborted: null,
      recordLocksMax: 99,
    });
    const begun = [range(0, 2), range(3, 5)].map(each =>
      state.acknowledge({ ...asked, memberId: 'm1', batches: [{ ...each, acknowledgeTypes: [ACCEPT] }] }, 1),
    );
    const [first, second] = begun.map(changes => ('begun' in changes ? changes : assert.fail(changes.error)));
    state.complete(second!, { isWritten: true, nowMs: 1 });
    assert.equal(state.startOffset, 0);
    state.complete(first!, { isWritten: false, nowMs: 99 });
    assert.equal(state.nextFetchOffset, 0, 'it comes again');
  });

  it('goes through a hole as fast as a member asks for records', () => {
    const state = SharePartitionState.restored({
      startOffset: 0,
      stateBatches: [{ firstOffset: 10, lastOffset: 10, deliveryState: 2, deliveryCount: 1 }],
    })!;
    for (const first of [0, 3, 6]) {
      assert.equal(state.nextFetchOffset, first);
      const { ranges } = state.acquire({
        memberId: 'm1',
        mode: 'batch_optimized',
        batchSize: 500,
        recordsMax: 1,
        fetchOffset: first,
        batches: TEN.filter(({ lastOffset }) => lastOffset >= first),
        aborted: null,
        lockEndsMs: 99,
        deliveryCountLimit: 5,
        recordLocksMax: 99,
      });
      assert.equal(ranges[0]?.firstOffset, first);
    }
  });

  it('takes back what could not be written: the member holds the record as before', () => {
    const world = new ShareWorld(TEN);
    world.fetch({ memberId: 'm1' });
    world.kept.refuseNextAppend('the disk is full');
    assert.equal(world.acknowledge('m1', range(0, 2), [ACCEPT])?.error, 'COORDINATOR_NOT_AVAILABLE');
    assert.equal(world.partition.state?.startOffset, 0);
    assert.equal(world.acknowledge('m1', range(0, 2), [ACCEPT]), null);
    assert.equal(world.partition.state?.startOffset, 3);
    world.close();
  });

  it('gives back what could not be written in time', () => {
    const world = new ShareWorld(TEN);
    world.fetch({ memberId: 'm1' });
    world.kept.holdSync();
    world.acknowledge('m1', range(0, 9), [ACCEPT]);
    world.time.advance(LOCK_MS);
    assert.equal(world.fetch({ memberId: 'm2' }), null, 'it is being written');
    world.kept.failSync('the disk is gone');
    assert.deepEqual(world.partition.nextFetchOffset, 0);
    world.close();
  });

  it('begins nothing of a request that has something wrong in it', () => {
    const world = new ShareWorld(TEN);
    world.fetch({ memberId: 'm1' });
    let error: string | undefined;
    world.partition
      .acknowledge('m1', [
        { ...range(0, 2), acknowledgeTypes: [ACCEPT] },
        { ...range(20, 22), acknowledgeTypes: [ACCEPT] },
      ])
      .whenComplete(outcome => {
        error = outcome?.error;
      });
    assert.equal(error, 'INVALID_REQUEST');
    assert.equal(world.acknowledge('m1', range(0, 2), [REJECT]), null);
    world.close();
  });

  it('renews a lock, unless the group may not', () => {
    const world = new ShareWorld(TEN);
    world.fetch({ memberId: 'm1' });
    world.time.advance(LOCK_MS / 2);
    assert.equal(world.acknowledge('m1', range(0, 4), [RENEW]), null);
    world.time.advance(LOCK_MS / 2);
    assert.deepEqual(world.fetch({ memberId: 'm2' }), [range(5, 9, 2)]);
    world.close();
    const strict = new ShareWorld(TEN, { isRenewEnabled: false });
    strict.fetch({ memberId: 'm1' });
    assert.equal(strict.acknowledge('m1', range(0, 9), [RENEW])?.error, 'INVALID_RECORD_STATE');
    strict.close();
  });

  it('delivers a record as often as the limit allows, the last time alone', () => {
    const world = new ShareWorld([batchAt(0, 3)], { deliveryCountLimit: 3 });
    const deliveries: string[] = [];
    for (let round = 0; round < 12; round++) {
      for (const { firstOffset, lastOffset, deliveryCount } of world.fetch({ memberId: 'm1' }) ?? []) {
        deliveries.push(`${firstOffset}-${lastOffset}:${deliveryCount}`);
        world.acknowledge('m1', range(firstOffset, lastOffset), [RELEASE]);
      }
    }
    assert.deepEqual(deliveries, ['0-3:1', '0-3:2', '0-0:3', '1-1:3', '2-2:3', '3-3:3']);
    assert.equal(world.partition.state?.startOffset, 4);
    world.close();
  });

  it('never has more records under way than the limit, beyond the end of one batch', () => {
    const batches = Array.from({ length: 20 }, (_, index) => batchAt(index * 3, index * 3 + 2));
    const world = new ShareWorld(batches, { partitionRecordLocksMax: 10 });
    assert.deepEqual(world.fetch({ memberId: 'm1', batchesMax: 20 }), [range(0, 11)]);
    assert.equal(world.fetch({ memberId: 'm2' }), null);
    world.acknowledge('m1', range(1, 11), [RELEASE]);
    assert.deepEqual(
      world.fetch({ memberId: 'm2', batchesMax: 20 }),
      [range(1, 11, 2)],
      'these are under way',
    );
    world.close();
  });

  it('counts no delivery that did not arrive', () => {
    const world = new ShareWorld([batchAt(0, 5)]);
    const ranges = world.fetch({ memberId: 'm1' })!;
    world.acknowledge('m1', range(0, 1), [ACCEPT]);
    world.partition.giveBack('m1', ranges);
    for (const entry of world.book.values()) entry.holder = null;
    assert.deepEqual(world.fetch({ memberId: 'm2' }), [range(2, 5)]);
    world.partition.giveBack('m1', ranges);
    assert.equal(world.fetch({ memberId: 'm1' }), null, 'another holds them by now');
    world.close();
  });

  it('gives a member that limits records no more than that', () => {
    const world = new ShareWorld([batchAt(0, 5)]);
    assert.deepEqual(world.fetch({ memberId: 'm1', mode: 'record_limit', recordsMax: 2 }), [range(0, 1)]);
    assert.deepEqual(world.fetch({ memberId: 'm2', mode: 'record_limit', recordsMax: 3 }), [range(2, 4)]);
    assert.deepEqual(world.fetch({ memberId: 'm3', recordsMax: 1 }), [range(5, 5)]);
    world.close();
  });

  it('delivers what nobody acknowledged after a restart, holes included', () => {
    const world = new ShareWorld(TEN);
    world.fetch({ memberId: 'm1' });
    world.acknowledge('m1', range(4, 6), [ACCEPT]);
    world.acknowledge('m1', range(9, 9), [RELEASE]);
    world.restart();
    assert.deepEqual(world.fetch({ memberId: 'm2', batchesMax: 9 }), [
      range(0, 3),
      range(7, 8),
      range(9, 9, 2),
    ]);
    world.close();
  });

  it('lets go of records that the log has no more', () => {
    const world = new ShareWorld(TEN);
    world.fetch({ memberId: 'm1' });
    world.acknowledge('m1', range(0, 1), [RELEASE]);
    Object.assign(world.partition.log, { logStartOffset: 5 });
    world.partition.logStartMoved();
    assert.equal(world.acknowledge('m1', range(2, 4), [ACCEPT]), null, 'too late, and no error');
    assert.equal(world.acknowledge('m1', range(5, 9), [RELEASE]), null);
    assert.deepEqual(world.fetch({ memberId: 'm2' }), [range(5, 9, 2)]);
    world.close();
  });

  it('goes on behind records that are done with, once those before them are no more', () => {
    const world = new ShareWorld([...TEN, batchAt(10, 14)], { partitionRecordLocksMax: 10 });
    world.fetch({ memberId: 'm1', recordsMax: 3 });
    world.fetch({ memberId: 'm2', batchesMax: 2 });
    world.acknowledge('m2', range(3, 9), [ACCEPT]);
    assert.equal(world.fetch({ memberId: 'm2' }), null, 'all locks are taken');
    world.deleteRecordsBefore(3);
    world.partition.logStartMoved();
    world.time.advance(LOCK_MS);
    assert.deepEqual(world.fetch({ memberId: 'm2' }), [range(10, 14)]);
    world.close();
  });

  it('delivers nothing below the start of the log, though its batch is there', () => {
    const world = new ShareWorld([batchAt(0, 0), batchAt(1, 4)]);
    world.fetch({ memberId: 'm1', batchesMax: 1 });
    world.deleteRecordsBefore(3);
    assert.deepEqual(world.fetch({ memberId: 'm2' }), []);
    assert.deepEqual(world.fetch({ memberId: 'm2' }), [range(3, 4)]);
    world.close();
  });

  it('goes on behind transactions that were aborted, though nobody gets anything to acknowledge', () => {
    const world = new ShareWorld([], { partitionRecordLocksMax: 4 });
    const state = SharePartitionState.restored({ startOffset: 0, stateBatches: [] })!;
    const aborted = [{ producerId: 7n, firstOffset: 0 }];
    for (let base = 0; base < 40; base += 4) {
      const { ranges } = state.acquire({
        memberId: 'm1',
        mode: 'batch_optimized',
        batchSize: 500,
        recordsMax: 500,
        fetchOffset: state.nextFetchOffset,
        batches: [batchAt(base, base + 3, { producerId: 7n, isTransactional: true })],
        aborted,
        lockEndsMs: 1,
        deliveryCountLimit: 5,
        recordLocksMax: 4,
      });
      assert.deepEqual(ranges, []);
    }
    assert.equal(state.startOffset, 40);
    world.close();
  });

  it('does not begin on what contradicts itself', () => {
    const stateBatches = [{ firstOffset: 3, lastOffset: 1, deliveryState: 2, deliveryCount: 1 }];
    assert.equal(SharePartitionState.restored({ startOffset: 0, stateBatches }), null);
    assert.equal(SharePartitionState.restored({ startOffset: 9, stateBatches }), null);
  });
});

it('sees nothing in a slice too short for a header', () => {
  assert.deepEqual(batchesOf([Buffer.alloc(30), Buffer.alloc(20)]), []);
});
