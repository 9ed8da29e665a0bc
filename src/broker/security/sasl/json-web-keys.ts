// The keys by which tokens are verified: a JSON Web Key Set (RFC 7517) from `sasl.oauthbearer.jwks.endpoint.url`. A file is
// read again when it changed. An http(s) address is fetched when first needed, again after
// `sasl.oauthbearer.jwks.endpoint.refresh.ms`, and at once, but at most once a minute, for a key id nobody knows yet
// (RefreshingHttpsJwks). The address comes from the static configuration only: no client can make the broker call another.

import { createPublicKey, type JsonWebKeyInput, type KeyObject } from 'node:crypto';
import { modifiedAtMsIfAny, readTextIfAny } from '../../../host-files.ts';
import { TokenError } from './oauth-bearer.ts';

export interface VerificationKey {
  readonly key: KeyObject;
  readonly id: string | null;
  readonly type: string;
  readonly curve: string | null;
  /** The only algorithm it is for, or null. */
  readonly algorithm: string | null;
}

export interface JsonWebKeySet {
  /** The keys with this id; all when the token names none. Throws TokenError when there is no key set. */
  find(id: string | null): Promise<readonly VerificationKey[]>;
}

const SET_BYTES_MAX = 1024 * 1024;
const FETCH_TIMEOUT_MS = 10_000;
/** RefreshingHttpsJwks.MISSING_KEY_ID_CACHE_IN_FLIGHT_MS */
const REFETCH_MS_MIN = 60_000;
/** jose4j takes no shorter RSA key. */
const RSA_BITS_MIN = 2048;

/** Throws SyntaxError unless the text is a key set. Keys that are not for signatures, or not known, are left out. */
export function parseJsonWebKeys(text: string): VerificationKey[] {
  const { keys } = JSON.parse(text) as { keys?: unknown };
  if (!Array.isArray(keys)) throw new SyntaxError('it has no list "keys"');
  return keys.flatMap((jwk: Record<string, unknown>) => {
    const key = publicKeyOf(jwk);
    if (key === null) return [];
    const textOf = (name: string) => (typeof jwk[name] === 'string' ? (jwk[name] as string) : null);
    return [
      { key, id: textOf('kid'), type: textOf('kty') ?? '', curve: textOf('crv'), algorithm: textOf('alg') },
    ];
  });
}

function publicKeyOf(jwk: Record<string, unknown>): KeyObject | null {
  const { kty, n, e, crv, x, y, use } = jwk;
  if (use !== undefined && use !== 'sig') return null;
  // Only what is public: a key set with private parts must not put them into memory here.
  const parts = kty === 'RSA' ? { kty, n, e } : kty === 'EC' ? { kty, crv, x, y } : { kty, crv, x };
  if (kty !== 'RSA' && kty !== 'EC' && kty !== 'OKP') return null;
  try {
    const key = createPublicKey({ key: parts as JsonWebKeyInput['key'], format: 'jwk' });
    return kty === 'RSA' && (key.asymmetricKeyDetails?.modulusLength ?? 0) < RSA_BITS_MIN ? null : key;
  } catch {
    return null;
  }
}

function withId(keys: readonly VerificationKey[], id: string | null): readonly VerificationKey[] {
  return id === null ? keys : keys.filter(key => key.id === id);
}

export class FileKeySet implements JsonWebKeySet {
  readonly #path: string;
  #modifiedAtMs: number | null = null;
  #keys: readonly VerificationKey[] = [];

  constructor(path: string) {
    this.#path = path;
  }

  /** Throws a SyntaxError or TokenError when the file is not there or no key set. */
  load(): void {
    const modifiedAtMs = modifiedAtMsIfAny(this.#path);
    if (modifiedAtMs !== null && modifiedAtMs === this.#modifiedAtMs) return;
    const text = readTextIfAny(this.#path);
    if (text === null) throw new TokenError(`the key set ${this.#path} cannot be read`);
    this.#keys = parseJsonWebKeys(text);
    this.#modifiedAtMs = modifiedAtMs;
  }

  async find(id: string | null): Promise<readonly VerificationKey[]> {
    try {
      this.load();
    } catch (error) {
      // A file that is being replaced: the keys known so far still count.
      if (this.#keys.length === 0) throw new TokenError(`no key set: ${(error as Error).message}`);
    }
    return withId(this.#keys, id);
  }
}

export class HttpKeySet implements JsonWebKeySet {
  readonly #url: string;
  readonly #refreshMs: number;
  readonly #nowMs: () => number;
  readonly #fetch: typeof fetch;
  #keys: readonly VerificationKey[] | null = null;
  #askedAtMs = Number.NEGATIVE_INFINITY;
  #underway: Promise<void> | null = null;

  constructor(options: {
    readonly url: string;
    readonly refreshMs: number;
    readonly nowMs: () => number;
    readonly fetch?: typeof fetch;
  }) {
    this.#url = options.url;
    this.#refreshMs = options.refreshMs;
    this.#nowMs = options.nowMs;
    this.#fetch = options.fetch ?? fetch;
  }

  async find(id: string | null): Promise<readonly VerificationKey[]> {
    const sinceMs = this.#nowMs() - this.#askedAtMs;
    if (this.#keys === null) await this.#refresh();
    else if (sinceMs >= this.#refreshMs) void this.#refresh().catch(() => {});
    const found = withId(this.#keys ?? [], id);
    if (found.length > 0 || sinceMs < REFETCH_MS_MIN) return found;
    // Keys may have been rotated since; what was known stays when the answer does not come.
    await this.#refresh().catch(() => {});
    return withId(this.#keys ?? [], id);
  }

  /** One fetch at a time, for all who wait. */
  #refresh(): Promise<void> {
    this.#underway ??= this.#load().finally(() => {
      this.#underway = null;
    });
    return this.#underway;
  }

  async #load(): Promise<void> {
    this.#askedAtMs = this.#nowMs();
    try {
      const signal = AbortSignal.timeout(FETCH_TIMEOUT_MS);
      const response = await this.#fetch(this.#url, { redirect: 'error', signal });
      if (!response.ok) throw new Error(`HTTP status ${response.status}`);
      this.#keys = parseJsonWebKeys(await boundedText(response));
    } catch (error) {
      throw new TokenError(`the key set ${this.#url} cannot be fetched: ${(error as Error).message}`);
    }
  }
}

async function boundedText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > SET_BYTES_MAX) throw new Error(`more than ${SET_BYTES_MAX} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
