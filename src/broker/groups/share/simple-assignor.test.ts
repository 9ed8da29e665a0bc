// The simple assignor under any members and topics: every partition that can be assigned is, as evenly as its rule says, and
// what a member has it keeps where nothing changed.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fc } from '../../../../test/support/properties.ts';
import { type GroupAssignment, isSameAssignment, NO_PARTITIONS } from '../assignors/assignor.ts';
import { assignSimply } from './simple-assignor.ts';

const COUNTS: ReadonlyMap<string, number> = new Map([
  ['orders', 3],
  ['payments', 1],
  ['big', 10],
]);

function assign(
  subscriptions: readonly (readonly string[])[],
  before: GroupAssignment = new Map(),
): GroupAssignment {
  const members = subscriptions.map((topicIds, index) => {
    const memberId = `member-${index}`;
    const assigned = before.get(memberId) ?? NO_PARTITIONS;
    return [memberId, { instanceId: null, topicIds: new Set(topicIds), assigned }] as const;
  });
  const [first] = subscriptions;
  return assignSimply({
    members: new Map(members),
    isHomogeneous: subscriptions.every(
      each => each.length === first!.length && each.every(id => first!.includes(id)),
    ),
    partitionCount: topicId => COUNTS.get(topicId)!,
    isAssignable: (topicId, partition) => topicId !== 'big' || partition !== 9,
  });
}

const subscription = fc.subarray([...COUNTS.keys()], { minLength: 1 });
const subscriptions = fc.array(subscription, { minLength: 1, maxLength: 12 });

function holdersOf(assignment: GroupAssignment, topicId: string, partition: number): number {
  return [...assignment.values()].filter(topics => topics.get(topicId)?.has(partition)).length;
}

describe('simple assignor', () => {
  it('gives every assignable partition to somebody who reads it, and nobody anything else', () => {
    fc.assert(
      fc.property(subscriptions, members => {
        const assignment = assign(members);
        for (const [topicId, count] of COUNTS) {
          const readers = members.filter(topics => topics.includes(topicId)).length;
          for (let partition = 0; partition < count; partition++) {
            const isAssignable = topicId !== 'big' || partition !== 9;
            const holders = holdersOf(assignment, topicId, partition);
            assert.equal(holders > 0, readers > 0 && isAssignable);
            assert.ok(holders <= readers);
          }
        }
      }),
    );
  });

  it('gives each of many equal members something, and none more than its share', () => {
    fc.assert(
      fc.property(subscription, fc.integer({ min: 1, max: 30 }), (topics, count) => {
        const partitions = topics.reduce((sum, id) => sum + COUNTS.get(id)! - (id === 'big' ? 1 : 0), 0);
        const sharing = Math.ceil(count / partitions);
        const assignment = assign(Array.from({ length: count }, () => topics));
        for (const ofMember of assignment.values()) {
          const has = [...ofMember.values()].reduce((sum, { size }) => sum + size, 0);
          assert.ok(has <= Math.ceil((sharing * partitions) / count));
          assert.ok(has >= 1 || count > partitions);
        }
      }),
    );
  });

  it('changes nothing where nothing changed', () => {
    fc.assert(
      fc.property(subscription, fc.integer({ min: 1, max: 12 }), (topics, count) => {
        const members = Array.from({ length: count }, () => topics);
        const once = assign(members);
        const again = assign(members, once);
        for (const [memberId, partitions] of once)
          assert.ok(isSameAssignment(again.get(memberId)!, partitions), memberId);
      }),
    );
  });
});
