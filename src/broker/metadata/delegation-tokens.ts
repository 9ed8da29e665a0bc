// Delegation tokens (KIP-48, KIP-373, KIP-900): decides which are given, renewed and ended, as DelegationTokenControlManager
// does. What is stored is whose a token is and how long it lasts; its secret is made from its id and the broker's key
// (security/tokens), and stands in no log. Replay: kept-records.ts.

import { ErrorCode } from '../../protocol/errors.ts';
import type { Decision } from '../runtime/shard.ts';
import { metadataVersionOf } from './features.ts';
import type { MetadataImage } from './image.ts';
import { type MetadataData, type MetadataRecord, record } from './metadata-record.ts';

export type DelegationToken = MetadataData<'DelegationTokenRecord'>;

/** What a decision may know besides the image. */
export interface TokenEnvironment {
  readonly nowMs: number;
  /** delegation.token.max.lifetime.ms */
  readonly lifetimeMs: number;
  /** delegation.token.expiry.time.ms */
  readonly renewMs: number;
  readonly newUuid: () => string;
}

export interface TokenCreation {
  readonly owner: string;
  readonly requester: string;
  readonly renewers: readonly string[];
  readonly maxLifetimeMs: bigint;
}

/** A token that somebody holds up: to be renewed or ended. */
export interface TokenChange {
  /** Undefined: nobody gave it. */
  readonly token: DelegationToken | undefined;
  readonly requester: string;
  /** Negative: the default, or at once. */
  readonly periodMs: bigint;
}

export interface ChangedToken {
  readonly errorCode: number;
  readonly expiryTimestampMs: bigint;
}

/** 3.6-IV2, MetadataVersion.isDelegationTokenSupported */
const TOKENS_SINCE = 14;
const LONG_MAX = 2n ** 63n - 1n;
/** DelegationTokenControlManager.MAX_RECORDS_PER_EXPIRATION */
const REMOVED_AT_ONCE_MAX = 1000;

export function supportsTokens(image: MetadataImage): boolean {
  return metadataVersionOf(image) >= TOKENS_SINCE;
}

/** Null: the log's level is too low for it. */
export function decideCreateToken(
  image: MetadataImage,
  { owner, requester, renewers, maxLifetimeMs }: TokenCreation,
  { nowMs, lifetimeMs, renewMs, newUuid }: TokenEnvironment,
): Decision<MetadataRecord, DelegationToken | null> {
  if (!supportsTokens(image)) return { records: [], response: null };
  const now = BigInt(nowMs);
  const longest = BigInt(lifetimeMs);
  const lifetime = maxLifetimeMs > 0n ? least(longest, maxLifetimeMs) : longest;
  const maxTimestamp = least(LONG_MAX, now + lifetime);
  const token: DelegationToken = {
    owner,
    requester,
    renewers: [...renewers],
    issueTimestamp: now,
    maxTimestamp,
    expirationTimestamp: least(maxTimestamp, now + BigInt(renewMs)),
    tokenId: newUuid(),
  };
  return { records: [record('DelegationTokenRecord', token)], response: token };
}

export function decideRenewToken(
  image: MetadataImage,
  { token, requester, periodMs }: TokenChange,
  { nowMs, renewMs }: TokenEnvironment,
): Decision<MetadataRecord, ChangedToken> {
  if (!supportsTokens(image)) return refused(ErrorCode.UNSUPPORTED_VERSION);
  if (token === undefined) return refused(ErrorCode.DELEGATION_TOKEN_NOT_FOUND);
  if (hasEnded(token, nowMs)) return refused(ErrorCode.DELEGATION_TOKEN_EXPIRED);
  if (!mayRenew(token, requester)) return refused(ErrorCode.DELEGATION_TOKEN_OWNER_MISMATCH);
  const longest = BigInt(renewMs);
  const period = periodMs > 0n ? least(longest, periodMs) : longest;
  return lasting(token, BigInt(nowMs) + period);
}

export function decideExpireToken(
  image: MetadataImage,
  { token, requester, periodMs }: TokenChange,
  { nowMs }: TokenEnvironment,
): Decision<MetadataRecord, ChangedToken> {
  if (!supportsTokens(image)) return refused(ErrorCode.UNSUPPORTED_VERSION);
  if (token === undefined) return refused(ErrorCode.DELEGATION_TOKEN_NOT_FOUND);
  if (!mayRenew(token, requester)) return refused(ErrorCode.DELEGATION_TOKEN_OWNER_MISMATCH);
  if (periodMs < 0n) {
    return {
      records: [record('RemoveDelegationTokenRecord', { tokenId: token.tokenId })],
      response: { errorCode: ErrorCode.NONE, expiryTimestampMs: BigInt(nowMs) },
    };
  }
  if (hasEnded(token, nowMs)) return refused(ErrorCode.DELEGATION_TOKEN_EXPIRED);
  return lasting(token, BigInt(nowMs) + periodMs);
}

/** Tokens that have ended go, so many at once. The response: whether there are more. */
export function decideSweepTokens(
  image: MetadataImage,
  { nowMs }: Pick<TokenEnvironment, 'nowMs'>,
): Decision<MetadataRecord, boolean> {
  const ended = [...image.delegationTokens.values()].filter(token => hasEnded(token, nowMs));
  const records = ended
    .slice(0, REMOVED_AT_ONCE_MAX)
    .map(({ tokenId }) => record('RemoveDelegationTokenRecord', { tokenId }));
  return { records, response: ended.length > records.length };
}

/** Whether its owner, who asked for it, and who may renew it are one of these. */
export function concerns({ owner, requester, renewers }: DelegationToken, principal: string): boolean {
  return owner === principal || requester === principal || renewers.includes(principal);
}

export function hasEnded({ maxTimestamp, expirationTimestamp }: DelegationToken, nowMs: number): boolean {
  return maxTimestamp < BigInt(nowMs) || expirationTimestamp < BigInt(nowMs);
}

/** Whoever asked for it on behalf of the owner is not among them. */
function mayRenew({ owner, renewers }: DelegationToken, principal: string): boolean {
  return owner === principal || renewers.includes(principal);
}

function lasting(token: DelegationToken, until: bigint): Decision<MetadataRecord, ChangedToken> {
  const expirationTimestamp = least(token.maxTimestamp, until);
  return {
    records: [record('DelegationTokenRecord', { ...token, expirationTimestamp })],
    response: { errorCode: ErrorCode.NONE, expiryTimestampMs: expirationTimestamp },
  };
}

function refused(errorCode: number): Decision<MetadataRecord, ChangedToken> {
  return { records: [], response: { errorCode, expiryTimestampMs: 0n } };
}

function least(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}
