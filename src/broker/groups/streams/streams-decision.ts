// What decisions about streams groups are made of: what they may look at, and what comes of them. A refusal is a KafkaError,
// whose message the member gets.

import type { StreamsGroupHeartbeat } from '../../../protocol/messages/apis/streams-group-heartbeat.ts';
import type { RequestOf, ResponseDraft } from '../../../protocol/schema/field.ts';
import type { TopicsView } from '../consumer/topics-view.ts';
import type { KindDecision } from '../kind-turns.ts';
import type { InternalTopic } from './configure-topology.ts';
import type { GroupMemory } from './streams-group.ts';

export type HeartbeatRequest = RequestOf<typeof StreamsGroupHeartbeat>;
export type HeartbeatAnswer = ResponseDraft<typeof StreamsGroupHeartbeat>;

export interface HeartbeatCommand {
  readonly request: HeartbeatRequest;
  readonly clientId: string;
  readonly clientHost: string;
}

/** `topicsToCreate`: by name; the member may create them, or it may not. */
export interface HeartbeatOutcome {
  readonly answer: HeartbeatAnswer;
  readonly topicsToCreate: ReadonlyMap<string, InternalTopic>;
}

/** The settings of one group: its own (dynamic group configs), else the broker's. */
export interface StreamsGroupSettings {
  readonly sessionTimeoutMs: number;
  readonly heartbeatIntervalMs: number;
  /** The least time between two target assignments; 0: none. */
  readonly assignmentIntervalMs: number;
  /** How long a new group waits for more members before its first target; 0: not at all. */
  readonly initialRebalanceDelayMs: number;
  readonly standbyReplicas: number;
  /** group.streams.max.size */
  readonly maxSize: number;
}

export interface StreamsContext {
  readonly nowMs: number;
  readonly topics: TopicsView;
  readonly settings: StreamsGroupSettings;
  /** A new group waits for more members. */
  readonly isInitialDelayRunning: boolean;
}

export type StreamsTimeout =
  | { readonly kind: 'streams-session'; readonly memberId: string }
  /** The member was to give tasks up, in the epoch it was in then. */
  | { readonly kind: 'streams-rebalance'; readonly memberId: string; readonly memberEpoch: number }
  | { readonly kind: 'streams-initial-delay' };

export type StreamsTimerChange =
  | {
      readonly key: string;
      readonly delayMs: number;
      readonly timeout: StreamsTimeout;
      /** One that runs already goes on. */
      readonly isKept?: boolean;
    }
  | { readonly key: string; readonly delayMs: null };

export interface StreamsDecision<Response> extends KindDecision<Response> {
  readonly timers: readonly StreamsTimerChange[];
  /** What a group that was there before remembers beside its records. A new one, as in Apache Kafka, remembers nothing. */
  readonly memory?: Partial<GroupMemory>;
}

/** No member's timer has this key: theirs have a space. */
export const INITIAL_DELAY_TIMER = 'initial-delay';

export function initialDelayTimerChange(delayMs: number): StreamsTimerChange {
  return { key: INITIAL_DELAY_TIMER, delayMs, timeout: { kind: 'streams-initial-delay' }, isKept: true };
}

function sessionTimer(memberId: string): string {
  return `session ${memberId}`;
}

function rebalanceTimer(memberId: string): string {
  return `rebalance ${memberId}`;
}

export function sessionTimerChange(memberId: string, sessionTimeoutMs: number): StreamsTimerChange {
  return {
    key: sessionTimer(memberId),
    delayMs: sessionTimeoutMs,
    timeout: { kind: 'streams-session', memberId },
  };
}

export function rebalanceTimerChange(member: {
  readonly memberId: string;
  readonly memberEpoch: number;
  readonly rebalanceTimeoutMs: number;
}): StreamsTimerChange {
  const { memberId, memberEpoch, rebalanceTimeoutMs } = member;
  return {
    key: rebalanceTimer(memberId),
    delayMs: rebalanceTimeoutMs,
    timeout: { kind: 'streams-rebalance', memberId, memberEpoch },
  };
}

export function rebalanceTimerCancelled(memberId: string): StreamsTimerChange {
  return { key: rebalanceTimer(memberId), delayMs: null };
}

export function cancelledTimers(memberId: string): StreamsTimerChange[] {
  return [{ key: sessionTimer(memberId), delayMs: null }, rebalanceTimerCancelled(memberId)];
}
