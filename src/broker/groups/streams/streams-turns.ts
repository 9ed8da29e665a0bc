// Streams groups in one shard at work: what their decisions ask for beside records and timers, which is to remember what is
// not in the log. It decides nothing itself.

import type { KafkaError } from '../../../protocol/errors.ts';
import type { Deferred } from '../../runtime/deferred.ts';
import type { GroupShardState } from '../group-shard-state.ts';
import { KindTurns, type KindTurnsOptions } from '../kind-turns.ts';
import { decideTimeout } from './leave.ts';
import {
  INITIAL_DELAY_TIMER,
  rebalanceTimerChange,
  type StreamsContext,
  type StreamsDecision,
  type StreamsTimeout,
  sessionTimerChange,
} from './streams-decision.ts';
import { MemberState } from './streams-member.ts';

export type StreamsTurnsOptions = KindTurnsOptions<Omit<StreamsContext, 'isInitialDelayRunning'>>;

export class StreamsTurns {
  readonly #options: StreamsTurnsOptions;
  readonly #turns: KindTurns<StreamsContext>;

  constructor(options: StreamsTurnsOptions) {
    this.#options = options;
    const { timers, context } = options;
    this.#turns = new KindTurns({
      ...options,
      context: groupId => ({
        ...context(groupId),
        isInitialDelayRunning: timers.isRunning(groupId, INITIAL_DELAY_TIMER),
      }),
    });
  }

  change<Response>(
    groupId: string,
    decide: (state: GroupShardState, context: StreamsContext) => StreamsDecision<Response>,
    failed: (error: KafkaError) => Response,
  ): Deferred<Response> {
    const { shard } = this.#options;
    const before = shard.isLoaded ? shard.state.streamsGroups.get(groupId) : undefined;
    return this.#turns.change<Response, StreamsDecision<Response>>(groupId, {
      decide,
      failed,
      settle: ({ memory }, { answer }) => {
        if (memory !== undefined) before?.remember(memory);
        return answer;
      },
    });
  }

  /** Answers from the state without changing it. */
  read<Response>(
    groupId: string,
    decide: (state: GroupShardState) => Response,
    failed: (error: KafkaError) => Response,
  ): Deferred<Response> {
    return this.#turns.read(groupId, decide, failed);
  }

  expired(groupId: string, timeout: StreamsTimeout): void {
    this.change<null>(
      groupId,
      (state, context) => decideTimeout(state.streamsGroups.get(groupId), timeout, context),
      () => null,
    );
  }

  /** A new start: sessions begin anew, and so does the time of those who were giving tasks up. */
  loaded({ streamsGroups }: GroupShardState): void {
    const { timers, context } = this.#options;
    for (const { groupId, members } of streamsGroups.values()) {
      const { sessionTimeoutMs } = context(groupId).settings;
      for (const member of members.values()) {
        timers.apply(groupId, [sessionTimerChange(member.memberId, sessionTimeoutMs)]);
        if (member.state === MemberState.UNREVOKED_TASKS)
          timers.apply(groupId, [rebalanceTimerChange(member)]);
      }
    }
  }
}
