// Streams groups under random members, processes and topics. After every step: no task is active in two processes, no process
// has a task's state twice, and the state is what its records replay to. Once everybody has come to rest: every task of a
// topology that runs is active once. A member of the simulation does what a client does: it gives up what it was told to
// give up, sometimes late, sometimes never.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fc } from '../../../../test/support/properties.ts';
import {
  beatStreams,
  internalTopic,
  NO_TASKS,
  streamsHeartbeat,
  streamsJoin,
  streamsTopology,
} from '../../../../test/support/streams-member.ts';
import { GroupWorld } from '../../../../test/transcripts/groups/group-world.ts';
import type { HeartbeatAnswer, HeartbeatRequest } from './streams-decision.ts';
import type { StreamsGroup } from './streams-group.ts';

/** Source, repartition and changelog topic of two subtopologies. */
const TOPICS = ['in', 'words', 'counts'];
const TOPOLOGY = streamsTopology(
  { sourceTopics: ['in'], repartitionSinkTopics: ['words'] },
  { repartitionSourceTopics: [internalTopic('words')], stateChangelogTopics: [internalTopic('counts')] },
);
const MEMBERS = 5;
/** Heartbeats of everybody, until nothing moves: each task needs some to change hands, and timeouts more rounds. */
const ROUNDS_TO_REST = 16;

type Owned = Pick<HeartbeatRequest, 'activeTasks' | 'standbyTasks' | 'warmupTasks'>;

interface Member {
  readonly memberId: string;
  readonly processId: string;
  epoch: number;
  owned: Owned;
}

type Step =
  | { readonly kind: 'join'; readonly member: number; readonly process: number }
  | { readonly kind: 'beat' | 'leave' | 'crash'; readonly member: number }
  | { readonly kind: 'standbys'; readonly replicas: number }
  | { readonly kind: 'drop'; readonly topic: string }
  | { readonly kind: 'make'; readonly topic: string; readonly partitions: number }
  | { readonly kind: 'advance'; readonly ms: number }
  | { readonly kind: 'restart' };

const member = fc.nat(MEMBERS - 1);
const topic = fc.constantFrom(...TOPICS);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constant('join' as const), member, process: fc.nat(2) }),
  },
  { weight: 16, arbitrary: fc.record({ kind: fc.constant('beat' as const), member }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constantFrom('leave' as const, 'crash' as const), member }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('standbys' as const), replicas: fc.nat(2) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('drop' as const), topic }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('make' as const),
      topic,
      partitions: fc.integer({ min: 2, max: 4 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('advance' as const),
      ms: fc.constantFrom(1_000, 11_000, 30_000, 50_000),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('restart' as const) }) },
);

class Simulation {
  readonly world = new GroupWorld();
  readonly members = new Map<number, Member>();
  #born = 0;

  constructor() {
    this.world.configureStreams({ standbyReplicas: 1 });
    this.world.coordinator.start();
    for (const name of TOPICS) this.world.topics.create(name, 3);
  }

  get group(): StreamsGroup | undefined {
    return this.world.coordinator.stateOf(0)?.streamsGroups.get('g');
  }

  run(one: Step): void {
    switch (one.kind) {
      case 'join':
        if (!this.members.has(one.member)) this.#join(one.member, `p${one.process}`);
        return;
      case 'beat':
        if (this.members.has(one.member)) this.beat(one.member);
        return;
      case 'leave':
      case 'crash':
        this.#end(one.member, one.kind === 'leave');
        return;
      case 'standbys':
        this.world.configureStreams({ standbyReplicas: one.replicas });
        return;
      case 'drop':
        this.world.topics.delete(one.topic);
        return;
      case 'make':
        this.#make(one.topic, one.partitions);
        return;
      case 'advance':
        this.world.advance(one.ms);
        return;
      case 'restart':
        this.world.restart();
    }
  }

  #make(name: string, partitions: number): void {
    if (this.world.topics.byName(name) === undefined) this.world.topics.create(name, partitions);
  }

  #join(index: number, processId: string): void {
    this.#born += 1;
    const memberId = `m${index}-${this.#born}`;
    this.members.set(index, { memberId, processId, epoch: 0, owned: NO_TASKS });
    this.beat(index);
  }

  #end(index: number, says: boolean): void {
    const it = this.members.get(index);
    if (it === undefined) return;
    this.members.delete(index);
    if (says) beatStreams(this.world, streamsHeartbeat({ memberId: it.memberId, memberEpoch: -1 }));
  }

  beat(index: number): void {
    const it = this.members.get(index)!;
    const { memberId, processId } = it;
    const answer = beatStreams(
      this.world,
      it.epoch === 0
        ? streamsJoin(TOPOLOGY, { memberId, processId })
        : streamsHeartbeat({ memberId, memberEpoch: it.epoch, ...it.owned }),
    );
    if (answer.errorCode === 0) told(it, answer);
    // Fenced or unknown: everything is given up, and it must join again.
    else this.members.delete(index);
  }

  /** Heartbeats of all who are left, over topics that fit, with time for the sessions of those who are gone. */
  rest(): void {
    for (const name of TOPICS) this.world.topics.delete(name);
    for (const name of TOPICS) this.world.topics.create(name, 3);
    for (let round = 0; round < ROUNDS_TO_REST; round++) {
      this.world.advance(11_000);
      for (const index of [...this.members.keys()]) this.beat(index);
    }
  }
}

function told(it: Member, { memberEpoch, activeTasks, standbyTasks, warmupTasks }: HeartbeatAnswer): void {
  it.epoch = memberEpoch;
  if (activeTasks == null || standbyTasks == null || warmupTasks == null) return;
  const copy = (tasks: NonNullable<HeartbeatAnswer['activeTasks']>) =>
    tasks.map(task => ({ ...task, partitions: [...task.partitions] }));
  it.owned = {
    activeTasks: copy(activeTasks),
    standbyTasks: copy(standbyTasks),
    warmupTasks: copy(warmupTasks),
  };
}

function assertNobodyShares({ group }: Simulation): void {
  const active = new Set<string>();
  const held = new Set<string>();
  for (const { processId, assigned, pendingRevocation } of group?.members.values() ?? []) {
    for (const { active: actives, standby } of [assigned, pendingRevocation]) {
      for (const [id, partitions] of actives) {
        for (const partition of partitions.keys()) {
          const key = `${id}_${partition}`;
          assert(!active.has(key), `${key} is active once`);
          assert(!held.has(`${key} ${processId}`), `${key} is in ${processId} once`);
          active.add(key);
          held.add(`${key} ${processId}`);
        }
      }
      for (const [id, partitions] of standby) {
        for (const partition of partitions) {
          const key = `${id}_${partition} ${processId}`;
          assert(!held.has(key), `${key} once`);
          held.add(key);
        }
      }
    }
  }
}

function assertReplayed({ group, world }: Simulation): void {
  const replayed = world.replayed().streamsGroups.get('g');
  if (group === undefined) {
    assert.equal(replayed, undefined);
    return;
  }
  assert(replayed !== undefined);
  const inTheLog = (one: StreamsGroup) => ({
    groupEpoch: one.groupEpoch,
    metadataHash: one.metadataHash,
    validatedTopologyEpoch: one.validatedTopologyEpoch,
    assignmentConfigs: one.assignmentConfigs,
    assignmentEpoch: one.assignmentEpoch,
    assignmentTimestampMs: one.assignmentTimestampMs,
    topology: one.topology,
    members: one.members,
    targets: one.targets,
    state: one.state,
  });
  assert.deepEqual(inTheLog(replayed), inTheLog(group));
}

function assertAtRest({ group }: Simulation): void {
  if (group === undefined || group.members.size === 0) return;
  assert.equal(group.state, 'Stable');
  for (const id of ['0', '1']) {
    for (const partition of [0, 1, 2])
      assert(group.processes.activeOf(id, partition) !== undefined, `${id}_${partition} is active`);
  }
}

describe('streams groups', () => {
  it('never share a task, replay to what they are, and come to rest with every task active', () => {
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
