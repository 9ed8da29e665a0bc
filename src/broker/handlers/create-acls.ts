// CreateAcls: this node has no authorizer, and says so for each ACL. Rules: AclApis.handleCreateAcls, CreateAclsRequest.

import { ErrorCode } from '../../protocol/errors.ts';
import { CreateAcls } from '../../protocol/messages/apis/create-acls.ts';
import type { RequestOf } from '../../protocol/schema/field.ts';
import { isUnknownBinding } from './acl-elements.ts';
import { handler } from './handler.ts';

export const createAcls = handler(CreateAcls, { versions: '1-3', failed: refused }, request =>
  request.creations.some(isUnknownBinding)
    ? 'close'
    : refused(request, ErrorCode.SECURITY_DISABLED, 'No Authorizer is configured.'),
);

function refused(
  { creations }: RequestOf<typeof CreateAcls>,
  errorCode: number,
  errorMessage: string | null,
) {
  return { throttleTimeMs: 0, results: creations.map(() => ({ errorCode, errorMessage })) };
}
