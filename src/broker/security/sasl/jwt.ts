// JSON Web Tokens as a broker accepts them: three parts, a signature by a key of the pinned key set, and claims that say
// when, by whom, for whom and who (RFC 7515, 7519). Rules: BrokerJwtValidator over jose4j. Signatures are RS, PS, ES and
// EdDSA only: "none" is not among them, and neither is a shared secret, so a public key can never be taken for one.

import { constants, verify } from 'node:crypto';
import type { JsonWebKeySet, VerificationKey } from './json-web-keys.ts';
import { type BearerToken, TokenError, type TokenValidator } from './oauth-bearer.ts';

export interface JwtRules {
  /** None: a token that names an audience is refused, as jose4j does. */
  readonly expectedAudiences: readonly string[];
  /** Null: any. */
  readonly expectedIssuer: string | null;
  readonly clockSkewMs: number;
  readonly scopeClaimName: string;
  readonly subClaimName: string;
  readonly nowMs: () => number;
}

export interface JwtParts {
  readonly header: Readonly<Record<string, unknown>>;
  readonly claims: Readonly<Record<string, unknown>>;
  readonly signed: string;
  readonly signature: Buffer;
}

interface Algorithm {
  readonly hash: string | null;
  readonly keyType: 'RSA' | 'EC' | 'OKP';
  readonly curve?: string;
  readonly isPss?: boolean;
}

const ALGORITHMS: ReadonlyMap<string, Algorithm> = new Map([
  ['RS256', { hash: 'sha256', keyType: 'RSA' }],
  ['RS384', { hash: 'sha384', keyType: 'RSA' }],
  ['RS512', { hash: 'sha512', keyType: 'RSA' }],
  ['PS256', { hash: 'sha256', keyType: 'RSA', isPss: true }],
  ['PS384', { hash: 'sha384', keyType: 'RSA', isPss: true }],
  ['PS512', { hash: 'sha512', keyType: 'RSA', isPss: true }],
  ['ES256', { hash: 'sha256', keyType: 'EC', curve: 'P-256' }],
  ['ES384', { hash: 'sha384', keyType: 'EC', curve: 'P-384' }],
  ['ES512', { hash: 'sha512', keyType: 'EC', curve: 'P-521' }],
  ['EdDSA', { hash: null, keyType: 'OKP', curve: 'Ed25519' }],
]);

/** Keys without a `kid` are tried one after the other; more than this many is not a key set but a search. */
const CANDIDATES_MAX = 16;

export function jwtValidator(keys: JsonWebKeySet, rules: JwtRules): TokenValidator {
  return async text => {
    const token = parseJwt(text);
    const { alg, kid, crit } = token.header;
    const algorithm = typeof alg === 'string' ? ALGORITHMS.get(alg) : undefined;
    if (algorithm === undefined) throw new TokenError(`its algorithm ${JSON.stringify(alg)} is not accepted`);
    if (crit !== undefined) throw new TokenError('it asks for extensions (crit) that are not known');
    const id = typeof kid === 'string' ? kid : null;
    const candidates = (await keys.find(id)).filter(key => isFor(key, alg as string, algorithm));
    if (candidates.length === 0) throw new TokenError('no key of the key set fits it');
    const isSigned = candidates.slice(0, CANDIDATES_MAX).some(key => isSignature(token, algorithm, key));
    if (!isSigned) throw new TokenError('its signature is wrong');
    return judgeClaims(token.claims, rules);
  };
}

/** Throws TokenError unless there are three parts, two of them JSON objects. */
export function parseJwt(text: string): JwtParts {
  const [header, claims, signature, ...rest] = text.split('.');
  if (header === undefined || claims === undefined || signature === undefined || rest.length > 0) {
    throw new TokenError('it has not the three parts of a JSON Web Token');
  }
  return {
    header: jsonOf(header),
    claims: jsonOf(claims),
    signed: `${header}.${claims}`,
    signature: Buffer.from(signature, 'base64url'),
  };
}

function jsonOf(part: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
  } catch {
    throw new TokenError('a part of it is not JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new TokenError('a part of it is not a JSON object');
  }
  return value as Record<string, unknown>;
}

function isFor(key: VerificationKey, alg: string, { keyType, curve }: Algorithm): boolean {
  return (
    key.type === keyType &&
    (curve === undefined || key.curve === curve) &&
    (key.algorithm === null || key.algorithm === alg)
  );
}

function isSignature(
  { signed, signature }: JwtParts,
  algorithm: Algorithm,
  { key }: VerificationKey,
): boolean {
  const { hash, keyType, isPss = false } = algorithm;
  const options =
    keyType === 'EC'
      ? { key, dsaEncoding: 'ieee-p1363' as const }
      : isPss
        ? { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }
        : { key };
  return verify(hash, Buffer.from(signed, 'ascii'), options, signature);
}

function judgeClaims(claims: JwtParts['claims'], rules: JwtRules): BearerToken {
  const nowMs = rules.nowMs();
  const expiresAtMs = timeOf(claims, 'exp');
  const issuedAtMs = timeOf(claims, 'iat');
  const notBeforeMs = timeOf(claims, 'nbf');
  if (expiresAtMs === null) throw new TokenError('it does not say when it expires (exp)');
  if (issuedAtMs === null) throw new TokenError('it does not say when it was issued (iat)');
  if (expiresAtMs < 0 || issuedAtMs < 0) throw new TokenError('exp or iat is negative');
  if (nowMs - rules.clockSkewMs >= expiresAtMs) throw new TokenError('it has expired');
  if (expiresAtMs < issuedAtMs) throw new TokenError('it expires before it was issued');
  if (notBeforeMs !== null && expiresAtMs < notBeforeMs) throw new TokenError('it expires before it begins');
  if (notBeforeMs !== null && nowMs + rules.clockSkewMs < notBeforeMs) {
    throw new TokenError('it is not valid yet (nbf)');
  }
  judgeParties(claims, rules);
  judgeScope(claims[rules.scopeClaimName], rules.scopeClaimName);
  const principalName = claims[rules.subClaimName];
  if (typeof principalName !== 'string' || principalName.trim() === '') {
    throw new TokenError(`its claim ${rules.subClaimName} names nobody`);
  }
  return { principalName: principalName.trim(), expiresAtMs };
}

function judgeParties(claims: JwtParts['claims'], { expectedAudiences, expectedIssuer }: JwtRules): void {
  const { aud, iss } = claims;
  if (expectedIssuer !== null && iss !== expectedIssuer) {
    throw new TokenError('it was not issued by sasl.oauthbearer.expected.issuer');
  }
  const audiences = Array.isArray(aud) ? aud : aud === undefined ? [] : [aud];
  if (audiences.some(audience => typeof audience !== 'string')) throw new TokenError('aud is not text');
  if (expectedAudiences.length === 0 && audiences.length > 0) {
    throw new TokenError('it names an audience, and sasl.oauthbearer.expected.audience is not set');
  }
  if (expectedAudiences.length > 0 && !audiences.some(audience => expectedAudiences.includes(audience))) {
    throw new TokenError('it is not meant for sasl.oauthbearer.expected.audience');
  }
}

/** ClaimValidationUtils.validateScopes: what is there must be texts, none of them blank or twice. */
function judgeScope(scope: unknown, claimName: string): void {
  const scopes: readonly unknown[] = Array.isArray(scope) ? scope : typeof scope === 'string' ? [scope] : [];
  const seen = new Set<string>();
  for (const one of scopes) {
    if (typeof one !== 'string' || one.trim() === '' || seen.has(one.trim())) {
      throw new TokenError(`its claim ${claimName} is not a list of different texts`);
    }
    seen.add(one.trim());
  }
}

/** A NumericDate in milliseconds; null when the claim is absent. */
function timeOf(claims: JwtParts['claims'], name: string): number | null {
  const value = claims[name];
  if (value === undefined || value === null) return null;
  if (typeof value !== 'number' || !Number.isFinite(value))
    throw new TokenError(`its claim ${name} is no number`);
  return Math.floor(value) * 1000;
}
