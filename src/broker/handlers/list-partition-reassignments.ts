// ListPartitionReassignments: what is on the move. On one broker that is nothing, unless a larger cluster left it so. Asked
// by every `kafka-topics --describe`. Rules: ReplicationControlManager.listPartitionReassignments.

import { ErrorCode } from '../../protocol/errors.ts';
import { ListPartitionReassignments } from '../../protocol/messages/apis/list-partition-reassignments.ts';
import type { ResponseDraft } from '../../protocol/schema/field.ts';
import { ongoingReassignments } from '../metadata/reassignments.ts';
import { handler } from './handler.ts';

type Response = ResponseDraft<typeof ListPartitionReassignments>;

export const listPartitionReassignments = handler(
  ListPartitionReassignments,
  {
    versions: '0-0',
    acl: { operation: 'DESCRIBE', on: 'CLUSTER' },
    failed: (_request, errorCode, errorMessage) => failed(errorCode, errorMessage),
  },
  ({ topics }, { node }) =>
    node.metadata.read<Response>(
      image => ({
        throttleTimeMs: 0,
        errorCode: ErrorCode.NONE,
        errorMessage: null,
        topics: ongoingReassignments(image, topics).map(({ name, partitions }) => ({
          name,
          partitions: partitions.map(({ partition, replicas, addingReplicas, removingReplicas }) => ({
            partitionIndex: partition,
            replicas,
            addingReplicas,
            removingReplicas,
          })),
        })),
      }),
      ({ code, message }) => failed(code, message),
    ),
);

function failed(errorCode: number, errorMessage: string | null): Response {
  return { throttleTimeMs: 0, errorCode, errorMessage, topics: [] };
}
