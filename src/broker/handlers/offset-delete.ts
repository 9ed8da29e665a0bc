// OffsetDelete: committed offsets of partitions that the group does not read. Partitions that do not exist are refused one
// by one. Rules: KafkaApis.handleOffsetDeleteRequest; the decision is in groups/offsets/offset-delete.ts.

import { ErrorCode } from '../../protocol/errors.ts';
import { OffsetDelete } from '../../protocol/messages/apis/offset-delete.ts';
import type { ResponseDraft } from '../../protocol/schema/field.ts';
import type { BrokerNode } from '../node.ts';
import { isAuthorized } from './authorize.ts';
import { handler } from './handler.ts';

type Response = ResponseDraft<typeof OffsetDelete>;

export const offsetDelete = handler(
  OffsetDelete,
  {
    versions: '0-0',
    acl: { operation: 'DELETE', on: 'GROUP', named: ({ groupId }) => groupId },
    failed: (_request, errorCode) => failed(errorCode),
  },
  ({ groupId, topics }, context) => {
    const { node } = context;
    const asked = topics
      .map(({ name, partitions }) => ({
        name,
        partitions: partitions.map(({ partitionIndex }) => partitionIndex),
      }))
      .filter(({ partitions }) => partitions.length > 0);
    const forbidden = new Set(
      asked.map(({ name }) => name).filter(name => !isAuthorized(context, 'READ', 'TOPIC', name)),
    );
    const known = asked
      .filter(({ name }) => !forbidden.has(name))
      .map(({ name, partitions }) => ({
        name,
        partitions: partitions.filter(one => exists(node, name, one)),
      }))
      .filter(({ partitions }) => partitions.length > 0);
    return node.groups.offsets.remove({ groupId, topics: known }).map((deleted): Response => {
      if (deleted.errorCode !== ErrorCode.NONE) return failed(deleted.errorCode);
      const codes = new Map(
        deleted.topics.flatMap(({ name, partitions }) =>
          partitions.map(({ partition, errorCode }) => [`${partition}:${name}`, errorCode]),
        ),
      );
      return {
        errorCode: ErrorCode.NONE,
        throttleTimeMs: 0,
        topics: asked.map(({ name, partitions }) => ({
          name,
          partitions: partitions.map(partitionIndex => ({
            partitionIndex,
            errorCode: forbidden.has(name)
              ? ErrorCode.TOPIC_AUTHORIZATION_FAILED
              : (codes.get(`${partitionIndex}:${name}`) ?? ErrorCode.UNKNOWN_TOPIC_OR_PARTITION),
          })),
        })),
      };
    });
  },
);

function exists({ metadata }: BrokerNode, topic: string, partition: number): boolean {
  return metadata.image.topicsByName.get(topic)?.partitions[partition] !== undefined;
}

function failed(errorCode: number): Response {
  return { errorCode, throttleTimeMs: 0, topics: [] };
}
