// A client of a classic group, as clients are: it joins, syncs sooner or later, sends heartbeats, leaves, crashes and comes
// back, perhaps as a static member. What it does next is decided by the injected random and time; an answer only changes
// what it knows, and it acts on that when it is its turn. What leaders give is written down, so that what each member is
// told can be held against it.

import assert from 'node:assert/strict';
import type { JoinAnswer, SyncAnswer } from '../../src/broker/groups/classic/decision.ts';
import { type ErrorName, errorOf } from '../../src/protocol/errors.ts';
import type { Random } from '../fuzz/random.ts';
import type { GroupWorld } from '../transcripts/groups/group-world.ts';

export const GROUP = 'g';
export const REBALANCE_TIMEOUT_MS = 20_000;
const SESSION_TIMEOUT_MS = 10_000;
const HEARTBEAT_MS = 3_000;
/** Some syncs, most of them leaders', may be this late: later than the group waits for them. */
const SLOW_SYNC_MS_MAX = 60_000;

/** Generation to member id to what the leader gave. */
export type Given = Map<number, ReadonlyMap<string, string>>;

export interface ClientOptions {
  readonly name: string;
  readonly isStatic: boolean;
  readonly world: GroupWorld;
  readonly random: Random;
  readonly given: Given;
}

type Phase = 'out' | 'must-join' | 'joining' | 'must-sync' | 'syncing' | 'stable';

export class ClassicClient {
  readonly name: string;
  phase: Phase = 'out';
  memberId = '';
  generation = -1;
  /** What it was told last. */
  assignment = '';
  /** Since when its JoinGroup or SyncGroup waits. */
  waitingSinceMs: number | null = null;
  /** The members of its generation, if it leads it. */
  led: readonly string[] | null = null;
  readonly #options: ClientOptions;
  #nextMs = 0;
  #nextBeatMs = 0;
  /** Answers to a process that has crashed reach nobody. */
  #incarnation = 0;

  constructor(options: ClientOptions) {
    this.name = options.name;
    this.#options = options;
  }

  start(): void {
    if (this.phase === 'out') this.phase = 'must-join';
  }

  crash(): void {
    this.#incarnation += 1;
    this.#forget('out');
  }

  leave(): void {
    const leaving = [{ memberId: this.memberId, groupInstanceId: this.#instanceId }];
    if (this.memberId !== '') this.#options.world.coordinator.classic.leave(GROUP, leaving);
    this.crash();
  }

  act(nowMs: number): void {
    const isMember = this.phase === 'must-sync' || this.phase === 'stable';
    if (isMember && nowMs >= this.#nextBeatMs) this.#beat(nowMs);
    if (nowMs < this.#nextMs) return;
    if (this.phase === 'must-join') this.#join(nowMs);
    else if (this.phase === 'must-sync') this.#sync(nowMs);
  }

  get #instanceId(): string | null {
    return this.#options.isStatic ? this.name : null;
  }

  #forget(phase: Phase): void {
    this.phase = phase;
    this.memberId = '';
    this.generation = -1;
    this.waitingSinceMs = null;
    this.led = null;
    this.#nextMs = 0;
  }

  #join(nowMs: number): void {
    const { world, random } = this.#options;
    const incarnation = this.#incarnation;
    this.phase = 'joining';
    this.led = null;
    this.waitingSinceMs = nowMs;
    const metadata = Buffer.from(random.oneIn(20) ? `as of ${nowMs}` : 'topics');
    const request = {
      groupId: GROUP,
      memberId: this.memberId,
      groupInstanceId: this.#instanceId,
      sessionTimeoutMs: SESSION_TIMEOUT_MS,
      rebalanceTimeoutMs: REBALANCE_TIMEOUT_MS,
      protocolType: 'consumer',
      protocols: [{ name: 'range', metadata }],
      reason: null,
    };
    const client = { clientId: this.name, clientHost: '/127.0.0.1' };
    world.coordinator.classic.join({ request, apiVersion: 9, ...client }).whenComplete(answer => {
      if (incarnation === this.#incarnation) this.#joined(answer, nowMs);
    });
  }

  #joined(answer: JoinAnswer, nowMs: number): void {
    const { random } = this.#options;
    this.waitingSinceMs = null;
    if (answer.errorCode !== 0) {
      this.phase = 'must-join';
      if (errorOf(answer.errorCode).name === 'MEMBER_ID_REQUIRED') this.memberId = answer.memberId;
      else this.#refused(errorOf(answer.errorCode).name);
      return;
    }
    this.memberId = answer.memberId;
    this.generation = answer.generationId ?? -1;
    const members = answer.members ?? [];
    if (answer.leader === this.memberId) this.led = members.map(({ memberId }) => memberId);
    this.phase = 'must-sync';
    // A static leader that came back is told that the assignment stands.
    if (answer.skipAssignment === true) this.led = null;
    this.#nextBeatMs = nowMs + HEARTBEAT_MS;
    const isSlow = random.oneIn(this.led === null ? 50 : 3);
    this.#nextMs = nowMs + (isSlow ? random.below(SLOW_SYNC_MS_MAX) : random.below(500));
  }

  #sync(nowMs: number): void {
    const { world, random, given } = this.#options;
    const { generation, memberId } = this;
    const incarnation = this.#incarnation;
    this.phase = 'syncing';
    this.waitingSinceMs = nowMs;
    // Now and then a leader forgets somebody, who then gets nothing.
    const toMembers = (this.led ?? []).filter(() => !random.oneIn(50));
    const gives = new Map(toMembers.map(id => [id, `${generation} of ${id} at ${nowMs}`]));
    const wasStable = world.coordinator.stateOf(0)?.groups.get(GROUP)?.state === 'Stable';
    const answer = world.coordinator.classic.sync({
      request: {
        groupId: GROUP,
        generationId: generation,
        memberId,
        groupInstanceId: this.#instanceId,
        protocolType: 'consumer',
        protocolName: 'range',
        assignments: [...gives].map(([id, text]) => ({ memberId: id, assignment: Buffer.from(text) })),
      },
    });
    const group = world.coordinator.stateOf(0)?.groups.get(GROUP);
    const isTaken = group?.state === 'Stable' && !wasStable && group.generationId === generation;
    if (isTaken) {
      assert(this.led !== null, `${this.name} does not lead, but its assignment was taken`);
      assert(!given.has(generation), `generation ${generation} was assigned twice`);
      given.set(generation, gives);
    }
    answer.whenComplete(synced => {
      if (incarnation === this.#incarnation) this.#synced(synced);
    });
  }

  #synced(answer: SyncAnswer): void {
    this.waitingSinceMs = null;
    if (answer.errorCode !== 0) {
      this.#refused(errorOf(answer.errorCode).name);
      return;
    }
    this.assignment = Buffer.from(answer.assignment).toString();
    this.phase = 'stable';
  }

  #beat(nowMs: number): void {
    const { world } = this.#options;
    this.#nextBeatMs = nowMs + HEARTBEAT_MS;
    const heartbeat = { groupId: GROUP, generationId: this.generation, memberId: this.memberId };
    world.coordinator.classic
      .heartbeat({ ...heartbeat, groupInstanceId: this.#instanceId })
      .whenComplete(code => {
        if (code !== 0) this.#refused(errorOf(code).name);
      });
  }

  #refused(error: ErrorName): void {
    if (error === 'REBALANCE_IN_PROGRESS' || error === 'ILLEGAL_GENERATION') {
      this.phase = 'must-join';
      this.#nextMs = 0;
    } else {
      assert(error === 'UNKNOWN_MEMBER_ID' || error === 'FENCED_INSTANCE_ID', `${this.name}: ${error}`);
      this.#forget('must-join');
    }
  }
}
