// DeleteAcls: this node has no authorizer, and says so for each filter. Rules: AclApis.handleDeleteAcls,
// DeleteAclsRequest.

import { ErrorCode } from '../../protocol/errors.ts';
import { DeleteAcls } from '../../protocol/messages/apis/delete-acls.ts';
import type { RequestOf } from '../../protocol/schema/field.ts';
import { isUnknownFilter } from './acl-elements.ts';
import { handler } from './handler.ts';

export const deleteAcls = handler(DeleteAcls, { versions: '1-3', failed: refused }, request =>
  request.filters.some(isUnknownFilter)
    ? 'close'
    : refused(request, ErrorCode.SECURITY_DISABLED, 'No Authorizer is configured.'),
);

function refused({ filters }: RequestOf<typeof DeleteAcls>, errorCode: number, errorMessage: string | null) {
  return {
    throttleTimeMs: 0,
    filterResults: filters.map(() => ({ errorCode, errorMessage, matchingAcls: [] })),
  };
}
