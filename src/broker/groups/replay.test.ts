// The rule of event sourcing, for groups: after any run of requests and timeouts, the state is what the records they
// produced replay to. A rebalance under way is not in the log on purpose; there the last assigned generation is.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fc } from '../../../test/support/properties.ts';
import { commands, Words } from '../../../test/transcripts/groups/group-commands.ts';
import { GroupWorld } from '../../../test/transcripts/groups/group-world.ts';
import { assertReplayed } from '../../../test/transcripts/groups/replayed-group.ts';
import type { GroupShardState } from './group-shard-state.ts';

const GROUPS = ['g', 'h'];
const CLIENTS = ['A', 'B', 'C', 'D'];

const client = fc.constantFrom(...CLIENTS);
const group = fc.constantFrom(...GROUPS).map(name => `group=${name}`);
const command = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.tuple(client, group).map(([name, of]) => `join ${name} ${of} rebalance=20s session=10s`),
  },
  { weight: 1, arbitrary: fc.tuple(client, group).map(([name, of]) => `join ${name} ${of} member=none`) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(client, group, fc.constantFrom('range:a', 'range:b', 'sticky:a', 'range:a,sticky:a'))
      .map(([name, of, protocols]) => `join ${name} ${of} protocols=${protocols}`),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(client, group, fc.constantFrom('blue', 'green'))
      .map(([name, of, instance]) => `join ${name} ${of} member=none instance=${instance}`),
  },
  {
    weight: 6,
    arbitrary: fc
      .tuple(client, group)
      .map(
        ([name, of]) =>
          `sync ${name} ${of} assign=${CLIENTS.map(other => `${other}:${other}${name}`).join(',')}`,
      ),
  },
  { weight: 3, arbitrary: fc.tuple(client, group).map(([name, of]) => `heartbeat ${name} ${of}`) },
  { weight: 2, arbitrary: fc.tuple(client, group).map(([name, of]) => `leave ${name} ${of}`) },
  {
    weight: 3,
    arbitrary: fc
      .tuple(client, group, fc.nat(9))
      .map(([name, of, offset]) => `commit ${name} ${of} offsets=orders-${offset % 3}:${offset}`),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(group, fc.nat(9)).map(([of, offset]) => `commit ${of} offsets=orders-0:${offset}`),
  },
  { weight: 1, arbitrary: group.map(of => `delete-group ${of}`) },
  { weight: 1, arbitrary: fc.constant('delete-topic orders') },
  { weight: 3, arbitrary: fc.constantFrom('advance 1s', 'advance 5s', 'advance 11s', 'advance 21s') },
  { weight: 1, arbitrary: fc.constantFrom('advance 15m', 'advance 2h') },
);

describe('replay', () => {
  it('gives the state that the requests gave', () => {
    fc.assert(
      fc.property(fc.array(command, { minLength: 5, maxLength: 60 }), lines => {
        const world = new GroupWorld();
        world.configure({ offsetsRetentionMs: 3_600_000 });
        world.coordinator.start();
        for (const line of lines) {
          const [name, ...words] = line.split(' ');
          commands.get(name!)!(world, new Words(words));
        }
        const live = world.coordinator.stateOf(0);
        const replayed = world.replayed();
        if (live === undefined) return;
        assert.deepEqual([...replayed.groups.keys()].sort(), [...live.groups.keys()].sort());
        for (const [groupId, running] of live.groups) assertReplayed(running, replayed.groups.get(groupId)!);
        assert.deepEqual(offsetsOf(replayed), offsetsOf(live));
      }),
      { numRuns: 300 },
    );
  });
});

function offsetsOf(state: GroupShardState) {
  return [...state.offsets.entries()]
    .map(([key, committed]) => ({ ...key, ...committed }))
    .sort((a, b) => a.groupId.localeCompare(b.groupId) || a.partition - b.partition);
}
