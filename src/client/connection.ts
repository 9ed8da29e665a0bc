// One connection to one broker. Requests go out at once and answers come back in order (that is the protocol's promise,
// and it is checked by correlation id). Knows which versions the broker speaks. It never retries and never reconnects:
// when the line breaks, every waiting request fails, and the pool opens another.

import type { Socket } from 'node:net';
import { ErrorCode, KafkaError } from '../protocol/errors.ts';
import { ApiVersions } from '../protocol/messages/apis/api-versions.ts';
import type { Api, RequestDraft, ResponseOf } from '../protocol/schema/field.ts';
import { Framer } from '../protocol/wire/framer.ts';
import { type BrokerAddress, formatAddress } from './bootstrap-servers.ts';
import { BrokerUnreachableError, type Outcome, unreachable } from './errors.ts';
import { correlationIdOf, decodeResponse, encodeRequest } from './frame.ts';
import type { ConnectionSettings } from './options.ts';
import { dial } from './socket.ts';
import { commonVersion, type VersionTable, versionTableOf } from './versions.ts';

/** Larger than any Fetch asked for here, and than the largest single batch a broker would store. */
const FRAME_BYTES_MAX = 256 * 1024 * 1024;
/** Requests waiting on one line; more means that nobody answers, and memory is not the place to wait. */
const PENDING_MAX = 10_000;
const SOFTWARE_NAME = 'millrace';
const SOFTWARE_VERSION = '0.1.0';

export interface ConnectionOptions extends BrokerAddress, ConnectionSettings {
  readonly clientId: string;
  readonly connectTimeoutMs: number;
  readonly requestTimeoutMs: number;
}

export interface RequestOptions {
  readonly timeoutMs?: number | undefined;
  /** Stops waiting. The broker may carry the request out all the same. */
  readonly signal?: AbortSignal | undefined;
}

interface Pending {
  readonly api: Api;
  readonly version: number;
  readonly correlationId: number;
  readonly deadline: NodeJS.Timeout;
  readonly resolve: (response: unknown) => void;
  readonly reject: (error: unknown) => void;
}

export class Connection {
  readonly address: string;
  readonly #options: ConnectionOptions;
  readonly #socket: Socket;
  readonly #framer = new Framer({ frameBytesMax: FRAME_BYTES_MAX });
  /** In the order they were sent. */
  readonly #pending: Pending[] = [];
  #versions: VersionTable = new Map();
  #nextCorrelationId = 0;
  #failure: Error | null = null;
  /** Set when the broker asked for a new login after a while; the pool then opens a fresh connection. */
  expiresAtMs = Number.POSITIVE_INFINITY;

  private constructor(options: ConnectionOptions, socket: Socket) {
    this.address = formatAddress(options);
    this.#options = options;
    this.#socket = socket;
    socket.on('data', chunk => this.#receive(chunk));
    socket.on('error', error =>
      this.#fail(unreachable({ address: this.address, error, outcome: 'unknown' })),
    );
    socket.on('close', () => this.#fail(this.#unreachable('closed the connection')));
  }

  /** Dials, learns the broker's versions and logs in. */
  static async open(options: ConnectionOptions): Promise<Connection> {
    const { host, port, tls } = options;
    const socket = await dial({ host, port, tls, timeoutMs: options.connectTimeoutMs });
    const connection = new Connection(options, socket);
    try {
      await connection.#learnVersions();
      if (options.sasl !== undefined) await connection.#logIn();
      return connection;
    } catch (error) {
      connection.close();
      throw error instanceof BrokerUnreachableError ? notWelcome(error) : error;
    }
  }

  get isOpen(): boolean {
    return this.#failure === null;
  }

  versionOf(api: Api): number {
    return commonVersion(api, this.#versions);
  }

  request<A extends Api>(
    api: A,
    body: RequestDraft<A>,
    options: RequestOptions = {},
  ): Promise<ResponseOf<A>> {
    return this.#send({ api, version: this.versionOf(api), body }, options);
  }

  close(): void {
    this.#fail(this.#unreachable('was closed by Millrace'));
    this.#socket.destroy();
  }

  #send<A extends Api>(
    { api, version, body }: { api: A; version: number; body: RequestDraft<A> },
    options: RequestOptions,
  ): Promise<ResponseOf<A>> {
    options.signal?.throwIfAborted();
    if (this.#failure !== null) throw this.#failure;
    if (this.#pending.length >= PENDING_MAX)
      throw this.#unreachable(`has ${PENDING_MAX} requests to answer already`, 'not-sent');
    const correlationId = this.#nextCorrelationId;
    this.#nextCorrelationId = (correlationId + 1) & 0x7fffffff;
    const chunks = encodeRequest({ api, version, correlationId, clientId: this.#options.clientId, body });
    const timeoutMs = options.timeoutMs ?? this.#options.requestTimeoutMs;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const deadline = setTimeout(() => {
      // Answers come in order: whoever waits behind this one waits in vain, too.
      this.#fail(this.#unreachable(`did not answer ${api.name} within ${timeoutMs} ms`));
      this.#socket.destroy();
    }, timeoutMs);
    this.#pending.push({ api, version, correlationId, deadline, resolve, reject });
    this.#socket.cork();
    for (const chunk of chunks) this.#socket.write(chunk);
    this.#socket.uncork();
    return abortable(promise, options.signal) as Promise<ResponseOf<A>>;
  }

  #receive(chunk: Buffer): void {
    try {
      // The framer's memory is its own; what a caller keeps (record sets are views) must not change under it.
      this.#framer.push(chunk, (buffer, start, end) =>
        this.#answer(Buffer.from(buffer.subarray(start, end))),
      );
    } catch (error) {
      this.#fail(this.#unreachable(`does not speak Kafka's protocol: ${(error as Error).message}`));
      this.#socket.destroy();
    }
  }

  #answer(frame: Buffer): void {
    const correlationId = correlationIdOf(frame);
    const pending = this.#pending[0];
    if (pending?.correlationId !== correlationId)
      throw new Error(`an answer nobody waits for (${correlationId})`);
    // Decoded while it still waits in line: should the answer be damaged, it fails with all others.
    const response = decodeResponse({ api: pending.api, version: pending.version, frame });
    this.#pending.shift();
    clearTimeout(pending.deadline);
    pending.resolve(response);
  }

  #fail(error: Error): void {
    if (this.#failure !== null) return;
    this.#failure = error;
    for (const pending of this.#pending.splice(0)) {
      clearTimeout(pending.deadline);
      pending.reject(error);
    }
  }

  #unreachable(reason: string, outcome: Outcome = 'unknown'): BrokerUnreachableError {
    return new BrokerUnreachableError({ address: this.address, reason, outcome });
  }

  async #learnVersions(): Promise<void> {
    let version = ApiVersions.latestStableVersion;
    for (;;) {
      const body = { clientSoftwareName: SOFTWARE_NAME, clientSoftwareVersion: SOFTWARE_VERSION };
      const timeoutMs = this.#options.connectTimeoutMs;
      const answer = await this.#send({ api: ApiVersions, version, body }, { timeoutMs });
      this.#versions = versionTableOf(answer.apiKeys);
      if (answer.errorCode === 0) return;
      const lower = commonVersion(ApiVersions, this.#versions);
      if (answer.errorCode !== ErrorCode.UNSUPPORTED_VERSION || lower >= version) {
        throw new KafkaError(
          'UNSUPPORTED_VERSION',
          `${this.address} does not tell which versions it speaks (error ${answer.errorCode}).`,
        );
      }
      version = lower;
    }
  }

  async #logIn(): Promise<void> {
    // Loaded only where a login is wanted: the broker in this process asks for none.
    const { logIn } = await import('./login.ts');
    const lifetimeMs = await logIn(this, this.#options.sasl!);
    // As the Java client: renewed well before the broker would close the line.
    if (lifetimeMs > 0) this.expiresAtMs = Date.now() + lifetimeMs * 0.85;
  }
}

/** Nothing of the caller's was sent yet, and the usual cause is a listener of another kind. */
function notWelcome({ address, message, code, cause }: BrokerUnreachableError): BrokerUnreachableError {
  const reason = `${message.slice(address.length + 1)} (a listener that wants TLS or a login, or no Kafka at all, behaves so)`;
  return new BrokerUnreachableError({ address, reason, outcome: 'not-sent', code, cause });
}

function abortable<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
