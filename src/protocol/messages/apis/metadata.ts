// Brokers, topics, leaders. A null list of topics asks for all of them, an empty one for none.
// KIPs: 78, 430, 516, 526, 700, 1102.
// Errors: UNKNOWN_TOPIC_OR_PARTITION, LEADER_NOT_AVAILABLE, INVALID_TOPIC_EXCEPTION,
// TOPIC_AUTHORIZATION_FAILED, UNKNOWN_TOPIC_ID.

import { api, array, bool, int16, int32, string, struct, uuid } from '../../schema/field.ts';

export const Metadata = api({
  key: 3,
  name: 'Metadata',
  versions: '0-13',
  flexible: '9+',
  request: {
    /** Null: all topics. */
    topics: array(
      struct({
        topicId: uuid.since(10).ignorable(),
        name: string.nullable({ since: 10 }),
      }),
    ).nullable({ since: 1 }),
    allowAutoTopicCreation: bool.since(4).default(true),
    includeClusterAuthorizedOperations: bool.since(8).until(10),
    includeTopicAuthorizedOperations: bool.since(8),
  },
  response: {
    throttleTimeMs: int32.since(3).ignorable(),
    brokers: array(
      struct({
        nodeId: int32,
        host: string,
        port: int32,
        rack: string.since(1).nullable().default(null).ignorable(),
      }),
    ),
    clusterId: string.since(2).nullable().default(null).ignorable(),
    /** -1: unknown. */
    controllerId: int32.since(1).default(-1).ignorable(),
    topics: array(
      struct({
        errorCode: int16,
        name: string.nullable({ since: 12 }),
        topicId: uuid.since(10).ignorable(),
        isInternal: bool.since(1).default(false).ignorable(),
        partitions: array(
          struct({
            errorCode: int16,
            partitionIndex: int32,
            leaderId: int32,
            leaderEpoch: int32.since(7).default(-1).ignorable(),
            replicaNodes: array(int32),
            isrNodes: array(int32),
            offlineReplicas: array(int32).since(5).ignorable(),
          }),
        ),
        /** A bit per ACL operation; the default says "not asked for". */
        topicAuthorizedOperations: int32.since(8).default(-2147483648),
      }),
    ),
    /** A bit per ACL operation; the default says "not asked for". */
    clusterAuthorizedOperations: int32.since(8).until(10).default(-2147483648),
    errorCode: int16.since(13).ignorable(),
  },
});
