// CreateDelegationToken: a token for oneself, or, who may, for another. The answer is the only time its secret is made known
// unasked. Rules: KafkaApis.handleCreateTokenRequest; the decision is in metadata/delegation-tokens.ts.

import { ErrorCode, KafkaError } from '../../protocol/errors.ts';
import { CreateDelegationToken } from '../../protocol/messages/apis/create-delegation-token.ts';
import type { RequestOf, ResponseDraft } from '../../protocol/schema/field.ts';
import { type DelegationToken, decideCreateToken } from '../metadata/delegation-tokens.ts';
import { isAuthorized } from './authorize.ts';
import { handler } from './handler.ts';
import { mayAskAboutTokens, partsOf, principalOf } from './token-requester.ts';

type Request = RequestOf<typeof CreateDelegationToken>;
type Response = ResponseDraft<typeof CreateDelegationToken>;

/** DelegationTokenManager.ERROR_TIMESTAMP */
const NO_TIME = -1n;
const NOTHING = Buffer.alloc(0);
const NOBODY = { owner: 'User:ANONYMOUS', requester: 'User:ANONYMOUS' };
/** Before it a token is its requester's. */
const OWNER_SINCE = 3;
const USER = 'User';

export const createDelegationToken = handler(
  CreateDelegationToken,
  {
    versions: '1-3',
    acl: { perResource: "none for a token of one's own; CREATE_TOKENS on USER for another's" },
    failed: (_request, errorCode) => refused(errorCode, NOBODY, NO_TIME),
  },
  (request, context) => {
    const { node, connection, apiVersion } = context;
    const requester = connection.principal;
    const people = { requester, owner: ownerOf(request, requester) };
    const refuse = (errorCode: number, time = NO_TIME) =>
      refused(errorCode, people, time, apiVersion >= OWNER_SINCE);
    if (!mayAskAboutTokens(connection)) return refuse(ErrorCode.DELEGATION_TOKEN_REQUEST_NOT_ALLOWED);
    const isForAnother = people.owner !== requester;
    if (isForAnother && !isAuthorized(context, 'CREATE_TOKENS', 'USER', people.owner)) {
      return refuse(ErrorCode.DELEGATION_TOKEN_AUTHORIZATION_FAILED);
    }
    if (request.renewers.some(({ principalType }) => principalType !== USER)) {
      return refuse(ErrorCode.INVALID_PRINCIPAL_TYPE);
    }
    const { delegationTokens, metadata } = node;
    if (!delegationTokens.isEnabled) return refuse(ErrorCode.DELEGATION_TOKEN_AUTH_DISABLED, 0n);
    const { renewers, maxLifetimeMs } = request;
    const creation = { ...people, renewers: renewers.map(principalOf), maxLifetimeMs };
    return metadata.write<Response>(
      image => {
        const { records, response: token } = decideCreateToken(image, creation, delegationTokens.environment);
        if (token === null) return { records, response: refuse(ErrorCode.UNSUPPORTED_VERSION, 0n) };
        const hmac = delegationTokens.secretOf(token);
        return { records, response: given(token, hmac, apiVersion >= OWNER_SINCE) };
      },
      ({ code }) => refuse(code),
    );
  },
);

function ownerOf({ ownerPrincipalType, ownerPrincipalName }: Request, requester: string): string {
  if (ownerPrincipalName === null || ownerPrincipalName === '') return requester;
  // Apache Kafka's principals take no such type, and the whole request fails over it.
  if (ownerPrincipalType === null) throw new KafkaError('UNKNOWN_SERVER_ERROR');
  return principalOf({ principalType: ownerPrincipalType, principalName: ownerPrincipalName });
}

function namesOf({ owner, requester }: typeof NOBODY, hasRequester: boolean) {
  const { principalType, principalName } = partsOf(requester);
  return {
    ...partsOf(owner),
    tokenRequesterPrincipalType: hasRequester ? principalType : '',
    tokenRequesterPrincipalName: hasRequester ? principalName : '',
  };
}

function given(token: DelegationToken, hmac: Buffer, hasRequester: boolean): Response {
  return {
    errorCode: ErrorCode.NONE,
    ...namesOf(token, hasRequester),
    issueTimestampMs: token.issueTimestamp,
    expiryTimestampMs: token.expirationTimestamp,
    maxTimestampMs: token.maxTimestamp,
    tokenId: token.tokenId,
    hmac,
    throttleTimeMs: 0,
  };
}

function refused(errorCode: number, people: typeof NOBODY, time: bigint, hasRequester = true): Response {
  return {
    errorCode,
    ...namesOf(people, hasRequester),
    issueTimestampMs: time,
    expiryTimestampMs: time,
    maxTimestampMs: time,
    tokenId: '',
    hmac: NOTHING,
    throttleTimeMs: 0,
  };
}
