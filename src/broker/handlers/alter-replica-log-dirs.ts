// AlterReplicaLogDirs: there is one log directory, so a replica may move to where it is and nowhere else. Rules:
// ReplicaManager.alterReplicaLogDirs.

import { ErrorCode } from '../../protocol/errors.ts';
import { AlterReplicaLogDirs } from '../../protocol/messages/apis/alter-replica-log-dirs.ts';
import type { RequestOf } from '../../protocol/schema/field.ts';
import type { BrokerNode } from '../node.ts';
import { handler } from './handler.ts';
import { findPartition, findTopic } from './partition-lookup.ts';

type Request = RequestOf<typeof AlterReplicaLogDirs>;

/** A moving replica's directory is `<topic>-<partition>.<32 hex>-future`; file systems take names of 255 bytes. */
const FUTURE_SUFFIX_LENGTH = '.'.length + 32 + '-future'.length;
const DIRECTORY_NAME_LENGTH_MAX = 255;

interface Move {
  readonly topic: string;
  readonly partition: number;
  readonly path: string;
}

export const alterReplicaLogDirs = handler(
  AlterReplicaLogDirs,
  {
    versions: '1-2',
    acl: { operation: 'ALTER', on: 'CLUSTER' },
    failed: (request, errorCode) => answer(request, () => errorCode),
  },
  (request, { node }) => answer(request, move => errorOfMove(node, move)),
);

function errorOfMove(node: BrokerNode, { topic, partition, path }: Move): number {
  const nameLength = `${topic}-${partition}`.length + FUTURE_SUFFIX_LENGTH;
  if (nameLength > DIRECTORY_NAME_LENGTH_MAX) return ErrorCode.INVALID_TOPIC_EXCEPTION;
  if (path !== node.logDirectory.path) return ErrorCode.LOG_DIR_NOT_FOUND;
  const image = findTopic(node, { name: topic, topicId: '', usesTopicIds: false });
  const found = findPartition(node, image, partition);
  if (!('errorCode' in found)) return ErrorCode.NONE;
  return found.errorCode === ErrorCode.NOT_LEADER_OR_FOLLOWER
    ? ErrorCode.REPLICA_NOT_AVAILABLE
    : found.errorCode;
}

/** Of a partition named for two directories the last counts, as in Apache Kafka's map. */
function answer({ dirs }: Request, errorOf: (move: Move) => number) {
  const topics = new Map<string, Map<number, string>>();
  for (const { path, topics: named } of dirs) {
    for (const { name, partitions } of named) {
      const paths = topics.get(name) ?? new Map<number, string>();
      topics.set(name, paths);
      for (const partition of partitions) paths.set(partition, path);
    }
  }
  const results = Array.from(topics, ([topic, paths]) => ({
    topicName: topic,
    partitions: Array.from(paths, ([partition, path]) => ({
      partitionIndex: partition,
      errorCode: errorOf({ topic, partition, path }),
    })),
  }));
  return { throttleTimeMs: 0, results: results.filter(({ partitions }) => partitions.length > 0) };
}
