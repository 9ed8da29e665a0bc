// The secrets of delegation tokens (DelegationTokenManager): the HMAC of a token's id under `delegation.token.secret.key`.
// Whoever shows it may renew the token; whoever knows it logs in by SCRAM, with its text as the password. Nothing of it is
// stored: it is made again when it is asked for, and SCRAM's slow derivation runs in the thread pool, once per token.

import process from 'node:process';
import type { BrokerSettings } from '../../config/settings.ts';
import {
  type DelegationToken,
  decideSweepTokens,
  hasEnded,
  type TokenEnvironment,
} from '../../metadata/delegation-tokens.ts';
import type { MetadataImage } from '../../metadata/image.ts';
import type { Metadata } from '../../metadata/metadata.ts';
import { scramKeys } from '../../metadata/scram-credentials.ts';
import type { Clock, Timer, Timers } from '../../runtime/clock.ts';
import type { ScramCredential, ScramHash } from '../sasl/scram.ts';

export interface DelegationTokensOptions {
  readonly metadata: Metadata;
  readonly settings: BrokerSettings;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly newUuid: () => string;
}

/** ScramMechanism.minIterations */
const ITERATIONS = 4096;
const SALT_BYTES = 32;
const KEY_BYTES = { sha256: 32, sha512: 64 } as const;

export class DelegationTokens {
  readonly #options: DelegationTokensOptions;
  readonly #secretKey: string;
  /** By the record: a renewed token has another, and is derived again. */
  readonly #secrets = new WeakMap<DelegationToken, Buffer>();
  readonly #credentials = new WeakMap<DelegationToken, Map<ScramHash, Promise<ScramCredential>>>();
  #sweep: Timer | null = null;

  constructor(options: DelegationTokensOptions) {
    this.#options = options;
    this.#secretKey = options.settings.get('delegation.token.secret.key') ?? '';
    if (this.isEnabled) this.#scheduleSweep();
  }

  /** Without a key nothing is given or taken. */
  get isEnabled(): boolean {
    return this.#secretKey !== '';
  }

  get environment(): TokenEnvironment {
    const { settings, clock, newUuid } = this.#options;
    return {
      nowMs: clock.nowMs(),
      lifetimeMs: settings.get('delegation.token.max.lifetime.ms'),
      renewMs: settings.get('delegation.token.expiry.time.ms'),
      newUuid,
    };
  }

  secretOf(token: DelegationToken): Buffer {
    const known = this.#secrets.get(token);
    if (known !== undefined) return known;
    const { createHmac } = process.getBuiltinModule('node:crypto');
    const secret = createHmac('sha512', this.#secretKey).update(token.tokenId).digest();
    this.#secrets.set(token, secret);
    return secret;
  }

  /** The token whose secret this is. */
  find(image: MetadataImage, secret: Buffer): DelegationToken | undefined {
    const { timingSafeEqual } = process.getBuiltinModule('node:crypto');
    return [...image.delegationTokens.values()].find(token => {
      const own = this.secretOf(token);
      return own.length === secret.length && timingSafeEqual(own, secret);
    });
  }

  /** What a login with the token is checked against; undefined when there is no such token. */
  async credentialOf(
    tokenId: string,
    hash: ScramHash,
  ): Promise<{ readonly token: DelegationToken; readonly credential: ScramCredential } | undefined> {
    const token = this.#options.metadata.image.delegationTokens.get(tokenId);
    if (!this.isEnabled || token === undefined) return undefined;
    const byHash = this.#credentials.get(token) ?? new Map<ScramHash, Promise<ScramCredential>>();
    this.#credentials.set(token, byHash);
    const credential = byHash.get(hash) ?? derive(this.secretOf(token).toString('base64'), hash);
    byHash.set(hash, credential);
    return { token, credential: await credential };
  }

  close(): void {
    this.#sweep?.cancel();
    this.#sweep = null;
  }

  #scheduleSweep(): void {
    const { settings, timers } = this.#options;
    const everyMs = settings.get('delegation.token.expiry.check.interval.ms');
    this.#sweep = timers.schedule(everyMs, () => this.#sweepNow());
  }

  #sweepNow(): void {
    const { metadata, clock } = this.#options;
    const nowMs = clock.nowMs();
    const hasAny = [...metadata.image.delegationTokens.values()].some(token => hasEnded(token, nowMs));
    if (!hasAny) {
      this.#scheduleSweep();
      return;
    }
    metadata
      .write<boolean>(
        image => decideSweepTokens(image, { nowMs }),
        () => false,
      )
      .whenComplete(hasMore => {
        if (this.#sweep === null) return;
        if (hasMore) this.#sweepNow();
        else this.#scheduleSweep();
      });
  }
}

function derive(password: string, hash: ScramHash): Promise<ScramCredential> {
  const { pbkdf2, randomBytes } = process.getBuiltinModule('node:crypto');
  const salt = randomBytes(SALT_BYTES);
  return new Promise((resolve, reject) => {
    pbkdf2(password, salt, ITERATIONS, KEY_BYTES[hash], hash, (error, salted) => {
      if (error !== null) {
        reject(error);
        return;
      }
      resolve({ salt, iterations: ITERATIONS, ...scramKeys(hash, salted) });
    });
  });
}
