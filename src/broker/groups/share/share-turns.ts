// Share groups in one shard at work: sessions, besides what all kinds of groups have in common. It decides nothing itself.

import type { KafkaError } from '../../../protocol/errors.ts';
import type { Deferred } from '../../runtime/deferred.ts';
import type { GroupShardState } from '../group-shard-state.ts';
import { KindTurns, type KindTurnsOptions } from '../kind-turns.ts';
import { decideShareTimeout } from './leave.ts';
import {
  type ShareContext,
  type ShareDecision,
  type ShareTimeout,
  sessionTimerChange,
} from './share-decision.ts';

export type DecideShare<Response> = (
  state: GroupShardState,
  context: ShareContext,
) => ShareDecision<Response>;

export class ShareTurns {
  readonly #options: KindTurnsOptions<ShareContext>;
  readonly #turns: KindTurns<ShareContext>;

  constructor(options: KindTurnsOptions<ShareContext>) {
    this.#options = options;
    this.#turns = new KindTurns(options);
  }

  change<Response>(
    groupId: string,
    decide: DecideShare<Response>,
    failed: (error: KafkaError) => Response,
  ): Deferred<Response> {
    return this.#turns.change<Response, ShareDecision<Response>>(groupId, {
      decide,
      failed,
      settle: ({ checkedTopicsVersion }, { answer }) => {
        const group = this.#options.shard.state.shareGroups.get(groupId);
        if (group !== undefined && checkedTopicsVersion !== undefined)
          group.checkedTopicsVersion = checkedTopicsVersion;
        return answer;
      },
    });
  }

  /** Answers from the state without changing it. */
  read<Response>(
    groupId: string,
    decide: (state: GroupShardState, context: ShareContext) => Response,
    failed: (error: KafkaError) => Response,
  ): Deferred<Response> {
    return this.#turns.read(groupId, decide, failed);
  }

  expired(groupId: string, timeout: ShareTimeout): void {
    this.change<null>(
      groupId,
      (state, context) => decideShareTimeout(state.shareGroups.get(groupId), timeout, context),
      () => null,
    );
  }

  /** A new start: sessions begin anew. */
  loaded({ shareGroups }: GroupShardState): void {
    const { timers, context } = this.#options;
    for (const { groupId, members } of shareGroups.values()) {
      const { sessionTimeoutMs } = context(groupId).settings;
      for (const memberId of members.keys())
        timers.apply(groupId, [sessionTimerChange(memberId, sessionTimeoutMs)]);
    }
  }
}
