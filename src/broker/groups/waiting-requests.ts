// JoinGroup and SyncGroup requests that wait, by ticket. The state machine answers tickets; what stands behind one is
// known only here. Every request put in is answered exactly once, at the latest when the shard is given up.

import { Deferred } from '../runtime/deferred.ts';
import type { Ticket } from './classic/classic-member.ts';
import { type Answer, type JoinAnswer, joinAnswer, type SyncAnswer, syncAnswer } from './classic/decision.ts';

type Waiting =
  | { readonly kind: 'join'; readonly memberId: string; readonly deferred: Deferred<JoinAnswer> }
  | { readonly kind: 'sync'; readonly deferred: Deferred<SyncAnswer> };

export class WaitingRequests {
  readonly #byTicket = new Map<Ticket, Waiting>();
  #nextTicket: Ticket = 1;

  addJoin(memberId: string): { readonly ticket: Ticket; readonly deferred: Deferred<JoinAnswer> } {
    const deferred = new Deferred<JoinAnswer>();
    return { ticket: this.#add({ kind: 'join', memberId, deferred }), deferred };
  }

  addSync(): { readonly ticket: Ticket; readonly deferred: Deferred<SyncAnswer> } {
    const deferred = new Deferred<SyncAnswer>();
    return { ticket: this.#add({ kind: 'sync', deferred }), deferred };
  }

  answer(answer: Answer): void {
    const waiting = this.#byTicket.get(answer.ticket);
    if (waiting === undefined) return;
    this.#byTicket.delete(answer.ticket);
    if (waiting.kind === 'join' && answer.kind === 'join') waiting.deferred.complete(answer.response);
    if (waiting.kind === 'sync' && answer.kind === 'sync') waiting.deferred.complete(answer.response);
  }

  /** One error for one of them. */
  fail(ticket: Ticket, errorCode: number): void {
    const waiting = this.#byTicket.get(ticket);
    if (waiting === undefined) return;
    this.#byTicket.delete(ticket);
    if (waiting.kind === 'join')
      waiting.deferred.complete(joinAnswer({ memberId: waiting.memberId, errorCode }));
    else waiting.deferred.complete(syncAnswer({ errorCode }));
  }

  failAll(errorCode: number): void {
    for (const ticket of [...this.#byTicket.keys()]) this.fail(ticket, errorCode);
  }

  #add(waiting: Waiting): Ticket {
    const ticket = this.#nextTicket++;
    this.#byTicket.set(ticket, waiting);
    return ticket;
  }
}
