// DescribeLogDirs: the one log directory, how full its disk is, and the size of each partition asked for. Unknown ones are
// left out. Rules: ReplicaManager.describeLogDirs. Apache Kafka takes a whole directory out of service when a disk call of
// one partition fails, and says so with KAFKA_STORAGE_ERROR; here only that partition is, and the directory says the same,
// with the sizes of all.

import { ErrorCode } from '../../protocol/errors.ts';
import { DescribeLogDirs } from '../../protocol/messages/apis/describe-log-dirs.ts';
import type { RequestOf } from '../../protocol/schema/field.ts';
import type { BrokerNode } from '../node.ts';
import { handler } from './handler.ts';

type Asked = RequestOf<typeof DescribeLogDirs>['topics'];

/** What the JVM says of a disk whose size is beyond counting. */
const LONG_MAX = 2n ** 63n - 1n;
const NO_LAG = 0n;

export const describeLogDirs = handler(
  DescribeLogDirs,
  {
    versions: '1-5',
    acl: { operation: 'DESCRIBE', on: 'CLUSTER' },
    failed: (_request, errorCode) => ({ throttleTimeMs: 0, errorCode, results: [] }),
  },
  ({ topics }, { node }) => {
    const { path } = node.logDirectory;
    const space = spaceOf(node);
    const found =
      space === null
        ? { errorCode: ErrorCode.KAFKA_STORAGE_ERROR, topics: [] }
        : { errorCode: stateOf(node), topics: sizesOf(node, topics), ...space };
    return {
      throttleTimeMs: 0,
      errorCode: ErrorCode.NONE,
      results: [{ logDir: path, isCordoned: false, ...found }],
    };
  },
);

/** Of the whole directory, whichever partitions were asked for. */
function stateOf({ metadata, partitions }: BrokerNode): number {
  for (const topic of metadata.image.topicsByName.values())
    for (const { partition } of topic.partitions)
      if ((partitions.log(topic.name, partition)?.offlineReason ?? null) !== null)
        return ErrorCode.KAFKA_STORAGE_ERROR;
  return ErrorCode.NONE;
}

function spaceOf({ logDirectory }: BrokerNode) {
  try {
    const { totalBytes, usableBytes } = logDirectory.space();
    return { totalBytes: longOf(totalBytes), usableBytes: longOf(usableBytes) };
  } catch {
    return null;
  }
}

function longOf(bytes: number): bigint {
  return Number.isFinite(bytes) ? BigInt(bytes) : LONG_MAX;
}

function sizesOf(node: BrokerNode, asked: Asked) {
  const wanted =
    asked ??
    Array.from(node.metadata.image.topicsByName.values(), ({ name, partitions }) => ({
      topic: name,
      partitions: partitions.map(({ partition }) => partition),
    }));
  const topics = new Map<string, Set<number>>();
  for (const { topic, partitions } of wanted) {
    const known = topics.get(topic) ?? new Set<number>();
    topics.set(topic, known);
    for (const partition of partitions) known.add(partition);
  }
  return Array.from(topics, ([name, partitions]) => ({
    name,
    partitions: [...partitions].flatMap(partitionIndex => {
      const log = node.partitions.log(name, partitionIndex);
      if (log === undefined) return [];
      return [
        {
          partitionIndex,
          partitionSize: BigInt(log.sizeInBytes),
          offsetLag: NO_LAG,
          isFutureKey: false,
        },
      ];
    }),
  })).filter(topic => topic.partitions.length > 0);
}
