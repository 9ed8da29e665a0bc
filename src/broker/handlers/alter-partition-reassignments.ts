// AlterPartitionReassignments: partitions may be told to stay. Rules: ControllerApis.handleAlterPartitionReassignments and
// metadata/reassignments.ts.

import { ErrorCode } from '../../protocol/errors.ts';
import { AlterPartitionReassignments } from '../../protocol/messages/apis/alter-partition-reassignments.ts';
import type { RequestOf, ResponseDraft } from '../../protocol/schema/field.ts';
import { decideReassignments, type ReassignedTopic } from '../metadata/reassignments.ts';
import { handler } from './handler.ts';
import { isTimeUp } from './time-is-up.ts';

type Request = RequestOf<typeof AlterPartitionReassignments>;
type Response = ResponseDraft<typeof AlterPartitionReassignments>;

/** As Apache Kafka says it: an answer with nothing set. */
const NOTHING_ASKED: Response = {
  throttleTimeMs: 0,
  allowReplicationFactorChange: true,
  errorCode: ErrorCode.NONE,
  errorMessage: '',
  responses: [],
};

export const alterPartitionReassignments = handler(
  AlterPartitionReassignments,
  { versions: '0-1', acl: { operation: 'ALTER', on: 'CLUSTER' }, failed },
  (request, { node }) => {
    if (request.topics.length === 0) return NOTHING_ASKED;
    if (isTimeUp(request)) return failed(request, ErrorCode.REQUEST_TIMED_OUT, null);
    return node.metadata.write<Response>(
      image => {
        const { records, response } = decideReassignments(image, request, node.identity.nodeId);
        return { records, response: answer(request, response) };
      },
      ({ code, message }) => failed(request, code, message),
    );
  },
);

function answer({ allowReplicationFactorChange }: Request, topics: readonly ReassignedTopic[]): Response {
  return {
    throttleTimeMs: 0,
    allowReplicationFactorChange,
    errorCode: ErrorCode.NONE,
    errorMessage: null,
    responses: topics.map(({ name, partitions }) => ({
      name,
      partitions: partitions.map(({ partitionIndex, error }) => ({
        partitionIndex,
        errorCode: error.code,
        errorMessage: error.message,
      })),
    })),
  };
}

function failed({ topics }: Request, errorCode: number, errorMessage: string | null): Response {
  return {
    throttleTimeMs: 0,
    errorCode,
    errorMessage,
    responses: topics.map(({ name, partitions }) => ({
      name,
      partitions: partitions.map(({ partitionIndex }) => ({ partitionIndex, errorCode, errorMessage })),
    })),
  };
}
