// ElectLeaders: partitions get their preferred, or any, leader, where there is one to be had. Rules:
// ControllerApis.handleElectLeaders and metadata/elections.ts.

import { ErrorCode } from '../../protocol/errors.ts';
import { ElectLeaders } from '../../protocol/messages/apis/elect-leaders.ts';
import type { RequestOf, ResponseDraft } from '../../protocol/schema/field.ts';
import { decideElectLeaders, type ElectedTopic } from '../metadata/elections.ts';
import { handler } from './handler.ts';
import { isTimeUp } from './time-is-up.ts';

type Request = RequestOf<typeof ElectLeaders>;
type Response = ResponseDraft<typeof ElectLeaders>;

export const electLeaders = handler(
  ElectLeaders,
  { versions: '0-2', acl: { operation: 'ALTER', on: 'CLUSTER' }, failed },
  (request, { node, apiVersion }) => {
    if (isTimeUp(request) && request.topicPartitions?.length !== 0) {
      return failed(request, ErrorCode.REQUEST_TIMED_OUT, null, apiVersion);
    }
    return node.metadata.write<Response>(
      image => {
        const { records, response } = decideElectLeaders(image, request, node.identity.nodeId);
        return { records, response: answer(response) };
      },
      ({ code, message }) => failed(request, code, message, apiVersion),
    );
  },
);

function answer(topics: readonly ElectedTopic[]): Response {
  return {
    throttleTimeMs: 0,
    errorCode: ErrorCode.NONE,
    replicaElectionResults: topics.map(({ topic, partitions }) => ({
      topic,
      partitionResult: partitions.map(({ partition, error }) => ({
        partitionId: partition,
        errorCode: error.code,
        errorMessage: error.message,
      })),
    })),
  };
}

/** Version 0 has no place for the error of the whole: it says it with each partition. */
function failed(
  { topicPartitions }: Request,
  errorCode: number,
  errorMessage: string | null,
  apiVersion: number,
): Response {
  return {
    throttleTimeMs: 0,
    errorCode: apiVersion >= 1 ? errorCode : ErrorCode.NONE,
    replicaElectionResults: (topicPartitions ?? []).map(({ topic, partitions }) => ({
      topic,
      partitionResult: partitions.map(partitionId => ({ partitionId, errorCode, errorMessage })),
    })),
  };
}
