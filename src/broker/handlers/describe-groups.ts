// DescribeGroups: classic groups with their members. Until version 5 an unknown group is one in the state "Dead"; from
// version 6 on it is an error. Rules: GroupMetadataManager.describeGroups.

import { ErrorCode } from '../../protocol/errors.ts';
import { DescribeGroups } from '../../protocol/messages/apis/describe-groups.ts';
import type { ResponseDraft } from '../../protocol/schema/field.ts';
import type { DescribedGroup } from '../groups/group-listing.ts';
import { handler } from './handler.ts';

type GroupAnswer = NonNullable<ResponseDraft<typeof DescribeGroups>['groups']>[number];

const NOT_FOUND_SINCE = 6;
/** Everything an unsecured broker lets everybody do with a group: bits of READ, DELETE, DESCRIBE, DESCRIBE_CONFIGS and ALTER_CONFIGS. */
const ALL_OPERATIONS = (1 << 3) | (1 << 6) | (1 << 8) | (1 << 10) | (1 << 11);
const OPERATIONS_NOT_ASKED_FOR = -2_147_483_648;

export const describeGroups = handler(
  DescribeGroups,
  {
    versions: '0-6',
    failed: (request, errorCode) => ({
      groups: request.groups.map(groupId => withoutGroup(groupId, errorCode)),
    }),
  },
  ({ groups, includeAuthorizedOperations }, { node, apiVersion }) =>
    node.groups.describe(groups).map(described => ({
      groups: described.map(one => {
        const answer = answerOf(one, apiVersion);
        const shows = includeAuthorizedOperations && answer.errorCode === 0;
        return { ...answer, authorizedOperations: shows ? ALL_OPERATIONS : OPERATIONS_NOT_ASKED_FOR };
      }),
    })),
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
