// DeleteGroups: removes empty groups with all of their offsets. Rules: GroupCoordinatorShard.deleteGroups.

import { ErrorCode } from '../../protocol/errors.ts';
import { DeleteGroups } from '../../protocol/messages/apis/delete-groups.ts';
import { splitByAuthorized } from './authorize.ts';
import { handler } from './handler.ts';

export const deleteGroups = handler(
  DeleteGroups,
  {
    versions: '0-2',
    acl: { perResource: 'DELETE on GROUP' },
    failed: ({ groupsNames }, errorCode) => ({
      throttleTimeMs: 0,
      results: groupsNames.map(groupId => ({ groupId, errorCode })),
    }),
  },
  ({ groupsNames }, context) => {
    const needed = { operation: 'DELETE', resource: 'GROUP' } as const;
    const named = [...new Set(groupsNames)];
    const { authorized, unauthorized } = splitByAuthorized(context, needed, named, groupId => groupId);
    const errorCode = ErrorCode.GROUP_AUTHORIZATION_FAILED;
    return context.node.groups.delete(authorized).map(errorCodes => ({
      throttleTimeMs: 0,
      results: [
        ...authorized.map((groupId, index) => ({ groupId, errorCode: errorCodes[index]! })),
        ...unauthorized.map(groupId => ({ groupId, errorCode })),
      ],
    }));
  },
);
