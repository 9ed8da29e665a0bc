// Reads record batches, as a long poll. Sessions (version 7+) let the client send and receive only what
// changed. From version 13 on topics are named by id. The high watermark inside the request is KIP-1166's
// hint; its default lies beyond 2^53, hence int64.
// KIPs: 110, 227, 320, 392, 405, 516, 853, 903, 951, 1166.
// Errors: OFFSET_OUT_OF_RANGE, UNKNOWN_TOPIC_OR_PARTITION, NOT_LEADER_OR_FOLLOWER,
// TOPIC_AUTHORIZATION_FAILED, KAFKA_STORAGE_ERROR, FETCH_SESSION_ID_NOT_FOUND, INVALID_FETCH_SESSION_EPOCH,
// FENCED_LEADER_EPOCH, UNKNOWN_LEADER_EPOCH, UNKNOWN_TOPIC_ID, INCONSISTENT_TOPIC_ID,
// FETCH_SESSION_TOPIC_ID_ERROR.

import {
  api,
  array,
  int8,
  int16,
  int32,
  int64,
  offset,
  records,
  string,
  struct,
  uuid,
} from '../../schema/field.ts';

export const Fetch = api({
  key: 1,
  name: 'Fetch',
  versions: '4-18',
  flexible: '12+',
  request: {
    clusterId: string.since(12).nullable().default(null).tag(0).ignorable(),
    /** -1: a consumer. */
    replicaId: int32.until(14).default(-1),
    replicaState: struct({
      replicaId: int32.default(-1),
      replicaEpoch: int64.default(-1n),
    })
      .since(15)
      .tag(1),
    maxWaitMs: int32,
    minBytes: int32,
    maxBytes: int32.default(0x7fffffff).ignorable(),
    /** 0: read_uncommitted; 1: read_committed. */
    isolationLevel: int8.default(0).ignorable(),
    sessionId: int32.since(7).default(0).ignorable(),
    /** -1: no session; 0: begin one. */
    sessionEpoch: int32.since(7).default(-1).ignorable(),
    topics: array(
      struct({
        topic: string.until(12).ignorable(),
        topicId: uuid.since(13).ignorable(),
        partitions: array(
          struct({
            partition: int32,
            currentLeaderEpoch: int32.since(9).default(-1).ignorable(),
            fetchOffset: offset,
            lastFetchedEpoch: int32.since(12).default(-1),
            logStartOffset: offset.since(5).default(-1).ignorable(),
            partitionMaxBytes: int32,
            replicaDirectoryId: uuid.since(17).tag(0).ignorable(),
            highWatermark: int64.since(18).default(9223372036854775807n).tag(1).ignorable(),
          }),
        ),
      }),
    ),
    /** Partitions to drop from the session. */
    forgottenTopicsData: array(
      struct({
        topic: string.until(12).ignorable(),
        topicId: uuid.since(13).ignorable(),
        partitions: array(int32),
      }),
    ).since(7),
    rackId: string.since(11).default('').ignorable(),
  },
  response: {
    throttleTimeMs: int32.ignorable(),
    errorCode: int16.since(7).ignorable(),
    sessionId: int32.since(7).default(0),
    responses: array(
      struct({
        topic: string.until(12).ignorable(),
        topicId: uuid.since(13).ignorable(),
        partitions: array(
          struct({
            partitionIndex: int32,
            errorCode: int16,
            highWatermark: offset,
            lastStableOffset: offset.default(-1).ignorable(),
            logStartOffset: offset.since(5).default(-1).ignorable(),
            divergingEpoch: struct({
              epoch: int32.default(-1),
              endOffset: offset.default(-1),
            })
              .since(12)
              .tag(0),
            currentLeader: struct({
              leaderId: int32.default(-1),
              leaderEpoch: int32.default(-1),
            })
              .since(12)
              .tag(1),
            snapshotId: struct({
              endOffset: offset.default(-1),
              epoch: int32.default(-1),
            })
              .since(12)
              .tag(2),
            /** Null for read_uncommitted. */
            abortedTransactions: array(
              struct({
                producerId: int64,
                firstOffset: offset,
              }),
            )
              .nullable()
              .ignorable(),
            /** -1: read from the leader. */
            preferredReadReplica: int32.since(11).default(-1),
            records: records.nullable(),
          }),
        ),
      }),
    ),
    nodeEndpoints: array(
      struct({
        nodeId: int32,
        host: string,
        port: int32,
        rack: string.nullable().default(null),
      }),
    )
      .since(16)
      .tag(0),
  },
});
