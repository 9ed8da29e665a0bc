// From a frame to an answer: header, table, decode, handler, and the one catch. It knows no socket; the order of answers
// is the connection's. A frame that cannot be understood (header, unknown API or version, body) closes the connection
// with one log line, as Apache Kafka does: there is no answer a client could read. Only an unknown version of
// ApiVersions is answered (KIP-511), and that, too, is said by its handler.

import { KafkaError } from '../../protocol/errors.ts';
import { decodeRequestHeader, responseHeaderVersion } from '../../protocol/messages/headers.ts';
import { codecOf } from '../../protocol/schema/codec.ts';
import { DecodeError } from '../../protocol/wire/decode-error.ts';
import { Reader } from '../../protocol/wire/reader.ts';
import type { Writer } from '../../protocol/wire/writer.ts';
import type { Handler, Outcome } from '../handlers/handler.ts';
import type { BrokerNode } from '../node.ts';
import { Deferred } from '../runtime/deferred.ts';
import { Exchange, type FrameDispatcher, type Peer } from './exchange.ts';

const UNKNOWN_SERVER_ERROR = -1;
/** apiKey, apiVersion, correlationId: no header is shorter. */
const HEADER_BYTES_MIN = 8;

export interface DispatcherOptions {
  readonly handlers: readonly Handler[];
  readonly node: BrokerNode;
  readonly report: (message: string) => void;
  /** A clock that only moves forward, for latencies. */
  readonly monotonicMs?: () => number;
}

export class Dispatcher implements FrameDispatcher {
  readonly #handlers: (Handler | undefined)[] = [];
  readonly #node: BrokerNode;
  readonly #report: (message: string) => void;
  readonly #monotonicMs: () => number;

  constructor(options: DispatcherOptions) {
    for (const handler of options.handlers) this.#handlers[handler.api.key] = handler;
    this.#node = options.node;
    this.#report = options.report;
    this.#monotonicMs = options.monotonicMs ?? (() => performance.now());
  }

  monotonicMs(): number {
    return this.#monotonicMs();
  }

  /** Whether the frame may begin while earlier requests of its kind are unanswered. */
  isPipelined(frame: Buffer, start: number, end: number): boolean {
    if (end - start < HEADER_BYTES_MIN) return false;
    return this.#handlers[frame.readInt16BE(start)]?.pipelined ?? false;
  }

  dispatch(peer: Peer, frame: Buffer, start: number, end: number): void {
    const sizeInBytes = end - start;
    const startedMs = this.#monotonicMs();
    if (sizeInBytes < HEADER_BYTES_MIN) {
      this.refuse(peer, {
        reason: `its request of ${sizeInBytes} bytes has no whole header`,
        clientId: '',
      });
      return;
    }
    const apiKey = frame.readInt16BE(start);
    const apiVersion = frame.readInt16BE(start + 2);
    const handler = this.#handlers[apiKey];
    const isServed = handler !== undefined && isWithin(handler.served, apiVersion);
    if (!isServed && (handler === undefined || handler.versionUnknown === null)) {
      this.refuse(peer, {
        reason: describeUnknown(handler, apiKey, apiVersion),
        clientId: peekClientId(frame, start, end),
      });
      return;
    }
    const reader = new Reader(frame, start, end);
    let clientId: string;
    try {
      clientId = decodeRequestHeader(reader).clientId ?? '';
    } catch (error) {
      const reason = `the header of its ${handler.api.name} version ${apiVersion} does not decode: ${textOf(error)}`;
      this.refuse(peer, { reason, clientId: '' });
      return;
    }
    const correlationId = frame.readInt32BE(start + 4);
    const exchange = new Exchange({
      peer,
      node: this.#node,
      handler,
      apiVersion,
      correlationId,
      clientId,
      sizeInBytes,
      startedMs,
      monotonicMs: this.#monotonicMs,
    });
    peer.begun(exchange);
    if (isServed) this.#handle(exchange, handler, reader);
    else this.#answerUnknownVersion(exchange, handler);
  }

  /** A request that is not understood still has its place in the order: those before it are answered first. */
  refuse(peer: Peer, options: { reason: string; clientId: string }): void {
    const exchange = this.unnamed(peer, 0, options.clientId);
    peer.begun(exchange);
    exchange.close(options.reason);
  }

  /** For a frame that is no request, or none that is understood. */
  unnamed(peer: Peer, sizeInBytes: number, clientId = ''): Exchange {
    return new Exchange({
      peer,
      node: this.#node,
      handler: null,
      apiVersion: -1,
      correlationId: 0,
      clientId,
      sizeInBytes,
      startedMs: 0,
      monotonicMs: this.#monotonicMs,
    });
  }

  #answerUnknownVersion(exchange: Exchange, handler: Handler): void {
    exchange.answerVersion = 0;
    exchange.finish(handler.versionUnknown?.() ?? 'close');
  }

  #handle(exchange: Exchange, handler: Handler, reader: Reader): void {
    let request: object | undefined;
    try {
      request = codecOf(handler.api.request, exchange.apiVersion).decode(reader) as object;
      const answer = handler.handle(request as never, exchange);
      exchange.throttle?.handled();
      if (answer instanceof Deferred) answer.whenComplete(outcome => exchange.finish(outcome));
      else if (answer instanceof Promise) this.#await(exchange, handler, request, answer);
      else exchange.finish(answer as Outcome<object>);
    } catch (error) {
      this.#failed(exchange, handler, request, error);
    }
  }

  #await(exchange: Exchange, handler: Handler, request: object, answer: Promise<Outcome<object>>): void {
    exchange.holdsOrder = true;
    answer.then(
      outcome => exchange.finish(outcome),
      error => this.#failed(exchange, handler, request, error),
    );
  }

  /** The one catch: what a handler threw becomes the error of its whole answer. */
  #failed(exchange: Exchange, handler: Handler, request: object | undefined, error: unknown): void {
    if (exchange.outcome !== undefined) {
      this.#report(
        `${handler.api.name}: an error after the answer was given. This is a bug in Millrace. ${stackOf(error)}`,
      );
      return;
    }
    if (request === undefined) {
      const what = `${handler.api.name} version ${exchange.apiVersion}`;
      exchange.close(
        error instanceof DecodeError
          ? `its ${what} request does not decode: ${error.message}`
          : `decoding its ${what} request failed. This is a bug in Millrace. ${stackOf(error)}`,
      );
      return;
    }
    if (error instanceof KafkaError) {
      exchange.finish(handler.failed(request as never, error.code, error.message, exchange.apiVersion));
      return;
    }
    this.#report(
      `${handler.api.name} version ${exchange.apiVersion} of client "${exchange.clientId}" failed and was answered with ` +
        `UNKNOWN_SERVER_ERROR. This is a bug in Millrace: please report it with this trace. ${stackOf(error)}`,
    );
    exchange.finish(handler.failed(request as never, UNKNOWN_SERVER_ERROR, null, exchange.apiVersion));
  }

  /** Writes the answer, length first. Throws only on a bug: then nothing of it may be sent. */
  encode(exchange: Exchange, answer: object, writer: Writer): void {
    const handler = exchange.handler as Handler;
    const lengthPosition = writer.length;
    writer.int32(0);
    writer.int32(exchange.correlationId);
    if (responseHeaderVersion(handler.api.key, exchange.answerVersion) >= 1) writer.uvarint(0);
    codecOf(handler.api.response, exchange.answerVersion).encode(writer, answer as never);
    writer.patchInt32(lengthPosition, writer.length - lengthPosition - 4);
  }
}

function isWithin(range: { readonly min: number; readonly max: number }, version: number): boolean {
  return version >= range.min && version <= range.max;
}

function describeUnknown(handler: Handler | undefined, apiKey: number, apiVersion: number): string {
  if (handler === undefined) {
    return `it sent a request with API key ${apiKey} (version ${apiVersion}), which Millrace does not serve`;
  }
  const { min, max } = handler.served;
  const way =
    apiVersion < min ? 'Use a newer client.' : 'The client did not ask for the versions (ApiVersions) first.';
  return `it sent ${handler.api.name} version ${apiVersion}, but Millrace serves versions ${min} to ${max}. ${way}`;
}

/** The client id stands in one place in all header versions, so it can be named even when nothing else is known. */
function peekClientId(frame: Buffer, start: number, end: number): string {
  if (end - start < HEADER_BYTES_MIN + 2) return '';
  const length = frame.readInt16BE(start + HEADER_BYTES_MIN);
  const from = start + HEADER_BYTES_MIN + 2;
  return length <= 0 || from + length > end ? '' : frame.toString('utf8', from, from + length);
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
