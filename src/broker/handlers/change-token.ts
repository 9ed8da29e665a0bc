// RenewDelegationToken and ExpireDelegationToken: both name a token by its secret and move its end; only the decision differs
// (metadata/delegation-tokens.ts). Rules: KafkaApis.handleRenewTokenRequest and handleExpireTokenRequest.

import { ErrorCode } from '../../protocol/errors.ts';
import type { decideExpireToken, decideRenewToken } from '../metadata/delegation-tokens.ts';
import type { Deferred } from '../runtime/deferred.ts';
import type { RequestContext } from './handler.ts';
import { mayAskAboutTokens } from './token-requester.ts';

export interface TokenChangeResponse {
  readonly errorCode: number;
  readonly expiryTimestampMs: bigint;
  readonly throttleTimeMs: number;
}

/** DelegationTokenManager.ERROR_TIMESTAMP */
const NO_TIME = -1n;

export function changeToken(
  { hmac, periodMs }: { readonly hmac: Buffer; readonly periodMs: bigint },
  { node, connection }: RequestContext,
  decide: typeof decideRenewToken | typeof decideExpireToken,
): TokenChangeResponse | Deferred<TokenChangeResponse> {
  const { delegationTokens, metadata } = node;
  if (!mayAskAboutTokens(connection)) return tokenRefused(ErrorCode.DELEGATION_TOKEN_REQUEST_NOT_ALLOWED);
  if (!delegationTokens.isEnabled) return tokenRefused(ErrorCode.DELEGATION_TOKEN_AUTH_DISABLED, 0n);
  return metadata.write<TokenChangeResponse>(
    image => {
      const token = delegationTokens.find(image, hmac);
      const change = { token, requester: connection.principal, periodMs };
      const { records, response } = decide(image, change, delegationTokens.environment);
      return { records, response: { ...response, throttleTimeMs: 0 } };
    },
    ({ code }) => tokenRefused(code),
  );
}

export function tokenRefused(errorCode: number, expiryTimestampMs = NO_TIME): TokenChangeResponse {
  return { errorCode, expiryTimestampMs, throttleTimeMs: 0 };
}
