// The login of one connection, as SaslServerAuthenticator does it: ApiVersions, SaslHandshake, the mechanism's messages,
// then a session that may end and be renewed on the same connection (KIP-368) by the same mechanism and principal. Before
// the login nothing but these requests is looked at. A refusal is answered after a delay and the connection ends; it costs
// whoever guesses passwords, not the broker. Knows no frames: sasl-dispatcher.ts does.

import { ErrorCode } from '../../../protocol/errors.ts';
import type { AuthenticateAnswer, Authentication, HandshakeAnswer } from '../../handlers/handler.ts';
import type { GuardedPeer } from '../../network/listener-guard.ts';
import type { Clock, Timer, Timers } from '../../runtime/clock.ts';
import { SaslFailure, type SaslServer, tellClient } from './sasl-server.ts';

export interface SaslListener {
  readonly mechanisms: readonly string[];
  newServer(mechanism: string): SaslServer;
  /** `connections.max.reauth.ms`; 0 is never. */
  maxReauthMs(mechanism: string): number;
  readonly failureDelayMs: () => number;
  /** `sasl.server.max.receive.size` */
  readonly receiveBytesMax: number;
  /** `socket.request.max.bytes`, from the login on. */
  readonly frameBytesMax: number;
  readonly clock: Clock;
  readonly timers: Timers;
}

type State =
  | 'initial'
  | 'handshake'
  | 'authenticate'
  | 'complete'
  | 'reauthenticate'
  | 'wrong-mechanism'
  | 'failed';

const API_VERSIONS = 18;
const SASL_HANDSHAKE = 17;
const SASL_AUTHENTICATE = 36;
/** KafkaChannel.MIN_REAUTH_INTERVAL_ONE_SECOND_NANOS */
const REAUTHENTICATION_MS_MIN = 1000;
/** Apache Kafka waits as long as for any idle connection; nobody honest takes a minute. */
const LOGIN_MS_MAX = 60_000;
const NOTHING = Buffer.alloc(0);

export class SaslSession implements Authentication {
  readonly #listener: SaslListener;
  #peer: GuardedPeer | null = null;
  #deadline: Timer | null = null;
  #state: State = 'initial';
  #mechanism = '';
  #server: SaslServer | null = null;
  #usesRequests = false;
  #principalName: string | null = null;
  #expiresAtMs: number | null = null;
  #reauthenticatedAtMs = Number.NEGATIVE_INFINITY;

  constructor(listener: SaslListener) {
    this.#listener = listener;
  }

  attach(peer: GuardedPeer): void {
    this.#peer = peer;
    const tooLate = () => peer.end(`it did not log in within ${LOGIN_MS_MAX} ms`);
    this.#deadline = this.#listener.timers.schedule(LOGIN_MS_MAX, tooLate);
  }

  closed(): void {
    this.#deadline?.cancel();
  }

  /** The next frame is a bare message of the mechanism (SaslHandshake v0), not a request. */
  get expectsToken(): boolean {
    return this.#state === 'authenticate' && !this.#usesRequests;
  }

  get isComplete(): boolean {
    return this.#state === 'complete';
  }

  /** Why a request with this key may not be looked at, or null. */
  judge(apiKey: number): string | null {
    switch (this.#state) {
      case 'complete':
        return this.#judgeSession(apiKey);
      case 'initial':
        if (apiKey === API_VERSIONS || apiKey === SASL_HANDSHAKE) return null;
        return 'it sent another request than ApiVersions or SaslHandshake before it logged in. Is its security.protocol that of this listener?';
      case 'handshake':
      case 'reauthenticate':
        return apiKey === SASL_HANDSHAKE ? null : 'it sent another request where SaslHandshake was due';
      case 'authenticate':
        if (apiKey === SASL_AUTHENTICATE) return null;
        return 'it sent another request where SaslAuthenticate was due';
      case 'wrong-mechanism':
        return `it tried to renew its login by another mechanism than ${this.#mechanism}`;
      default:
        return 'its login has failed';
    }
  }

  versionsTold(): void {
    if (this.#state === 'initial') this.#state = 'handshake';
  }

  handshake(mechanism: string, version: number): HandshakeAnswer | Promise<HandshakeAnswer> {
    if (this.#state === 'complete') return { errorCode: ErrorCode.ILLEGAL_SASL_STATE, mechanisms: [] };
    const mechanisms = [...this.#listener.mechanisms];
    if (!mechanisms.includes(mechanism)) {
      const answer = { errorCode: ErrorCode.UNSUPPORTED_SASL_MECHANISM, mechanisms };
      return this.#fail(`it asked for the SASL mechanism ${JSON.stringify(mechanism)}`, answer);
    }
    this.#usesRequests = version >= 1;
    if (this.#state === 'reauthenticate' && mechanism !== this.#mechanism) this.#state = 'wrong-mechanism';
    else {
      this.#mechanism = mechanism;
      this.#server = this.#listener.newServer(mechanism);
      this.#state = 'authenticate';
    }
    return { errorCode: ErrorCode.NONE, mechanisms };
  }

  async authenticate(message: Buffer): Promise<AuthenticateAnswer> {
    if (this.#state === 'complete') {
      const errorMessage = 'SaslAuthenticate request received after successful authentication';
      return { errorCode: ErrorCode.ILLEGAL_SASL_STATE, errorMessage, authBytes: NOTHING };
    }
    try {
      const { authBytes, sessionLifetimeMs } = await this.evaluate(message);
      const lifetimeMs = BigInt(sessionLifetimeMs);
      return { errorCode: ErrorCode.NONE, errorMessage: '', authBytes, sessionLifetimeMs: lifetimeMs };
    } catch (error) {
      if (!(error instanceof SaslFailure)) throw error;
      const errorMessage = error.isForClient ? error.message : this.#hiddenMessage();
      const errorCode = ErrorCode.SASL_AUTHENTICATION_FAILED;
      return this.#fail(`${this.#mechanism}: ${error.message}`, {
        errorCode,
        errorMessage,
        authBytes: NOTHING,
      });
    }
  }

  /** One message of the mechanism. Throws SaslFailure. */
  async evaluate(message: Buffer): Promise<{ authBytes: Buffer; sessionLifetimeMs: number }> {
    const server = this.#server!;
    const authBytes = await server.evaluate(message);
    const { outcome } = server;
    if (outcome === null) return { authBytes, sessionLifetimeMs: 0 };
    if (this.#principalName !== null && this.#principalName !== outcome.name) {
      throw tellClient(
        `Cannot change principals during re-authentication from User.${this.#principalName}: User.${outcome.name}`,
      );
    }
    const sessionLifetimeMs = this.#beginSession(outcome.expiresAtMs);
    this.#principalName = outcome.name;
    this.#deadline?.cancel();
    this.#state = 'complete';
    this.#peer?.authenticated(
      `User:${outcome.name}`,
      this.#listener.frameBytesMax,
      outcome.isByToken ?? false,
    );
    return { authBytes, sessionLifetimeMs };
  }

  /** The login is over: the answer, if any, leaves after the delay, and the connection ends behind it. */
  #fail<Answer>(reason: string, answer: Answer): Promise<Answer> {
    this.failed(reason);
    const { timers, failureDelayMs } = this.#listener;
    return new Promise(resolve => timers.schedule(failureDelayMs(), () => resolve(answer)));
  }

  failed(reason: string): void {
    this.#state = 'failed';
    this.#peer?.report(`login refused: ${reason}`);
    this.#peer?.end(`its login was refused: ${reason}`);
  }

  failureDelay(): Promise<void> {
    const { timers, failureDelayMs } = this.#listener;
    return new Promise(resolve => timers.schedule(failureDelayMs(), resolve));
  }

  #judgeSession(apiKey: number): string | null {
    if (this.#expiresAtMs === null) return null;
    const nowMs = this.#listener.clock.nowMs();
    if (apiKey === SASL_HANDSHAKE && nowMs - this.#reauthenticatedAtMs >= REAUTHENTICATION_MS_MIN) {
      this.#reauthenticatedAtMs = nowMs;
      this.#state = 'reauthenticate';
      return null;
    }
    return nowMs > this.#expiresAtMs ? 'its session has expired and it did not log in again' : null;
  }

  /** Returns how long it lasts, 0 for ever (ReauthInfo.calcCompletionTimesAndReturnSessionLifetimeMs). */
  #beginSession(credentialExpiresAtMs: number | null): number {
    const maxReauthMs = this.#listener.maxReauthMs(this.#mechanism);
    const nowMs = this.#listener.clock.nowMs();
    const bounds = [
      ...(credentialExpiresAtMs === null ? [] : [credentialExpiresAtMs - nowMs]),
      ...(maxReauthMs > 0 ? [maxReauthMs] : []),
    ];
    if (bounds.length === 0) {
      this.#expiresAtMs = null;
      return 0;
    }
    const lifetimeMs = Math.max(0, Math.min(...bounds));
    // One that begins when its credential has ended is over before the next request.
    this.#expiresAtMs = lifetimeMs > 0 ? nowMs + lifetimeMs : nowMs - 1;
    return lifetimeMs;
  }

  #hiddenMessage(): string {
    const what = this.#principalName === null ? 'authentication' : 're-authentication';
    return `Authentication failed during ${what} due to invalid credentials with SASL mechanism ${this.#mechanism}`;
  }
}
