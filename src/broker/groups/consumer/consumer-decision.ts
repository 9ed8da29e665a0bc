// What decisions about consumer groups are made of: what they may look at, and what comes of them. A refusal is a
// KafkaError, whose message the member gets.

import type { ClassicDecision, TurnContext } from '../classic/decision.ts';
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
  /** group.consumer.migration.policy */
  readonly migrationPolicy: MigrationPolicy;
}

/** Which living groups change their protocol: from classic to consumer (upgrade), back (downgrade). */
export type MigrationPolicy = 'disabled' | 'upgrade' | 'downgrade' | 'bidirectional';

export interface ConsumerContext {
  readonly nowMs: number;
  readonly topics: TopicsView;
  readonly settings: ConsumerGroupSettings;
  /** For the classic group that this one was, or becomes. */
  readonly classic: TurnContext;
  /** For a member id, in Kafka's base64url text. */
  readonly newUuid: () => string;
}

export type ConsumerTimeout =
  | { readonly kind: 'consumer-session'; readonly memberId: string }
  /** The member was to give partitions up, in the epoch it was in then. */
  | { readonly kind: 'consumer-rebalance'; readonly memberId: string; readonly memberEpoch: number }
  /** A classic member was told to join again, or was to fetch its assignment. */
  | { readonly kind: 'consumer-join' | 'consumer-sync'; readonly memberId: string };

export type ConsumerTimerChange =
  | {
      readonly key: string;
      readonly delayMs: number;
      readonly timeout: ConsumerTimeout;
      /** One that runs already goes on. */
      readonly isKept?: boolean;
    }
  | { readonly key: string; readonly delayMs: null };

export interface ConsumerDecision<Response> {
  readonly records: readonly GroupRecord[];
  readonly response: Response;
  readonly timers: readonly ConsumerTimerChange[];
  /** The group epoch was held against this version of the topics. */
  readonly checkedTopicsVersion?: number;
  /** Regular expressions to match against the topics as soon as the records are in. */
  readonly regexesToResolve?: ReadonlySet<string>;
  /** The group has changed its protocol: what is left to do for the classic one that it was or is now. */
  readonly conversion?: Conversion;
  /** Why the group's state changes, if it does: for observers. */
  readonly reason: string;
}

/** `group`: the classic group from now on; null after an upgrade, which takes its timers and answers who waits in it. */
export type Conversion = Omit<ClassicDecision, 'records'>;

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

export function consumerJoinTimer(memberId: string): string {
  return `join ${memberId}`;
}

export function consumerSyncTimer(memberId: string): string {
  return `sync ${memberId}`;
}

export function cancelledTimers(memberId: string): ConsumerTimerChange[] {
  return [
    { key: consumerSessionTimer(memberId), delayMs: null },
    { key: consumerRebalanceTimer(memberId), delayMs: null },
    { key: consumerJoinTimer(memberId), delayMs: null },
    { key: consumerSyncTimer(memberId), delayMs: null },
  ];
}
