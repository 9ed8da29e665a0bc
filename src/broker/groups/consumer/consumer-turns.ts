// Consumer groups in one shard at work: what their decisions ask for beside records and timers. A group that changes its
// protocol is handed over, and patterns that must be matched again are, as a decision of their own. It decides nothing itself.

import type { KafkaError } from '../../../protocol/errors.ts';
import type { Deferred } from '../../runtime/deferred.ts';
import type { GroupShardState } from '../group-shard-state.ts';
import { KindTurns, type KindTurnsOptions, type Written } from '../kind-turns.ts';
import {
  type ConsumerContext,
  type ConsumerDecision,
  type ConsumerTimeout,
  type Conversion,
  rebalanceTimerChange,
  sessionTimerChange,
} from './consumer-decision.ts';
import { MemberState } from './consumer-member.ts';
import { decideConsumerTimeout } from './leave.ts';
import { decideResolved } from './regex-subscription.ts';

export interface ConsumerTurnsOptions extends KindTurnsOptions<ConsumerContext> {
  /** The group has changed its protocol: does what is left to do for the classic one, and returns the answer to give. */
  readonly converted: <Response>(
    groupId: string,
    conversion: Conversion,
    written: Written<Response>,
  ) => Deferred<Response>;
}

export type DecideConsumer<Response> = (
  state: GroupShardState,
  context: ConsumerContext,
) => ConsumerDecision<Response>;

export class ConsumerTurns {
  readonly #options: ConsumerTurnsOptions;
  readonly #turns: KindTurns<ConsumerContext>;

  constructor(options: ConsumerTurnsOptions) {
    this.#options = options;
    this.#turns = new KindTurns(options);
  }

  change<Response>(
    groupId: string,
    decide: DecideConsumer<Response>,
    failed: (error: KafkaError) => Response,
  ): Deferred<Response> {
    let regexesToResolve: ReadonlySet<string> | undefined;
    const answer = this.#turns.change<Response, ConsumerDecision<Response>>(groupId, {
      decide,
      failed,
      settle: (decision, written) => {
        regexesToResolve = decision.regexesToResolve;
        return this.#settle(groupId, decision, written);
      },
    });
    if (regexesToResolve !== undefined) this.#resolve(groupId, regexesToResolve);
    return answer;
  }

  #settle<Response>(
    groupId: string,
    { checkedTopicsVersion, conversion, timers }: ConsumerDecision<Response>,
    written: Written<Response>,
  ): Deferred<Response> {
    const group = this.#options.shard.state.consumerGroups.get(groupId);
    if (group !== undefined && checkedTopicsVersion !== undefined)
      group.checkedTopicsVersion = checkedTopicsVersion;
    if (conversion === undefined) return written.answer;
    // What ran for the group in its former protocol ends.
    this.#options.timers.cancelGroup(groupId);
    this.#options.timers.apply(groupId, timers);
    return this.#options.converted(groupId, conversion, written);
  }

  /** Answers from the state without changing it. */
  read<Response>(
    decide: (state: GroupShardState, context: ConsumerContext) => Response,
    groupId: string,
    failed: (error: KafkaError) => Response,
  ): Deferred<Response> {
    return this.#turns.read(groupId, decide, failed);
  }

  expired(groupId: string, timeout: ConsumerTimeout): void {
    this.change<null>(
      groupId,
      (state, context) => decideConsumerTimeout(state.consumerGroups.get(groupId), timeout, context),
      () => null,
    );
  }

  /** A new start: sessions begin anew, and so does the time of those who were giving partitions up. */
  loaded({ consumerGroups }: GroupShardState): void {
    const { timers, context } = this.#options;
    for (const { groupId, members } of consumerGroups.values()) {
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
}
