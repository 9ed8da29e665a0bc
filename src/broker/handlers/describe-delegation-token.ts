// DescribeDelegationToken: a connection without authentication may not ask. Rules: KafkaApis.handleDescribeTokensRequest,
// allowTokenRequests.

import { ErrorCode } from '../../protocol/errors.ts';
import { DescribeDelegationToken } from '../../protocol/messages/apis/describe-delegation-token.ts';
import { handler } from './handler.ts';

export const describeDelegationToken = handler(
  DescribeDelegationToken,
  {
    versions: '1-3',
    acl: { none: 'no tokens are issued' },
    failed: (_request, errorCode) => ({ errorCode, tokens: [], throttleTimeMs: 0 }),
  },
  () => ({ errorCode: ErrorCode.DELEGATION_TOKEN_REQUEST_NOT_ALLOWED, tokens: [], throttleTimeMs: 0 }),
);
