// The rule of event sourcing, for share groups: after any run of requests, timeouts and failures of the share coordinator,
// the state is what the records they produced replay to. And what is assigned is fair: nobody has what he does not read.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fc } from '../../../../test/support/properties.ts';
import { Words } from '../../../../test/transcripts/groups/group-commands.ts';
import { GroupWorld } from '../../../../test/transcripts/groups/group-world.ts';
import { commands } from '../../../../test/transcripts/share-groups/share-commands.ts';
import type { GroupShardState } from '../group-shard-state.ts';

const client = fc.constantFrom('A', 'B', 'C', 'D');
const topics = fc.constantFrom('orders', 'payments', 'orders,payments', 'orders,nope');
const command = fc.oneof(
  { weight: 5, arbitrary: fc.tuple(client, topics).map(([name, of]) => `join ${name} topics=${of}`) },
  { weight: 8, arbitrary: client.map(name => `beat ${name}`) },
  { weight: 2, arbitrary: fc.tuple(client, topics).map(([name, of]) => `beat ${name} topics=${of}`) },
  { weight: 2, arbitrary: client.map(name => `leave ${name}`) },
  { weight: 3, arbitrary: fc.constantFrom('advance 1s', 'advance 31s', 'advance 46s') },
  { weight: 1, arbitrary: fc.constantFrom('topic orders 2', 'topic payments 3', 'grow orders 4') },
  { weight: 1, arbitrary: fc.constantFrom('drop orders', 'drop payments') },
  { weight: 1, arbitrary: fc.constantFrom('refuse-share-append', 'hold-share-disk', 'release-share-disk') },
  { weight: 1, arbitrary: fc.constantFrom('alter orders-0:5', 'delete-offsets orders', 'delete-group') },
  { weight: 1, arbitrary: fc.constant('restart') },
);

function shareGroupsOf(state: GroupShardState) {
  return [...state.shareGroups.values()].map(group => {
    const { checkedTopicsVersion: _version, ...facts } = group;
    return facts;
  });
}

function assertFair(world: GroupWorld): void {
  for (const group of world.coordinator.stateOf(0)?.shareGroups.values() ?? []) {
    for (const { topicNames, assigned, memberEpoch } of group.members.values()) {
      assert.ok(memberEpoch <= group.groupEpoch);
      for (const [topicId, partitions] of assigned) {
        const topic = world.topics.byId(topicId);
        // A topic that went is given up with the next heartbeat.
        if (topic === undefined) continue;
        assert.ok(partitions.size === 0 || topicNames.includes(topic.name));
      }
    }
  }
}

describe('share groups', () => {
  it('are what their records say, after any commands', () => {
    fc.assert(
      fc.property(fc.array(command, { minLength: 5, maxLength: 60 }), lines => {
        const world = new GroupWorld();
        world.coordinator.start();
        world.topics.create('orders', 2);
        for (const line of lines) {
          const [name, ...words] = line.split(' ');
          const isThere = world.topics.byName(words[0] ?? '') !== undefined;
          if ((name === 'grow' && !isThere) || (name === 'topic' && isThere)) continue;
          commands.get(name!)!(world, new Words(words));
          assertFair(world);
        }
        commands.get('release-share-disk')!(world, new Words([]));
        const live = world.coordinator.stateOf(0);
        if (live !== undefined) assert.deepEqual(shareGroupsOf(world.replayed()), shareGroupsOf(live));
      }),
      { numRuns: 200 },
    );
  });
});
