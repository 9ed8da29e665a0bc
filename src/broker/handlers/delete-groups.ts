// DeleteGroups: removes empty groups with all of their offsets. Rules: GroupCoordinatorShard.deleteGroups.

import { DeleteGroups } from '../../protocol/messages/apis/delete-groups.ts';
import { handler } from './handler.ts';

export const deleteGroups = handler(
  DeleteGroups,
  {
    versions: '0-2',
    failed: ({ groupsNames }, errorCode) => ({
      throttleTimeMs: 0,
      results: groupsNames.map(groupId => ({ groupId, errorCode })),
    }),
  },
  ({ groupsNames }, { node }) => {
    const groupIds = [...new Set(groupsNames)];
    return node.groups.delete(groupIds).map(errorCodes => ({
      throttleTimeMs: 0,
      results: groupIds.map((groupId, index) => ({ groupId, errorCode: errorCodes[index]! })),
    }));
  },
);
