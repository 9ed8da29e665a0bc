// Consumer groups in one shard at work: decisions go to the log, then their timers are set, and patterns that must be
// matched again are, as a decision of their own. It decides nothing itself.

import type { EventSink } from '../../../events.ts';
import type { KafkaError } from '../../../protocol/errors.ts';
import type { Deferred } from '../../runtime/deferred.ts';
import type { Shard } from '../../runtime/shard.ts';
import type { GroupRecord } from '../group-records.ts';
import type { GroupShardState } from '../group-shard-state.ts';
import type { GroupTimers } from '../group-timers.ts';
import {
  type ConsumerContext,
  type ConsumerDecision,
  type ConsumerTimeout,
  type Conversion,
  rebalanceTimerChange,
  sessionTimerChange,
} from './consumer-decision.ts';
import type { ConsumerGroup } from './consumer-group.ts';
import { MemberState } from './consumer-member.ts';
import { decideConsumerTimeout } from './leave.ts';
import { decideResolved } from './regex-subscription.ts';

export interface ConsumerTurnsOptions {
  readonly shard: Shard<GroupRecord, GroupShardState>;
  readonly timers: GroupTimers;
  readonly context: (groupId: string) => ConsumerContext;
  readonly events: EventSink;
  /** The group has changed its protocol: does what is left to do for the classic one, and returns the answer to give. */
  readonly converted: <Response>(
    groupId: string,
    conversion: Conversion,
    written: Written<Response>,
  ) => Deferred<Response>;
}

/** A decision on its way to the disk. */
export interface Written<Response> {
  readonly answer: Deferred<Response>;
  /** Whether it has not got there; known once the answer is there. */
  readonly hasFailed: () => boolean;
}

export type DecideConsumer<Response> = (
  state: GroupShardState,
  context: ConsumerContext,
) => ConsumerDecision<Response>;

export class ConsumerTurns {
  readonly #options: ConsumerTurnsOptions;

  constructor(options: ConsumerTurnsOptions) {
    this.#options = options;
  }

  change<Response>(
    groupId: string,
    decide: DecideConsumer<Response>,
    failed: (error: KafkaError) => Response,
  ): Deferred<Response> {
    const { shard, timers, context, converted } = this.#options;
    const made: { decision: ConsumerDecision<Response> | null; failed: boolean } = {
      decision: null,
      failed: false,
    };
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
    const group = shard.state.consumerGroups.get(groupId);
    if (group !== undefined && decision.checkedTopicsVersion !== undefined)
      group.checkedTopicsVersion = decision.checkedTopicsVersion;
    if (decision.conversion !== undefined) timers.cancelGroup(groupId);
    timers.apply(groupId, decision.timers);
    const { conversion } = decision;
    const released =
      conversion === undefined
        ? answer
        : converted(groupId, conversion, { answer, hasFailed: () => made.failed });
    if (decision.records.length > 0) this.#emit(groupId, before, decision.reason);
    if (decision.regexesToResolve !== undefined) this.#resolve(groupId, decision.regexesToResolve);
    return released;
  }

  /** Answers from the state without changing it. */
  read<Response>(
    decide: (state: GroupShardState, context: ConsumerContext) => Response,
    groupId: string,
    failed: (error: KafkaError) => Response,
  ): Deferred<Response> {
    return this.#options.shard.read(state => decide(state, this.#options.context(groupId)), failed);
  }

  expired(groupId: string, timeout: ConsumerTimeout): void {
    this.change<null>(
      groupId,
      (state, context) => decideConsumerTimeout(state.consumerGroups.get(groupId), timeout, context),
      () => null,
    );
  }

  /** A new start: sessions begin anew, and so does the time of those who were giving partitions up. */
  loaded(groups: Iterable<ConsumerGroup>): void {
    const { timers, context } = this.#options;
    for (const { groupId, members } of groups) {
      const { sessionTimeoutMs } = context(groupId).settings;
      for (const member of members.values()) {
        timers.apply(groupId, [sessionTimerChange(member.memberId, sessionTimeoutMs)]);
        if (member.state === MemberState.UNREVOKED_PARTITIONS)
          timers.apply(groupId, [rebalanceTimerChange(member)]);
      }
    }
  }

  #resolve(groupId: string, regexes: ReadonlySet<string>): void {
    this.change<null>(
      groupId,
      (state, context) => {
        const group = state.consumerGroups.get(groupId);
        if (group === undefined) return { records: [], response: null, timers: [], reason: '' };
        return decideResolved(group, regexes, context);
      },
      () => null,
    );
  }

  #stateOf(groupId: string): string | null {
    const { shard, events } = this.#options;
    if (!events.active || !shard.isLoaded) return null;
    const { consumerGroups, groups } = shard.state;
    return (consumerGroups.get(groupId) ?? groups.get(groupId))?.state ?? 'Empty';
  }

  #emit(groupId: string, from: string | null, reason: string): void {
    const { shard, events, context } = this.#options;
    const group = shard.state.consumerGroups.get(groupId);
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
