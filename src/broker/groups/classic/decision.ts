// What a decision about a classic group is made of. `Turn` is one while it is being made: a copy of the group to work on
// and lists to add to. Nothing here touches the group that others see, a socket, a log or a clock.

import type { JoinGroup } from '../../../protocol/messages/apis/join-group.ts';
import type { SyncGroup } from '../../../protocol/messages/apis/sync-group.ts';
import type { RequestOf, ResponseDraft } from '../../../protocol/schema/field.ts';
import { type GroupRecord, groupMetadataRecord } from '../group-records.ts';
import type { GroupSettings } from '../group-settings.ts';
import type { ClassicGroup, ClassicGroupState } from './classic-group.ts';
import type { ClassicMember, Ticket } from './classic-member.ts';

export type JoinRequest = RequestOf<typeof JoinGroup>;
export type SyncRequest = RequestOf<typeof SyncGroup>;
export type JoinAnswer = ResponseDraft<typeof JoinGroup>;
export type SyncAnswer = ResponseDraft<typeof SyncGroup>;

/** An answer for a request that is or was waiting. */
export type Answer =
  | { readonly kind: 'join'; readonly ticket: Ticket; readonly response: JoinAnswer }
  | { readonly kind: 'sync'; readonly ticket: Ticket; readonly response: SyncAnswer };

/** What falls due later. It is decided on like a request, from the state of then. */
export type Timeout =
  | { readonly kind: 'session'; readonly memberId: string }
  | { readonly kind: 'first-rebalance'; readonly delayMs: number; readonly remainingMs: number }
  | { readonly kind: 'rebalance' }
  | { readonly kind: 'sync'; readonly generationId: number };

export type TimerChange =
  /** Replaces the timer of the same key. */
  | { readonly key: string; readonly delayMs: number; readonly timeout: Timeout }
  | { readonly key: string; readonly delayMs: null };

export const REBALANCE_TIMER = 'rebalance';
export const SYNC_TIMER = 'sync';
export function sessionTimer(memberId: string): string {
  return `session ${memberId}`;
}

export interface Transition {
  readonly from: ClassicGroupState;
  readonly to: ClassicGroupState;
  readonly reason: string;
}

export interface ClassicDecision {
  /** The group after it; null when it changes nothing but timers. */
  readonly group: ClassicGroup | null;
  readonly records: readonly GroupRecord[];
  readonly answers: readonly Answer[];
  readonly timers: readonly TimerChange[];
  readonly transitions: readonly Transition[];
}

export const NOTHING: ClassicDecision = {
  group: null,
  records: [],
  answers: [],
  timers: [],
  transitions: [],
};

export interface TurnContext {
  readonly nowMs: number;
  readonly settings: GroupSettings;
  /** Random part of a new member id. */
  readonly newUuid: () => string;
}

export class Turn implements ClassicDecision {
  readonly group: ClassicGroup;
  readonly context: TurnContext;
  readonly records: GroupRecord[] = [];
  readonly answers: Answer[] = [];
  readonly timers: TimerChange[] = [];
  readonly transitions: Transition[] = [];

  /** `group` must be a copy: it is changed at once. */
  constructor(group: ClassicGroup, context: TurnContext) {
    this.group = group;
    this.context = context;
  }

  transitionTo(state: ClassicGroupState, reason: string): void {
    this.transitions.push({ from: this.group.state, to: state, reason });
    this.group.transitionTo(state, this.context.nowMs);
  }

  /** The group as it is now, for the log. */
  persist(): void {
    this.records.push(groupMetadataRecord(this.group));
  }

  answerJoin(ticket: Ticket, response: Partial<JoinAnswer> & { readonly memberId: string }): void {
    this.answers.push({ kind: 'join', ticket, response: joinAnswer(response) });
  }

  answerSync(ticket: Ticket, response: Partial<SyncAnswer>): void {
    this.answers.push({ kind: 'sync', ticket, response: syncAnswer(response) });
  }

  /** Answers the member's waiting JoinGroup, if it has one; returns the member without it. */
  completeJoin(
    member: ClassicMember,
    response: Partial<JoinAnswer> & { readonly memberId: string },
  ): ClassicMember {
    if (member.joinTicket === null) return member;
    this.answerJoin(member.joinTicket, response);
    return { ...member, joinTicket: null };
  }

  completeSync(member: ClassicMember, response: Partial<SyncAnswer>): ClassicMember {
    if (member.syncTicket === null) return member;
    this.answerSync(member.syncTicket, response);
    return { ...member, syncTicket: null };
  }

  /** The session starts again: a sign of life. */
  restartSession(member: ClassicMember, timeoutMs: number = member.sessionTimeoutMs): void {
    this.timers.push(sessionRestart(member.memberId, timeoutMs));
  }

  schedule(key: string, delayMs: number, timeout: Timeout): void {
    this.timers.push({ key, delayMs, timeout });
  }

  cancel(key: string): void {
    this.timers.push({ key, delayMs: null });
  }
}

export function sessionRestart(memberId: string, timeoutMs: number): TimerChange {
  return { key: sessionTimer(memberId), delayMs: timeoutMs, timeout: { kind: 'session', memberId } };
}

export function joinAnswer(response: Partial<JoinAnswer> & { readonly memberId: string }): JoinAnswer {
  return { errorCode: 0, protocolName: null, leader: '', members: [], ...response };
}

export function syncAnswer(response: Partial<SyncAnswer>): SyncAnswer {
  return { errorCode: 0, assignment: Buffer.alloc(0), ...response };
}
