// One request and its answer: what a handler sees as its context, and what a connection keeps in order until the answer
// has left. It is finished exactly once; a second finish is a bug and throws.

import { assert } from '../../protocol/assert.ts';
import type { Writer } from '../../protocol/wire/writer.ts';
import type { ConnectionInfo, Handler, Outcome, RequestContext } from '../handlers/handler.ts';
import type { BrokerNode } from '../node.ts';
import { RequestThrottle } from '../quotas/request-throttle.ts';

/** The connection, as far as an exchange needs it. */
export interface Peer {
  readonly info: ConnectionInfo;
  readonly signal: AbortSignal;
  /** The exchange has begun: it now has its place in the order of answers. */
  begun(exchange: Exchange): void;
  finished(exchange: Exchange): void;
  /** No further request of it begins for so long. */
  mute(durationMs: number): void;
  report(message: string): void;
}

/** What a connection asks about the frames it cuts. */
export interface FrameDispatcher {
  monotonicMs(): number;
  isPipelined(frame: Buffer, start: number, end: number): boolean;
  dispatch(peer: Peer, frame: Buffer, start: number, end: number): void;
  encode(exchange: Exchange, answer: object, writer: Writer): void;
}

export interface ExchangeOptions {
  readonly peer: Peer;
  readonly node: BrokerNode;
  /** Null for a request that is not understood. */
  readonly handler: Handler | null;
  readonly apiVersion: number;
  readonly correlationId: number;
  readonly clientId: string;
  readonly sizeInBytes: number;
  readonly startedMs: number;
  /** A clock that only moves forward. */
  readonly monotonicMs: () => number;
}

export class Exchange implements RequestContext {
  readonly peer: Peer;
  readonly node: BrokerNode;
  readonly handler: Handler | null;
  readonly apiVersion: number;
  readonly correlationId: number;
  readonly clientId: string;
  readonly sizeInBytes: number;
  readonly startedMs: number;
  /** The version the answer is encoded in: the request's, but 0 for a version that is not known. */
  answerVersion: number;
  /** undefined while the answer is not known. */
  outcome: Outcome<object> | undefined = undefined;
  closeReason = '';
  answerSizeInBytes = 0;
  /** Its handler has not done yet what order depends on, although `handle` has returned. */
  holdsOrder = false;
  readonly throttle: RequestThrottle | undefined;
  #sentCallbacks: (() => void)[] | null = null;

  constructor(options: ExchangeOptions) {
    this.peer = options.peer;
    this.node = options.node;
    this.handler = options.handler;
    this.apiVersion = options.apiVersion;
    this.answerVersion = options.apiVersion;
    this.correlationId = options.correlationId;
    this.clientId = options.clientId;
    this.sizeInBytes = options.sizeInBytes;
    this.startedMs = options.startedMs;
    this.throttle = throttleOf(options);
  }

  get connection(): ConnectionInfo {
    return this.peer.info;
  }

  get signal(): AbortSignal {
    return this.peer.signal;
  }

  /** Whether another request of its kind may begin before it is answered. */
  get isPipelined(): boolean {
    return !this.holdsOrder && (this.handler?.pipelined ?? false);
  }

  report(message: string): void {
    this.peer.report(message);
  }

  whenSent(callback: () => void): void {
    this.#sentCallbacks ??= [];
    this.#sentCallbacks.push(callback);
  }

  get hasSentCallbacks(): boolean {
    return this.#sentCallbacks !== null;
  }

  finish(outcome: Outcome<object>): void {
    assert(this.outcome === undefined, 'a request is answered once');
    this.outcome = this.throttle === undefined ? outcome : this.throttle.settle(outcome);
    this.peer.finished(this);
  }

  close(reason: string): void {
    this.closeReason = reason;
    this.finish('close');
  }

  sent(): void {
    const callbacks = this.#sentCallbacks;
    this.#sentCallbacks = null;
    if (callbacks !== null) for (const callback of callbacks) callback();
  }
}

function throttleOf({ node, handler, peer, ...request }: ExchangeOptions): RequestThrottle | undefined {
  const quotas = node.quotas.active;
  if (quotas === undefined || handler === null) return undefined;
  return new RequestThrottle({
    quotas,
    apiKey: handler.api.key,
    principal: peer.info.principal,
    clientId: request.clientId,
    requestBytes: request.sizeInBytes,
    startedMs: request.startedMs,
    monotonicMs: request.monotonicMs,
    mute: durationMs => peer.mute(durationMs),
  });
}
