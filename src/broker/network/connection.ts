// One connection: frames in, answers out, in the order of the requests. A pipelined request (Produce) begins while
// earlier ones of its kind are unanswered; every other kind waits for all before it, and nothing overtakes it, as in
// Apache Kafka (SocketServer mutes the channel). A frame that has to wait is copied whole: the memory it came in is
// shared by all connections. What waits and what is under way is bounded; at a bound the socket is not read, so the
// peer is held back by TCP and costs no memory. Answers of one turn leave in one write.

import type { Socket } from 'node:net';
import type { EventSink } from '../../events.ts';
import { Framer } from '../../protocol/wire/framer.ts';
import { Writer } from '../../protocol/wire/writer.ts';
import type { Authentication, ConnectionInfo } from '../handlers/handler.ts';
import type { Clock, Timer, Timers } from '../runtime/clock.ts';
import type { Exchange, FrameDispatcher, Peer } from './exchange.ts';
import { guessProtocol } from './foreign-protocol.ts';
import { readSocket, type SocketReaderOptions } from './socket-reader.ts';

/** Requests under way or waiting: a client that pipelines more gains nothing and only costs memory. */
const REQUESTS_MAX = 256;
/** Bytes of requests under way or waiting. One larger request is taken when nothing else is there. */
const REQUEST_BYTES_MAX = 16 * 1024 * 1024;
/** Answers a slow reader has not taken yet; beyond it no further request of it begins. */
const OUTPUT_BYTES_MAX = 1024 * 1024;
/** A frame that grows by less than this in the idle time will never end: its connection counts as silent. */
const SLOW_FRAME_BYTES = 64 * 1024;
/** Most answers are small; larger ones grow it. */
const WRITER_BYTES = 512;

export interface ConnectionOptions {
  readonly id: number;
  readonly listenerName: string;
  readonly dispatcher: FrameDispatcher;
  /** Who it is from the start: a client certificate's owner. Default `User:ANONYMOUS`. */
  readonly principal?: string;
  readonly authentication?: Authentication | null;
  readonly frameBytesMax: number;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly events: EventSink;
  readonly report: (message: string) => void;
  readonly reading: SocketReaderOptions;
  readonly closed: (connection: Connection) => void;
}

export class Connection implements Peer {
  readonly info: ConnectionInfo & { principal: string; isTokenAuthenticated: boolean };
  /** When bytes last moved in either direction. */
  lastActiveMs: number;
  readonly #options: ConnectionOptions;
  readonly #dispatcher: FrameDispatcher;
  readonly #socket: Socket;
  readonly #framer: Framer;
  /** Begun and not yet answered to the socket, in order. */
  readonly #underway: Exchange[] = [];
  #underwayBytes = 0;
  /** Whole frames that may not begin yet, copied. */
  readonly #waiting: Buffer[] = [];
  #waitingBytes = 0;
  #writer: Writer | null = null;
  #sending: Exchange[] = [];
  #flushScheduled = false;
  #pumping = false;
  #isPaused = false;
  #isClosed = false;
  /** Set when no further frame is taken: the connection ends once what came before is answered. */
  #endReason: string | null = null;
  /** Set when answers still to come have no place in the output any more. */
  #isDropping = false;
  /** Runs while a quota holds the client back: nothing is read from it, nothing of it begins. */
  #muteTimer: Timer | null = null;
  #mutedUntilMs = 0;
  #clientId = '';
  #bytesReceived = 0;
  /** Received when it last counted as active. */
  #bytesWhenActive = 0;
  #abort: AbortController | null = null;

  constructor(accepted: Socket, options: ConnectionOptions) {
    this.#options = options;
    this.#dispatcher = options.dispatcher;
    this.lastActiveMs = options.clock.nowMs();
    this.#framer = new Framer({ frameBytesMax: options.frameBytesMax });
    this.#socket = readSocket(accepted, chunk => this.#receive(chunk), options.reading);
    this.info = describePeer(this.#socket, options);
    this.#socket.on('drain', () => this.#advance());
    this.#socket.on('error', error => this.#ended(`the network failed: ${error.message}`));
    this.#socket.on('close', () => this.#ended('the client closed it'));
  }

  get signal(): AbortSignal {
    if (this.#abort === null) {
      this.#abort = new AbortController();
      if (this.#isClosed || this.#endReason !== null) this.#abort.abort();
    }
    return this.#abort.signal;
  }

  get isWorking(): boolean {
    return this.#underway.length > 0;
  }

  /** For one that has been silent; a peer that does not even take its answers gets no more time. */
  expire(reason: string): void {
    if (this.isQuiet && this.#socket.writableLength === 0) this.end(reason);
    else this.destroy(reason);
  }

  /** Nothing is asked for that has not been answered. */
  get isQuiet(): boolean {
    return this.#underway.length === 0 && this.#waiting.length === 0;
  }

  /** Takes no further request, wakes waiting ones, and closes once all are answered. */
  end(reason: string): void {
    if (this.#isClosed || this.#endReason !== null) return;
    this.#endReason = reason;
    this.#socket.pause();
    this.#unmute();
    this.#abort?.abort();
    this.#advance();
  }

  /** The login is done: from now on it is this principal, and may send frames up to the usual size. */
  authenticated(principal: string, frameBytesMax: number, isByToken: boolean): void {
    this.info.principal = principal;
    this.info.isTokenAuthenticated = isByToken;
    this.#framer.acceptFramesUpTo(frameBytesMax);
  }

  destroy(reason: string): void {
    this.#socket.destroy();
    this.#ended(reason);
  }

  begun(exchange: Exchange): void {
    this.#clientId = exchange.clientId;
    this.#underway.push(exchange);
    this.#underwayBytes += exchange.sizeInBytes;
  }

  finished(exchange: Exchange): void {
    // Nobody reads this answer any more; what it holds is given back at once.
    if (this.#isClosed || this.#isDropping) exchange.sent();
    else this.#advance();
  }

  mute(durationMs: number): void {
    const untilMs = this.#options.clock.nowMs() + durationMs;
    if (this.#isClosed || this.#endReason !== null || untilMs <= this.#mutedUntilMs) return;
    this.#unmute();
    this.#mutedUntilMs = untilMs;
    this.#muteTimer = this.#options.timers.schedule(durationMs, () => {
      this.#unmute();
      this.#advance();
    });
  }

  #unmute(): void {
    this.#muteTimer?.cancel();
    this.#muteTimer = null;
  }

  report(message: string): void {
    this.#options.report(`${this.#who()}: ${message}`);
  }

  #receive(chunk: Buffer): boolean {
    if (this.#isClosed || this.#endReason !== null) return false;
    const isFirst = this.#bytesReceived === 0;
    this.#bytesReceived += chunk.length;
    const isMidFrame = this.#framer.pendingBytes > 0;
    if (!isMidFrame || this.#bytesReceived - this.#bytesWhenActive >= SLOW_FRAME_BYTES) {
      this.#bytesWhenActive = this.#bytesReceived;
      this.lastActiveMs = this.#options.clock.nowMs();
    }
    try {
      this.#framer.push(chunk, this.#frame);
    } catch (error) {
      const guess = isFirst ? guessProtocol(chunk) : null;
      const reason = guess ?? (error instanceof Error ? error.message : String(error));
      this.#options.report(`Closed the connection of ${this.#who()}: ${reason}`);
      this.end(reason);
      return false;
    }
    this.#isPaused = this.#isFull();
    return !this.#isPaused;
  }

  readonly #frame = (buffer: Buffer, start: number, end: number): void => {
    if (this.#isClosed || this.#endReason !== null) return;
    if (this.#waiting.length === 0 && this.#mayBegin(buffer, start, end)) {
      this.#dispatcher.dispatch(this, buffer, start, end);
      return;
    }
    const copy = Buffer.allocUnsafeSlow(end - start);
    buffer.copy(copy, 0, start, end);
    this.#waiting.push(copy);
    this.#waitingBytes += copy.length;
  };

  #mayBegin(frame: Buffer, start: number, end: number): boolean {
    if (this.#muteTimer !== null || this.#isOutputFull()) return false;
    if (this.#underway.length === 0) return true;
    if (this.#underway.length >= REQUESTS_MAX || this.#underwayBytes >= REQUEST_BYTES_MAX) return false;
    // What is under way is either one request of any kind or pipelined ones only, of which the last may hold the order.
    return this.#underway.at(-1)!.isPipelined && this.#dispatcher.isPipelined(frame, start, end);
  }

  #isOutputFull(): boolean {
    return this.#socket.writableLength + (this.#writer?.length ?? 0) > OUTPUT_BYTES_MAX;
  }

  #isFull(): boolean {
    if (this.#muteTimer !== null) return true;
    return this.#waiting.length >= REQUESTS_MAX || this.#waitingBytes >= REQUEST_BYTES_MAX;
  }

  /** Puts what is answered into the output, lets waiting requests begin, until neither is possible. */
  #advance(): void {
    if (this.#pumping || this.#isClosed) return;
    this.#pumping = true;
    do {
      this.#collectAnswers();
    } while (this.#beginNext());
    this.#pumping = false;
    if (this.#isClosed) return;
    if (this.#endReason !== null && this.isQuiet) this.#scheduleFlush();
    else if (this.#isPaused && this.#endReason === null && !this.#isFull()) {
      this.#isPaused = false;
      this.#socket.resume();
    }
  }

  #beginNext(): boolean {
    const frame = this.#waiting[0];
    if (frame === undefined || this.#isClosed || !this.#mayBegin(frame, 0, frame.length)) return false;
    this.#waiting.shift();
    this.#waitingBytes -= frame.length;
    this.#dispatcher.dispatch(this, frame, 0, frame.length);
    return true;
  }

  #collectAnswers(): void {
    for (;;) {
      const exchange = this.#underway[0];
      if (exchange === undefined || exchange.outcome === undefined) return;
      this.#underway.shift();
      this.#underwayBytes -= exchange.sizeInBytes;
      if (exchange.outcome === 'close') {
        this.#closeInsteadOf(exchange);
        return;
      }
      if (exchange.outcome !== null && !this.#write(exchange, exchange.outcome)) return;
      this.#tell(exchange);
      if (exchange.hasSentCallbacks) this.#sending.push(exchange);
    }
  }

  #write(exchange: Exchange, answer: object): boolean {
    this.#writer ??= new Writer(WRITER_BYTES);
    const before = this.#writer.length;
    const beganMs = exchange.throttle === undefined ? 0 : this.#dispatcher.monotonicMs();
    try {
      this.#dispatcher.encode(exchange, answer, this.#writer);
    } catch (error) {
      exchange.sent();
      this.#options.report(
        `The answer to ${exchange.handler?.api.name} version ${exchange.answerVersion} could not be written, so the ` +
          `connection was closed. This is a bug in Millrace: ${error instanceof Error ? error.stack : String(error)}`,
      );
      this.destroy('an answer could not be written');
      return false;
    }
    exchange.answerSizeInBytes = this.#writer.length - before;
    exchange.throttle?.workedAfterwards(this.#dispatcher.monotonicMs() - beganMs);
    this.#scheduleFlush();
    return true;
  }

  #closeInsteadOf(exchange: Exchange): void {
    exchange.sent();
    this.#drop();
    this.#endReason ??= exchange.closeReason;
    this.#socket.pause();
    this.#abort?.abort();
    if (exchange.closeReason !== '') {
      this.#options.report(`Closed the connection of ${this.#who()}: ${exchange.closeReason}`);
    }
    this.#scheduleFlush();
  }

  /** Forgets what is under way or waits; answers that are known already give back what they hold. */
  #drop(): void {
    this.#isDropping = true;
    for (const exchange of this.#underway.splice(0)) if (exchange.outcome !== undefined) exchange.sent();
    this.#underwayBytes = 0;
    this.#waiting.length = 0;
    this.#waitingBytes = 0;
  }

  #tell(exchange: Exchange): void {
    const { events, clock } = this.#options;
    const api = exchange.handler?.api;
    if (!events.active || api === undefined) return;
    const answer = exchange.outcome as { errorCode?: unknown } | null;
    events.emit({
      type: 'request-served',
      atMs: clock.nowMs(),
      connectionId: this.info.id,
      apiKey: api.key,
      apiName: api.name,
      apiVersion: exchange.apiVersion,
      clientId: exchange.clientId,
      latencyMs: this.#dispatcher.monotonicMs() - exchange.startedMs,
      requestSizeInBytes: exchange.sizeInBytes,
      responseSizeInBytes: exchange.answerSizeInBytes,
      errorCode: typeof answer?.errorCode === 'number' ? answer.errorCode : 0,
    });
  }

  #scheduleFlush(): void {
    if (this.#flushScheduled) return;
    this.#flushScheduled = true;
    process.nextTick(this.#flush);
  }

  readonly #flush = (): void => {
    this.#flushScheduled = false;
    if (this.#isClosed) return;
    const sending = this.#sending;
    if (sending.length > 0) this.#sending = [];
    if (this.#writer !== null) {
      const chunks = this.#writer.chunks();
      this.#writer = null;
      this.#socket.cork();
      const last = chunks.length - 1;
      for (let index = 0; index < last; index += 1) this.#socket.write(chunks[index]!);
      this.#socket.write(chunks[last]!, () => this.#written(sending));
      this.#socket.uncork();
    } else {
      this.#written(sending);
    }
    if (this.#endReason !== null && this.isQuiet) this.#socket.destroySoon();
    else if (this.#waiting.length > 0) this.#advance();
  };

  #written(sent: readonly Exchange[]): void {
    this.lastActiveMs = this.#options.clock.nowMs();
    for (const exchange of sent) exchange.sent();
  }

  #ended(reason: string): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#endReason ??= reason;
    this.#unmute();
    this.#abort?.abort();
    for (const exchange of this.#sending.splice(0)) exchange.sent();
    this.#drop();
    this.#socket.destroy();
    this.#options.closed(this);
    const { events, clock } = this.#options;
    if (!events.active) return;
    events.emit({
      type: 'connection-closed',
      atMs: clock.nowMs(),
      connectionId: this.info.id,
      reason: this.#endReason,
      clientId: this.#clientId,
      clientSoftwareName: this.info.clientSoftwareName,
      clientSoftwareVersion: this.info.clientSoftwareVersion,
      bytesReceived: this.#bytesReceived,
      bytesSent: this.#socket.bytesWritten,
    });
  }

  #who(): string {
    const { clientSoftwareName, clientSoftwareVersion, remoteAddress, remotePort } = this.info;
    const software =
      clientSoftwareName === '' ? '' : ` (software ${clientSoftwareName} ${clientSoftwareVersion})`;
    const client = this.#clientId === '' ? 'a client without an id' : `client "${this.#clientId}"`;
    return `${client}${software} at ${remoteAddress}:${remotePort}`;
  }
}

function describePeer(socket: Socket, options: ConnectionOptions): Connection['info'] {
  return {
    id: options.id,
    remoteAddress: socket.remoteAddress ?? '',
    remotePort: socket.remotePort ?? 0,
    localAddress: socket.localAddress ?? '',
    localPort: socket.localPort ?? 0,
    listenerName: options.listenerName,
    principal: options.principal ?? 'User:ANONYMOUS',
    isTokenAuthenticated: false,
    authentication: options.authentication ?? null,
    clientSoftwareName: '',
    clientSoftwareVersion: '',
  };
}
