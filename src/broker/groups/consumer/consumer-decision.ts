// What decisions about consumer groups are made of: what they may look at, and what comes of them. A refusal is a
// KafkaError, whose message the member gets.

import type { GroupRecord } from '../group-records.ts';
import type { TopicsView } from './topics-view.ts';

/** The settings of one group: its own (dynamic group configs), else the broker's. */
export interface ConsumerGroupSettings {
  readonly sessionTimeoutMs: number;
  readonly heartbeatIntervalMs: number;
  /** The least time between two target assignments; 0: none. */
  readonly assignmentIntervalMs: number;
  /** group.consumer.max.size */
  readonly maxSize: number;
  /** group.consumer.assignors: the first is the default. */
  readonly assignors: readonly string[];
  /** group.consumer.regex.refresh.interval.ms */
  readonly regexRefreshIntervalMs: number;
}

export interface ConsumerContext {
  readonly nowMs: number;
  readonly topics: TopicsView;
  readonly settings: ConsumerGroupSettings;
}

export type ConsumerTimeout =
  | { readonly kind: 'consumer-session'; readonly memberId: string }
  /** The member was to give partitions up, in the epoch it was in then. */
  | { readonly kind: 'consumer-rebalance'; readonly memberId: string; readonly memberEpoch: number };

export type ConsumerTimerChange =
  | { readonly key: string; readonly delayMs: number; readonly timeout: ConsumerTimeout }
  | { readonly key: string; readonly delayMs: null };

export interface ConsumerDecision<Response> {
  readonly records: readonly GroupRecord[];
  readonly response: Response;
  readonly timers: readonly ConsumerTimerChange[];
  /** The group epoch was held against this version of the topics. */
  readonly checkedTopicsVersion?: number;
  /** Regular expressions to match against the topics as soon as the records are in. */
  readonly regexesToResolve?: ReadonlySet<string>;
  /** Why the group's state changes, if it does: for observers. */
  readonly reason: string;
}

export function consumerSessionTimer(memberId: string): string {
  return `session ${memberId}`;
}

export function consumerRebalanceTimer(memberId: string): string {
  return `rebalance ${memberId}`;
}

export function sessionTimerChange(memberId: string, sessionTimeoutMs: number): ConsumerTimerChange {
  return {
    key: consumerSessionTimer(memberId),
    delayMs: sessionTimeoutMs,
    timeout: { kind: 'consumer-session', memberId },
  };
}

export function rebalanceTimerChange(member: {
  readonly memberId: string;
  readonly memberEpoch: number;
  readonly rebalanceTimeoutMs: number;
}): ConsumerTimerChange {
  const { memberId, memberEpoch, rebalanceTimeoutMs } = member;
  return {
    key: consumerRebalanceTimer(memberId),
    delayMs: rebalanceTimeoutMs,
    timeout: { kind: 'consumer-rebalance', memberId, memberEpoch },
  };
}

export function cancelledTimers(memberId: string): ConsumerTimerChange[] {
  return [
    { key: consumerSessionTimer(memberId), delayMs: null },
    { key: consumerRebalanceTimer(memberId), delayMs: null },
  ];
}
