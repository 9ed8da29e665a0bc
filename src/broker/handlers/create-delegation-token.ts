// CreateDelegationToken: a connection without authentication may not ask for one. Rules:
// KafkaApis.handleCreateTokenRequest, allowTokenRequests.

import { ErrorCode } from '../../protocol/errors.ts';
import { CreateDelegationToken } from '../../protocol/messages/apis/create-delegation-token.ts';
import type { RequestOf } from '../../protocol/schema/field.ts';
import { handler } from './handler.ts';

const NO_TIME = -1n;
const NOTHING = Buffer.alloc(0);
const ANONYMOUS = 'User:ANONYMOUS';
/** Before it a token is its requester's. */
const OWNER_SINCE = 3;

export const createDelegationToken = handler(
  CreateDelegationToken,
  {
    versions: '1-3',
    acl: { none: 'no tokens are issued' },
    failed: (request, errorCode) =>
      refused(request, { errorCode, principal: ANONYMOUS, version: OWNER_SINCE }),
  },
  (request, { connection, apiVersion }) =>
    refused(request, {
      errorCode: ErrorCode.DELEGATION_TOKEN_REQUEST_NOT_ALLOWED,
      principal: connection.principal,
      version: apiVersion,
    }),
);

function refused(
  { ownerPrincipalType, ownerPrincipalName }: RequestOf<typeof CreateDelegationToken>,
  options: { readonly errorCode: number; readonly principal: string; readonly version: number },
) {
  const { errorCode, principal, version } = options;
  const [type = '', name = ''] = split(principal);
  const hasOwner = version >= OWNER_SINCE && ownerPrincipalName !== null && ownerPrincipalName !== '';
  return {
    errorCode,
    principalType: hasOwner ? (ownerPrincipalType ?? '') : type,
    principalName: hasOwner ? ownerPrincipalName : name,
    tokenRequesterPrincipalType: version >= OWNER_SINCE ? type : '',
    tokenRequesterPrincipalName: version >= OWNER_SINCE ? name : '',
    issueTimestampMs: NO_TIME,
    expiryTimestampMs: NO_TIME,
    maxTimestampMs: NO_TIME,
    tokenId: '',
    hmac: NOTHING,
    throttleTimeMs: 0,
  };
}

/** `User:name`, where the name may have colons of its own. */
function split(principal: string): string[] {
  const colon = principal.indexOf(':');
  return [principal.slice(0, colon), principal.slice(colon + 1)];
}
