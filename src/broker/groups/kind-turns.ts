// Groups of one kind (consumer, share, streams) in one shard at work: decisions go to the log, then their timers are set and
// observers are told of a new state. It decides nothing itself.

import type { EventSink } from '../../events.ts';
import type { KafkaError } from '../../protocol/errors.ts';
import type { Deferred } from '../runtime/deferred.ts';
import type { Shard } from '../runtime/shard.ts';
import type { GroupRecord } from './group-records.ts';
import type { GroupShardState } from './group-shard-state.ts';
import type { GroupTimerChange, GroupTimers } from './group-timers.ts';

export interface KindDecision<Response> {
  readonly records: readonly GroupRecord[];
  readonly response: Response;
  readonly timers: readonly GroupTimerChange[];
  /** Why the group's state changes, if it does: for observers. */
  readonly reason: string;
}

export interface KindTurnsOptions<Context extends { readonly nowMs: number }> {
  readonly shard: Shard<GroupRecord, GroupShardState>;
  readonly timers: GroupTimers;
  readonly context: (groupId: string) => Context;
  readonly events: EventSink;
}

/** A decision on its way to the disk. */
export interface Written<Response> {
  readonly answer: Deferred<Response>;
  /** Whether it has not got there; known once the answer is there. */
  readonly hasFailed: () => boolean;
}

export interface Change<Context, D extends KindDecision<Response>, Response> {
  readonly decide: (state: GroupShardState, context: Context) => D;
  /** The answer when it cannot be done: a refusal that `decide` threw, or the shard's failure. */
  readonly failed: (error: KafkaError) => Response;
  /** The records are replayed; what else the decision asks for. Returns the answer to give. */
  readonly settle?: (decision: D, written: Written<Response>) => Deferred<Response>;
}

export class KindTurns<Context extends { readonly nowMs: number }> {
  readonly #options: KindTurnsOptions<Context>;

  constructor(options: KindTurnsOptions<Context>) {
    this.#options = options;
  }

  change<Response, D extends KindDecision<Response>>(
    groupId: string,
    { decide, failed, settle }: Change<Context, D, Response>,
  ): Deferred<Response> {
    const { shard, timers, context } = this.#options;
    const made: { decision: D | null; failed: boolean } = { decision: null, failed: false };
    const before = this.#stateOf(groupId);
    const answer = shard.write<Response>(
      state => {
        made.decision = decide(state, context(groupId));
        return made.decision;
      },
      error => {
        made.failed = true;
        return failed(error);
      },
    );
    const { decision } = made;
    if (decision === null || made.failed || !shard.isLoaded) return answer;
    timers.apply(groupId, decision.timers);
    const released = settle?.(decision, { answer, hasFailed: () => made.failed }) ?? answer;
    if (decision.records.length > 0) this.#emit(groupId, before, decision.reason);
    return released;
  }

  /** Answers from the state without changing it. */
  read<Response>(
    groupId: string,
    decide: (state: GroupShardState, context: Context) => Response,
    failed: (error: KafkaError) => Response,
  ): Deferred<Response> {
    return this.#options.shard.read(state => decide(state, this.#options.context(groupId)), failed);
  }

  #stateOf(groupId: string): string | null {
    const { shard, events } = this.#options;
    if (!events.active || !shard.isLoaded) return null;
    const { state } = shard;
    return (state.kindGroup(groupId) ?? state.groups.get(groupId))?.state ?? 'Empty';
  }

  #emit(groupId: string, from: string | null, reason: string): void {
    const { shard, events, context } = this.#options;
    const group = shard.state.kindGroup(groupId);
    if (from === null || group === undefined || group.state === from) return;
    events.emit({
      type: 'group-transition',
      atMs: context(groupId).nowMs,
      groupId,
      from,
      to: group.state,
      generationId: group.groupEpoch,
      memberCount: group.members.size,
      reason,
    });
  }
}
