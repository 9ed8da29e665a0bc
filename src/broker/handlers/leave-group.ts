// LeaveGroup: one member up to version 2, several from version 3 on. The rules are in groups/classic/leave.ts.

import { LeaveGroup } from '../../protocol/messages/apis/leave-group.ts';
import { handler } from './handler.ts';

const SEVERAL_MEMBERS_SINCE = 3;

export const leaveGroup = handler(
  LeaveGroup,
  {
    versions: '0-5',
    acl: { operation: 'READ', on: 'GROUP', named: ({ groupId }) => groupId },
    failed: (_request, errorCode) => ({ errorCode, members: [] }),
  },
  (request, { node, apiVersion }) => {
    if (apiVersion >= SEVERAL_MEMBERS_SINCE)
      return node.groups.classic.leave(request.groupId, request.members);
    const member = { memberId: request.memberId, groupInstanceId: null };
    return node.groups.classic.leave(request.groupId, [member]).map(({ errorCode, members }) => ({
      // The only member's error is the answer's.
      errorCode: errorCode === 0 ? (members[0]?.errorCode ?? 0) : errorCode,
      members: [],
    }));
  },
);
