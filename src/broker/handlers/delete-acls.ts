// DeleteAcls: removes what each filter means, and says what that was. Without an authorizer that is said for each filter
// instead. Rules: AclApis.handleDeleteAcls, DeleteAclsRequest; the decision is in metadata/acls.ts.

import { ErrorCode } from '../../protocol/errors.ts';
import { DeleteAcls } from '../../protocol/messages/apis/delete-acls.ts';
import type { RequestOf, ResponseDraft } from '../../protocol/schema/field.ts';
import { type DeletedAcls, decideDeleteAcls } from '../metadata/acls.ts';
import { filterOf, isUnknownFilter } from './acl-elements.ts';
import { handler } from './handler.ts';

type Response = ResponseDraft<typeof DeleteAcls>;

export const deleteAcls = handler(
  DeleteAcls,
  { versions: '1-3', acl: { operation: 'ALTER', on: 'CLUSTER' }, failed: refused },
  (request, { node }) => {
    if (request.filters.some(isUnknownFilter)) return 'close';
    if (node.authorizer === undefined) {
      return refused(request, ErrorCode.SECURITY_DISABLED, 'No Authorizer is configured.');
    }
    return node.metadata.write<Response>(
      image => {
        const { records, response } = decideDeleteAcls(image, request.filters.map(filterOf));
        return { records, response: { throttleTimeMs: 0, filterResults: response.map(resultOf) } };
      },
      ({ code, message }) => refused(request, code, message),
    );
  },
);

function resultOf({ error, acls }: DeletedAcls) {
  return {
    errorCode: error.code,
    errorMessage: error.message,
    matchingAcls: acls.map(acl => ({
      errorCode: ErrorCode.NONE,
      errorMessage: null,
      resourceType: acl.resourceType,
      resourceName: acl.resourceName,
      patternType: acl.patternType,
      principal: acl.principal,
      host: acl.host,
      operation: acl.operation,
      permissionType: acl.permissionType,
    })),
  };
}

function refused({ filters }: RequestOf<typeof DeleteAcls>, errorCode: number, errorMessage: string | null) {
  return {
    throttleTimeMs: 0,
    filterResults: filters.map(() => ({ errorCode, errorMessage, matchingAcls: [] })),
  };
}
