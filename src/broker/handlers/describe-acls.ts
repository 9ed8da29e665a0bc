// DescribeAcls: the ACLs that a filter means, resource by resource. Without an authorizer that is said instead. Rules:
// AclApis.handleDescribeAcls; a filter that cannot be meant closes the connection, as DescribeAclsRequest's own check does.

import { ErrorCode } from '../../protocol/errors.ts';
import { DescribeAcls } from '../../protocol/messages/apis/describe-acls.ts';
import type { ResponseDraft } from '../../protocol/schema/field.ts';
import { matchingAcls } from '../metadata/acls.ts';
import type { Acl } from '../security/acl/acl-index.ts';
import { filterOf, isUnknownFilter } from './acl-elements.ts';
import { handler } from './handler.ts';

type Response = ResponseDraft<typeof DescribeAcls>;

export const describeAcls = handler(
  DescribeAcls,
  {
    versions: '1-3',
    acl: { operation: 'DESCRIBE', on: 'CLUSTER' },
    failed: (_request, errorCode, message) => refused(errorCode, message),
  },
  (request, { node }) => {
    if (isUnknownFilter(request)) return 'close';
    if (node.authorizer === undefined) {
      return refused(ErrorCode.SECURITY_DISABLED, 'No Authorizer is configured on the broker');
    }
    return node.metadata.read<Response>(
      image => ({
        ...refused(ErrorCode.NONE, ''),
        resources: byResource(matchingAcls(image, filterOf(request))),
      }),
      ({ code, message }) => refused(code, message),
    );
  },
);

/** They come sorted: those of a resource are neighbours. */
function byResource(acls: readonly Acl[]): Response['resources'] {
  const resources: { acls: Acl[]; resourceType: number; resourceName: string; patternType: number }[] = [];
  for (const acl of acls) {
    const { resourceType, resourceName, patternType } = acl;
    let last = resources.at(-1);
    const isSame =
      last?.resourceType === resourceType &&
      last.resourceName === resourceName &&
      last.patternType === patternType;
    if (last === undefined || !isSame) {
      last = { resourceType, resourceName, patternType, acls: [] };
      resources.push(last);
    }
    last.acls.push(acl);
  }
  return resources.map(resource => ({
    ...resource,
    acls: resource.acls.map(({ principal, host, operation, permissionType }) => ({
      principal,
      host,
      operation,
      permissionType,
    })),
  }));
}

function refused(errorCode: number, errorMessage: string | null) {
  return { throttleTimeMs: 0, errorCode, errorMessage, resources: [] };
}
