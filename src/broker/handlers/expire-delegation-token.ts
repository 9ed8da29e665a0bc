// ExpireDelegationToken: who owns a token, or may renew it, sets its end, or takes it away. Rules: KafkaApis.handleExpireTokenRequest; the decision is in
// metadata/delegation-tokens.ts. The token is named by its secret.

import { ErrorCode } from '../../protocol/errors.ts';
import { ExpireDelegationToken } from '../../protocol/messages/apis/expire-delegation-token.ts';
import type { ResponseDraft } from '../../protocol/schema/field.ts';
import { decideExpireToken } from '../metadata/delegation-tokens.ts';
import { handler } from './handler.ts';
import { mayAskAboutTokens } from './token-requester.ts';

type Response = ResponseDraft<typeof ExpireDelegationToken>;

/** DelegationTokenManager.ERROR_TIMESTAMP */
const NO_TIME = -1n;

export const expireDelegationToken = handler(
  ExpireDelegationToken,
  {
    versions: '1-2',
    acl: { none: 'who knows the secret and is owner or renewer' },
    failed: (_request, errorCode) => refused(errorCode, NO_TIME),
  },
  (request, { node, connection }) => {
    const { delegationTokens, metadata } = node;
    if (!mayAskAboutTokens(connection)) {
      return refused(ErrorCode.DELEGATION_TOKEN_REQUEST_NOT_ALLOWED, NO_TIME);
    }
    if (!delegationTokens.isEnabled) return refused(ErrorCode.DELEGATION_TOKEN_AUTH_DISABLED, 0n);
    return metadata.write<Response>(
      image => {
        const token = delegationTokens.find(image, request.hmac);
        const change = { token, requester: connection.principal, periodMs: request.expiryTimePeriodMs };
        const { records, response } = decideExpireToken(image, change, delegationTokens.environment);
        return { records, response: { ...response, throttleTimeMs: 0 } };
      },
      ({ code }) => refused(code, NO_TIME),
    );
  },
);

function refused(errorCode: number, expiryTimestampMs: bigint): Response {
  return { errorCode, expiryTimestampMs, throttleTimeMs: 0 };
}
