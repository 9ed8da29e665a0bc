// ConsumerGroupDescribe (KIP-848): consumer groups with members, epochs and assignments. A group of another kind is not
// found here. The rules are in groups/consumer/describe.ts.

import { ConsumerGroupDescribe } from '../../protocol/messages/apis/consumer-group-describe.ts';
import type { ResponseDraft } from '../../protocol/schema/field.ts';
import type { DescribedConsumerGroup } from '../groups/consumer/describe.ts';
import { responseErrorOf } from '../groups/group-shard.ts';
import { handler } from './handler.ts';

type GroupAnswer = NonNullable<ResponseDraft<typeof ConsumerGroupDescribe>['groups']>[number];

/** Everything an unsecured broker lets everybody do with a group: bits of READ, DELETE, DESCRIBE, DESCRIBE_CONFIGS and ALTER_CONFIGS. */
const ALL_OPERATIONS = (1 << 3) | (1 << 6) | (1 << 8) | (1 << 10) | (1 << 11);
const OPERATIONS_NOT_ASKED_FOR = -2_147_483_648;

export const consumerGroupDescribe = handler(
  ConsumerGroupDescribe,
  {
    versions: '0-1',
    failed: ({ groupIds }, errorCode, errorMessage) => ({
      throttleTimeMs: 0,
      groups: groupIds.map(groupId => withoutGroup(groupId, errorCode, errorMessage)),
    }),
  },
  ({ groupIds, includeAuthorizedOperations }, { node }) =>
    node.groups.consumer.describe(groupIds).map(described => ({
      throttleTimeMs: 0,
      groups: described.map(one => {
        const answer = answerOf(one);
        const shows = includeAuthorizedOperations && answer.errorCode === 0;
        return { ...answer, authorizedOperations: shows ? ALL_OPERATIONS : OPERATIONS_NOT_ASKED_FOR };
      }),
    })),
);

function answerOf({ groupId, error, group }: DescribedConsumerGroup): GroupAnswer {
  if (group === null)
    return withoutGroup(groupId, error === null ? 0 : responseErrorOf(error), error?.message ?? null);
  return { errorCode: 0, errorMessage: null, groupId, ...group };
}

function withoutGroup(groupId: string, errorCode: number, errorMessage: string | null): GroupAnswer {
  return {
    errorCode,
    errorMessage,
    groupId,
    groupState: '',
    groupEpoch: 0,
    assignmentEpoch: 0,
    assignorName: '',
    members: [],
  };
}
