// Consumer groups under random members and topics. After every step: no partition is in two members' hands, and the state is
// what its records replay to. Once everybody has come to rest: every partition of a topic that somebody reads has exactly
// one owner, who reads it, and uniform groups are balanced. A member of the simulation does what a client does: it gives
// up what it was told to give up, sometimes late, sometimes never.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fc } from '../../../../test/support/properties.ts';
import { GroupWorld } from '../../../../test/transcripts/groups/group-world.ts';
import type { ConsumerGroup } from './consumer-group.ts';
import type { HeartbeatAnswer, HeartbeatRequest } from './heartbeat.ts';

const TOPICS = ['a', 'ab', 'b'];
const MEMBERS = ['m1', 'm2', 'm3', 'm4', 'm5'];
/** Heartbeats of everybody, until nothing moves: each partition needs two to change hands, and timeouts one more round. */
const ROUNDS_TO_REST = 12;

type Owned = NonNullable<HeartbeatRequest['topicPartitions']>;

interface Member {
  readonly memberId: string;
  epoch: number;
  owned: Owned;
  names: string[];
  regex: string | null;
  instanceId: string | null;
  assignor: string | null;
}

type Step =
  | {
      readonly kind: 'join';
      readonly member: number;
      readonly names: string[];
      readonly regex: string | null;
      readonly isStatic: boolean;
      readonly assignor: string | null;
    }
  | { readonly kind: 'beat' | 'leave' | 'pause' | 'crash'; readonly member: number }
  | { readonly kind: 'subscribe'; readonly member: number; readonly names: string[] }
  | { readonly kind: 'topic'; readonly topic: string; readonly partitions: number }
  | { readonly kind: 'drop'; readonly topic: string }
  | { readonly kind: 'advance'; readonly ms: number };

const member = fc.nat(MEMBERS.length - 1);
const names = fc.subarray(TOPICS, { minLength: 1 });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('join' as const),
      member,
      names,
      regex: fc.constantFrom(null, null, null, 'a.*'),
      isStatic: fc.boolean(),
      assignor: fc.constantFrom(null, 'uniform', 'range'),
    }),
  },
  { weight: 14, arbitrary: fc.record({ kind: fc.constant('beat' as const), member }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constantFrom('leave' as const, 'pause' as const, 'crash' as const),
      member,
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('subscribe' as const), member, names }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('topic' as const),
      topic: fc.constantFrom(...TOPICS),
      partitions: fc.integer({ min: 1, max: 7 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('drop' as const), topic: fc.constantFrom(...TOPICS) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('advance' as const),
      ms: fc.constantFrom(1_000, 11_000, 30_000, 50_000),
    }),
  },
);

class Simulation {
  readonly world = new GroupWorld();
  readonly members = new Map<number, Member>();

  constructor() {
    this.world.coordinator.start();
    for (const topic of TOPICS) this.world.topics.create(topic, 3);
  }

  get group(): ConsumerGroup | undefined {
    return this.world.coordinator.stateOf(0)?.consumerGroups.get('g');
  }

  run(one: Step): void {
    switch (one.kind) {
      case 'topic':
        this.#topic(one.topic, one.partitions);
        break;
      case 'drop':
        this.world.topics.delete(one.topic);
        break;
      case 'advance':
        this.world.advance(one.ms);
        break;
      case 'join':
        this.#join(one);
        break;
      default:
        this.#act(one);
    }
  }

  #topic(name: string, partitions: number): void {
    const known = this.world.topics.byName(name);
    if (known === undefined) this.world.topics.create(name, partitions);
    else if (known.partitionCount < partitions) this.world.topics.grow(name, partitions);
  }

  #join(one: Extract<Step, { kind: 'join' }>): void {
    const { names: subscribed, regex, isStatic, assignor } = one;
    if (this.members.has(one.member)) return;
    this.members.set(one.member, {
      // Somebody else every time, but the static ones' place is the same.
      memberId: `${MEMBERS[one.member]}-${Math.trunc(this.world.coordinator.stateOf(0)?.consumerGroups.get('g')?.groupEpoch ?? 0)}`,
      epoch: 0,
      owned: [],
      names: regex === null ? subscribed : [],
      regex,
      instanceId: isStatic ? `static-${one.member}` : null,
      assignor,
    });
    this.beat(one.member);
  }

  #act(one: Extract<Step, { member: number }>): void {
    const it = this.members.get(one.member);
    if (it === undefined) return;
    if (one.kind === 'beat') this.beat(one.member);
    else if (one.kind === 'subscribe' && it.regex === null) {
      it.names = one.names;
      this.beat(one.member, true);
    } else if (one.kind === 'crash') this.members.delete(one.member);
    else if (one.kind === 'leave' || one.kind === 'pause') {
      const memberEpoch = one.kind === 'pause' && it.instanceId !== null ? -2 : -1;
      this.#send(it, { memberEpoch, topicPartitions: null });
      this.members.delete(one.member);
    }
  }

  beat(index: number, tellsNames = false): void {
    const it = this.members.get(index)!;
    const isJoin = it.epoch === 0;
    const answer = this.#send(it, {
      memberEpoch: it.epoch,
      topicPartitions: isJoin ? [] : it.owned,
      rebalanceTimeoutMs: isJoin ? 20_000 : -1,
      subscribedTopicNames: (isJoin || tellsNames) && it.regex === null ? it.names : null,
      subscribedTopicRegex: isJoin ? it.regex : null,
      serverAssignor: isJoin ? it.assignor : null,
    });
    if (answer.errorCode !== 0) {
      // Fenced, unknown, or the place is taken: everything is given up, and it must join again.
      this.members.delete(index);
      return;
    }
    it.epoch = answer.memberEpoch;
    if (answer.assignment != null)
      it.owned = answer.assignment.topicPartitions.map(topic => ({
        ...topic,
        partitions: [...topic.partitions],
      }));
  }

  #send(it: Member, more: Partial<HeartbeatRequest>): HeartbeatAnswer {
    const request: HeartbeatRequest = {
      groupId: 'g',
      memberId: it.memberId,
      memberEpoch: 0,
      instanceId: it.instanceId,
      rackId: null,
      rebalanceTimeoutMs: -1,
      subscribedTopicNames: null,
      subscribedTopicRegex: null,
      serverAssignor: null,
      topicPartitions: null,
      ...more,
    };
    let response: HeartbeatAnswer | null = null;
    this.world.coordinator.consumer
      .heartbeat({ request, apiVersion: 1, clientId: 'c', clientHost: '/127.0.0.1' })
      .whenComplete(answer => {
        response = answer;
      });
    assert(response !== null, 'memory answers at once');
    return response;
  }

  /** Heartbeats of all who are left, with time for sessions, patterns and static members who do not come back. */
  rest(): void {
    for (let round = 0; round < ROUNDS_TO_REST; round++) {
      this.world.advance(11_000);
      for (const index of [...this.members.keys()]) this.beat(index);
    }
  }
}

/** What clients hold must be theirs alone, too: what each was told last and has not been told to give up. */
function assertNobodyShares(simulation: Simulation): void {
  const owners = new Map<string, string>();
  const { group } = simulation;
  for (const { memberId, assigned, pendingRevocation } of group?.members.values() ?? []) {
    for (const epochs of [assigned, pendingRevocation]) {
      for (const [topicId, partitions] of epochs) {
        for (const partition of partitions.keys()) {
          const key = `${topicId}-${partition}`;
          assert.equal(
            owners.get(key),
            undefined,
            `${key} is in the hands of ${owners.get(key)} and ${memberId}`,
          );
          owners.set(key, memberId);
          assert.equal(group!.ownerOf(topicId, partition), memberId);
        }
      }
    }
  }
}

function assertReplayed(simulation: Simulation): void {
  const { group } = simulation;
  const replayed = simulation.world.replayed().consumerGroups.get('g');
  if (group === undefined) {
    assert.equal(replayed, undefined);
    return;
  }
  assert(replayed !== undefined);
  const inTheLog = (one: ConsumerGroup) => ({
    groupEpoch: one.groupEpoch,
    metadataHash: one.metadataHash,
    assignmentEpoch: one.assignmentEpoch,
    assignmentTimestampMs: one.assignmentTimestampMs,
    members: one.members,
    staticMembers: one.staticMembers,
    resolvedRegexes: one.resolvedRegexes,
    targets: one.targets,
    state: one.state,
  });
  assert.deepEqual(inTheLog(replayed), inTheLog(group));
}

function assertAtRest(simulation: Simulation): void {
  const { group, world } = simulation;
  if (group === undefined || group.members.size === 0) return;
  assert.equal(group.state, 'Stable');
  for (const topic of TOPICS) {
    const view = world.topics.byName(topic);
    const readers = [...group.members.values()].filter(
      one => one.topicNames.includes(topic) || (one.topicRegex !== '' && topic.startsWith('a')),
    );
    if (view === undefined || readers.length === 0) continue;
    for (let partition = 0; partition < view.partitionCount; partition++) {
      const owner = group.ownerOf(view.id, partition);
      assert(
        readers.some(({ memberId }) => memberId === owner),
        `${topic}-${partition} belongs to ${owner}`,
      );
    }
  }
}

describe('consumer groups', () => {
  it('never share a partition, replay to what they are, and come to rest with everything owned', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 5, maxLength: 60 }), steps => {
        const simulation = new Simulation();
        for (const one of steps) {
          simulation.run(one);
          assertNobodyShares(simulation);
        }
        assertReplayed(simulation);
        simulation.rest();
        assertNobodyShares(simulation);
        assertAtRest(simulation);
        assertReplayed(simulation);
      }),
      { numRuns: 300 },
    );
  });
});
