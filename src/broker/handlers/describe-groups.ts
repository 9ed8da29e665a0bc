// DescribeGroups: classic groups with their members. Until version 5 an unknown group is one in the state "Dead"; from
// version 6 on it is an error. Rules: GroupMetadataManager.describeGroups.

import { ErrorCode } from '../../protocol/errors.ts';
import { DescribeGroups } from '../../protocol/messages/apis/describe-groups.ts';
import type { ResponseDraft } from '../../protocol/schema/field.ts';
import type { DescribedGroup } from '../groups/group-listing.ts';
import { splitByAuthorized } from './authorize.ts';
import { authorizedOperations, NOT_ASKED } from './authorized-operations.ts';
import { handler } from './handler.ts';

type GroupAnswer = NonNullable<ResponseDraft<typeof DescribeGroups>['groups']>[number];

const NOT_FOUND_SINCE = 6;

export const describeGroups = handler(
  DescribeGroups,
  {
    versions: '0-6',
    acl: { perResource: 'DESCRIBE on GROUP' },
    failed: (request, errorCode) => ({
      groups: request.groups.map(groupId => withoutGroup(groupId, errorCode)),
    }),
  },
  ({ groups, includeAuthorizedOperations }, context) => {
    const needed = { operation: 'DESCRIBE', resource: 'GROUP' } as const;
    const { authorized, unauthorized } = splitByAuthorized(context, needed, groups, groupId => groupId);
    const refused = unauthorized.map(groupId => withoutGroup(groupId, ErrorCode.GROUP_AUTHORIZATION_FAILED));
    return context.node.groups.describe(authorized).map(described => {
      const answers = described.map(one => {
        const answer = answerOf(one, context.apiVersion);
        const shows = includeAuthorizedOperations && answer.errorCode === 0;
        const operations = shows ? authorizedOperations(context, 'GROUP', one.groupId) : NOT_ASKED;
        return { ...answer, authorizedOperations: operations };
      });
      return { groups: [...refused, ...answers] };
    });
  },
);

function answerOf(
  { groupId, errorCode, group, isOtherKind }: DescribedGroup,
  apiVersion: number,
): GroupAnswer {
  if (group !== null) {
    const { state, protocolType, protocolData, members } = group;
    return { errorCode, groupId, groupState: state, protocolType, protocolData, members };
  }
  if (errorCode !== ErrorCode.GROUP_ID_NOT_FOUND) return withoutGroup(groupId, errorCode);
  const dead = { ...withoutGroup(groupId, 0), groupState: 'Dead' };
  if (apiVersion < NOT_FOUND_SINCE) return dead;
  const errorMessage = `Group ${groupId} ${isOtherKind === true ? 'is not a classic group' : 'not found'}.`;
  return { ...dead, errorCode, errorMessage };
}

function withoutGroup(groupId: string, errorCode: number): GroupAnswer {
  return { errorCode, groupId, groupState: '', protocolType: '', protocolData: '', members: [] };
}
