// RemoveRaftVoter: the only voter of a quorum cannot leave it, and there are no others. Rules:
// KafkaRaftClient.handleRemoveVoterRequest, RemoveVoterHandler.

import { ErrorCode } from '../../protocol/errors.ts';
import { RemoveRaftVoter } from '../../protocol/messages/apis/remove-raft-voter.ts';
import type { RequestOf } from '../../protocol/schema/field.ts';
import { type ApiError, apiError } from '../metadata/api-error.ts';
import { ZERO_UUID } from '../metadata/image.ts';
import type { BrokerNode } from '../node.ts';
import { handler } from './handler.ts';
import { refusedCluster, refusedStaticQuorum, textOfVoter, textOfVoters } from './raft-voters.ts';

export const removeRaftVoter = handler(
  RemoveRaftVoter,
  {
    versions: '0-0',
    acl: { operation: 'ALTER', on: 'CLUSTER' },
    failed: (_request, errorCode, errorMessage) => ({ throttleTimeMs: 0, errorCode, errorMessage }),
  },
  (request, { node }) => {
    const { code, message } = refusal(node, request);
    return { throttleTimeMs: 0, errorCode: code, errorMessage: message };
  },
);

function refusal(node: BrokerNode, request: RequestOf<typeof RemoveRaftVoter>): ApiError {
  const { clusterId, voterId, voterDirectoryId } = request;
  const otherCluster = refusedCluster(node, clusterId);
  if (otherCluster !== null) return otherCluster;
  if (voterId < 0 || voterDirectoryId === ZERO_UUID) {
    return apiError('INVALID_REQUEST', "Remove voter request didn't include a valid voter");
  }
  const { voters } = node.quorum();
  return (
    refusedStaticQuorum(voters, 'removing') ?? {
      code: ErrorCode.VOTER_NOT_FOUND,
      message: `Cannot remove voter ${textOfVoter(request)} from the set of voters ${textOfVoters(voters)}`,
    }
  );
}
