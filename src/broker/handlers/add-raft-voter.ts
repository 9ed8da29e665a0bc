// AddRaftVoter: this node is a quorum of one and stays so. What is wrong with a request is said as Apache Kafka says it
// (KafkaRaftClient.handleAddVoterRequest, AddVoterHandler); a voter that could be added is answered as one that cannot be
// reached, because Millrace replicates to nobody.

import { ErrorCode } from '../../protocol/errors.ts';
import { AddRaftVoter } from '../../protocol/messages/apis/add-raft-voter.ts';
import type { RequestOf } from '../../protocol/schema/field.ts';
import { type ApiError, apiError } from '../metadata/api-error.ts';
import { ZERO_UUID } from '../metadata/image.ts';
import { CONTROLLER_ENDPOINT } from '../metadata/quorum.ts';
import type { BrokerNode } from '../node.ts';
import { handler } from './handler.ts';
import { refusedCluster, refusedStaticQuorum, textOfVoter, textOfVoters } from './raft-voters.ts';

type Request = RequestOf<typeof AddRaftVoter>;

export const addRaftVoter = handler(
  AddRaftVoter,
  {
    versions: '0-1',
    acl: { operation: 'ALTER', on: 'CLUSTER' },
    failed: (_request, errorCode, errorMessage) => ({ throttleTimeMs: 0, errorCode, errorMessage }),
  },
  (request, { node }) => {
    const { code, message } = refusal(node, request);
    return { throttleTimeMs: 0, errorCode: code, errorMessage: message };
  },
);

function refusal(node: BrokerNode, request: Request): ApiError {
  const { clusterId, voterId, voterDirectoryId } = request;
  const otherCluster = refusedCluster(node, clusterId);
  if (otherCluster !== null) return otherCluster;
  if (voterId < 0 || voterDirectoryId === ZERO_UUID) {
    return apiError('INVALID_REQUEST', "Add voter request didn't include a valid voter");
  }
  if (!request.listeners.some(({ name }) => name === CONTROLLER_ENDPOINT.name)) {
    return apiError(
      'INVALID_REQUEST',
      `Add voter request didn't include the endpoint (${textOfEndpoints(request)}) for the default listener ListenerName(${CONTROLLER_ENDPOINT.name})`,
    );
  }
  const { voters } = node.quorum();
  const isStatic = refusedStaticQuorum(voters, 'adding');
  if (isStatic !== null) return isStatic;
  if (voters.some(voter => voter.voterId === voterId)) {
    return {
      code: ErrorCode.DUPLICATE_VOTER,
      message: `The voter id for ${textOfVoter(request)} is already part of the set of voters ${textOfVoters(voters)}.`,
    };
  }
  return apiError('REQUEST_TIMED_OUT', `New voter ${textOfVoter(request)} is not ready to receive requests`);
}

function textOfEndpoints({ listeners }: Request): string {
  const endpoints = listeners.map(
    ({ name, host, port }) => `ListenerName(${name})=${host}/<unresolved>:${port}`,
  );
  return `Endpoints(endpoints={${endpoints.join(', ')}})`;
}
