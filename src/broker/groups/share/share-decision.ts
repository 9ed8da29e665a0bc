// What decisions about share groups are made of: what they may look at, and what comes of them. A refusal is a KafkaError,
// whose message the client gets.

import type { TopicsView } from '../consumer/topics-view.ts';
import type { KindDecision } from '../kind-turns.ts';

/** The settings of one group: its own (dynamic group configs), else the broker's. */
export interface ShareGroupSettings {
  readonly sessionTimeoutMs: number;
  readonly heartbeatIntervalMs: number;
  /** The least time between two target assignments; 0: none. */
  readonly assignmentIntervalMs: number;
  /** group.share.max.size */
  readonly maxSize: number;
  /** How long an initialization may take before it is asked for again. */
  readonly initializeRetryIntervalMs: number;
}

export interface ShareContext {
  readonly nowMs: number;
  readonly topics: TopicsView;
  readonly settings: ShareGroupSettings;
}

export interface ShareTimeout {
  readonly kind: 'share-session';
  readonly memberId: string;
}

export type ShareTimerChange =
  | { readonly key: string; readonly delayMs: number; readonly timeout: ShareTimeout }
  | { readonly key: string; readonly delayMs: null };

export interface ShareDecision<Response> extends KindDecision<Response> {
  readonly timers: readonly ShareTimerChange[];
  /** The group epoch was held against this version of the topics. */
  readonly checkedTopicsVersion?: number;
}

/** For the share coordinator: begin to keep the state of these share partitions. */
export interface Initialization {
  readonly groupId: string;
  /** The group epoch. */
  readonly stateEpoch: number;
  /** Topic id to partition to the offset to begin at; -1: the group's share.auto.offset.reset says it. */
  readonly startOffsets: ReadonlyMap<string, ReadonlyMap<number, number>>;
}

function sessionTimer(memberId: string): string {
  return `session ${memberId}`;
}

export function sessionTimerChange(memberId: string, sessionTimeoutMs: number): ShareTimerChange {
  return {
    key: sessionTimer(memberId),
    delayMs: sessionTimeoutMs,
    timeout: { kind: 'share-session', memberId },
  };
}

export function cancelledTimer(memberId: string): ShareTimerChange {
  return { key: sessionTimer(memberId), delayMs: null };
}
