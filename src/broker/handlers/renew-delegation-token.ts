// RenewDelegationToken: a connection without authentication has no token to renew. Rules: KafkaApis.handleRenewTokenRequest,
// allowTokenRequests.

import { ErrorCode } from '../../protocol/errors.ts';
import { RenewDelegationToken } from '../../protocol/messages/apis/renew-delegation-token.ts';
import { handler } from './handler.ts';

/** DelegationTokenManager.ERROR_TIMESTAMP */
const NO_TIME = -1n;

export const renewDelegationToken = handler(
  RenewDelegationToken,
  {
    versions: '1-2',
    acl: { none: 'no tokens are issued' },
    failed: (_request, errorCode) => refused(errorCode),
  },
  () => refused(ErrorCode.DELEGATION_TOKEN_REQUEST_NOT_ALLOWED),
);

function refused(errorCode: number) {
  return { errorCode, expiryTimestampMs: NO_TIME, throttleTimeMs: 0 };
}
