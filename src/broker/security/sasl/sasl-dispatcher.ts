// Stands before the dispatcher on a SASL listener: lets through what the login allows at this point, closes on anything
// else without looking at its body, and carries the bare tokens of SaslHandshake v0, which are frames but no requests.

import type { Writer } from '../../../protocol/wire/writer.ts';
import type { Dispatcher } from '../../network/dispatch.ts';
import type { Exchange, FrameDispatcher, Peer } from '../../network/exchange.ts';
import type { OpenLogin } from '../../network/listener-guard.ts';
import { SaslFailure } from './sasl-server.ts';
import { type SaslListener, SaslSession } from './sasl-session.ts';

const HEADER_BYTES_MIN = 8;

class BareToken {
  readonly bytes: Buffer;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }
}

export function openLogin(listener: SaslListener, dispatcher: Dispatcher): OpenLogin {
  const session = new SaslSession(listener);
  return {
    authentication: session,
    dispatcher: new SaslDispatcher(session, dispatcher),
    frameBytesMax: listener.receiveBytesMax,
    attach: peer => session.attach(peer),
    closed: () => session.closed(),
  };
}

class SaslDispatcher implements FrameDispatcher {
  readonly #session: SaslSession;
  readonly #next: Dispatcher;

  constructor(session: SaslSession, next: Dispatcher) {
    this.#session = session;
    this.#next = next;
  }

  monotonicMs(): number {
    return this.#next.monotonicMs();
  }

  isPipelined(frame: Buffer, start: number, end: number): boolean {
    return this.#session.isComplete && this.#next.isPipelined(frame, start, end);
  }

  dispatch(peer: Peer, frame: Buffer, start: number, end: number): void {
    if (this.#session.expectsToken) {
      this.#token(peer, Buffer.from(frame.subarray(start, end)));
      return;
    }
    const apiKey = end - start < HEADER_BYTES_MIN ? -1 : frame.readInt16BE(start);
    const reason = this.#session.judge(apiKey);
    if (reason === null) this.#next.dispatch(peer, frame, start, end);
    else this.#next.refuse(peer, { reason, clientId: '' });
  }

  encode(exchange: Exchange, answer: object, writer: Writer): void {
    if (answer instanceof BareToken) {
      writer.int32(answer.bytes.length);
      writer.bytes(answer.bytes);
    } else this.#next.encode(exchange, answer, writer);
  }

  #token(peer: Peer, token: Buffer): void {
    const exchange = this.#next.unnamed(peer, token.length);
    peer.begun(exchange);
    this.#session.evaluate(token).then(
      ({ authBytes }) => exchange.finish(new BareToken(authBytes)),
      (error: unknown) => {
        const reason = error instanceof Error ? error.message : String(error);
        this.#session.failed(error instanceof SaslFailure ? reason : `a bug in Millrace: ${reason}`);
        void this.#session.failureDelay().then(() => exchange.close(''));
      },
    );
  }
}
