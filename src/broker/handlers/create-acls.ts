// CreateAcls: ACLs that hold as soon as this answers. Without an authorizer nobody would heed them, and that is said for
// each. Rules: AclApis.handleCreateAcls, CreateAclsRequest; the decision is in metadata/acls.ts.

import { ErrorCode } from '../../protocol/errors.ts';
import { CreateAcls } from '../../protocol/messages/apis/create-acls.ts';
import type { RequestOf } from '../../protocol/schema/field.ts';
import { type ApiError, apiErrorOf } from '../metadata/api-error.ts';
import { isForAny, isUnknownBinding } from './acl-elements.ts';
import { handler } from './handler.ts';

export const createAcls = handler(
  CreateAcls,
  { versions: '1-3', acl: { operation: 'ALTER', on: 'CLUSTER' }, failed: refused },
  (request, { node }) => {
    if (request.creations.some(isUnknownBinding)) return 'close';
    if (node.authorizer === undefined) {
      return refused(request, ErrorCode.SECURITY_DISABLED, 'No Authorizer is configured.');
    }
    // Apache Kafka's classes of an ACL do not take "any", and the whole request fails over it.
    if (request.creations.some(isForAny)) return refused(request, ErrorCode.UNKNOWN_SERVER_ERROR, null);
    const acls = request.creations.map(({ resourcePatternType, ...acl }) => ({
      ...acl,
      patternType: resourcePatternType,
    }));
    return node.metadata.createAcls(acls, error => acls.map(() => apiErrorOf(error))).map(answer);
  },
);

function answer(errors: readonly ApiError[]) {
  const results = errors.map(({ code, message }) => ({ errorCode: code, errorMessage: message ?? '' }));
  return { throttleTimeMs: 0, results };
}

function refused(
  { creations }: RequestOf<typeof CreateAcls>,
  errorCode: number,
  errorMessage: string | null,
) {
  return { throttleTimeMs: 0, results: creations.map(() => ({ errorCode, errorMessage })) };
}
