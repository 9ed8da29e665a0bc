// DescribeDelegationToken: one's own tokens, those one may renew, and, who may, those of others, with their secrets. Rules:
// KafkaApis.handleDescribeTokensRequest, DelegationTokenManager.filterToken.

import { ErrorCode } from '../../protocol/errors.ts';
import { DescribeDelegationToken } from '../../protocol/messages/apis/describe-delegation-token.ts';
import type { ResponseDraft } from '../../protocol/schema/field.ts';
import { concerns, type DelegationToken } from '../metadata/delegation-tokens.ts';
import { isAuthorized } from './authorize.ts';
import { handler, type RequestContext } from './handler.ts';
import { mayAskAboutTokens, partsOf, principalOf } from './token-requester.ts';

type Response = ResponseDraft<typeof DescribeDelegationToken>;

/** Before it a token is its requester's. */
const REQUESTER_SINCE = 3;

export const describeDelegationToken = handler(
  DescribeDelegationToken,
  {
    versions: '1-3',
    acl: {
      perResource: "none for tokens of one's own; DESCRIBE on DELEGATION_TOKEN or DESCRIBE_TOKENS on USER",
    },
    failed: (_request, errorCode) => refused(errorCode),
  },
  ({ owners }, context) => {
    const { node, connection, apiVersion } = context;
    if (!mayAskAboutTokens(connection)) return refused(ErrorCode.DELEGATION_TOKEN_REQUEST_NOT_ALLOWED);
    if (!node.delegationTokens.isEnabled) return refused(ErrorCode.DELEGATION_TOKEN_AUTH_DISABLED);
    const wanted = owners?.map(principalOf) ?? null;
    return node.metadata.read<Response>(
      image => ({
        errorCode: ErrorCode.NONE,
        tokens: [...image.delegationTokens.values()]
          .filter(token => wanted === null || wanted.some(owner => concerns(token, owner)))
          .filter(token => maySee(token, context))
          .map(token => described(token, node.delegationTokens.secretOf(token), apiVersion)),
        throttleTimeMs: 0,
      }),
      ({ code }) => refused(code),
    );
  },
);

function maySee(token: DelegationToken, context: RequestContext): boolean {
  return (
    concerns(token, context.connection.principal) ||
    isAuthorized(context, 'DESCRIBE', 'DELEGATION_TOKEN', token.tokenId) ||
    isAuthorized(context, 'DESCRIBE_TOKENS', 'USER', token.owner)
  );
}

function described(token: DelegationToken, hmac: Buffer, apiVersion: number): Response['tokens'][number] {
  const requester = partsOf(token.requester);
  const hasRequester = apiVersion >= REQUESTER_SINCE;
  return {
    ...partsOf(token.owner),
    tokenRequesterPrincipalType: hasRequester ? requester.principalType : '',
    tokenRequesterPrincipalName: hasRequester ? requester.principalName : '',
    issueTimestamp: token.issueTimestamp,
    expiryTimestamp: token.expirationTimestamp,
    maxTimestamp: token.maxTimestamp,
    tokenId: token.tokenId,
    hmac,
    renewers: token.renewers.map(partsOf),
  };
}

function refused(errorCode: number): Response {
  return { errorCode, tokens: [], throttleTimeMs: 0 };
}
