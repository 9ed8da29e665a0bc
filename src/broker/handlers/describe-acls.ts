// DescribeAcls: this node has no authorizer, and says so. Rules: AclApis.handleDescribeAcls; a filter that cannot be meant
// closes the connection, as DescribeAclsRequest's own check does.

import { ErrorCode } from '../../protocol/errors.ts';
import { DescribeAcls } from '../../protocol/messages/apis/describe-acls.ts';
import { isUnknownFilter } from './acl-elements.ts';
import { handler } from './handler.ts';

export const describeAcls = handler(
  DescribeAcls,
  { versions: '1-3', failed: (_request, errorCode, message) => refused(errorCode, message) },
  request =>
    isUnknownFilter(request)
      ? 'close'
      : refused(ErrorCode.SECURITY_DISABLED, 'No Authorizer is configured on the broker'),
);

function refused(errorCode: number, errorMessage: string | null) {
  return { throttleTimeMs: 0, errorCode, errorMessage, resources: [] };
}
