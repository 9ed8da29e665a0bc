// Appends record batches to partitions. `acks` 0 wants no answer, 1 and -1 wait until the records are kept.
// Versions 0-2 are gone, but still advertised (librdkafka looks for them). From version 12 on a transactional
// batch adds its partition to the transaction by itself.
// KIPs: 98, 110, 467, 516, 890, 951.
// Errors: CORRUPT_MESSAGE, UNKNOWN_TOPIC_OR_PARTITION, NOT_LEADER_OR_FOLLOWER, MESSAGE_TOO_LARGE,
// INVALID_TOPIC_EXCEPTION, RECORD_LIST_TOO_LARGE, NOT_ENOUGH_REPLICAS, INVALID_REQUIRED_ACKS,
// TOPIC_AUTHORIZATION_FAILED, INVALID_TIMESTAMP, UNSUPPORTED_FOR_MESSAGE_FORMAT,
// OUT_OF_ORDER_SEQUENCE_NUMBER, INVALID_PRODUCER_EPOCH, INVALID_TXN_STATE, KAFKA_STORAGE_ERROR,
// UNSUPPORTED_COMPRESSION_TYPE, INVALID_RECORD, UNKNOWN_TOPIC_ID, TRANSACTION_ABORTABLE.

import {
  api,
  array,
  int16,
  int32,
  int64,
  offset,
  records,
  string,
  struct,
  uuid,
} from '../../schema/field.ts';

export const Produce = api({
  key: 0,
  name: 'Produce',
  versions: '3-13',
  flexible: '9+',
  request: {
    transactionalId: string.nullable().default(null),
    /** 0: no answer; 1: kept by the leader; -1: kept by all in-sync replicas. */
    acks: int16,
    timeoutMs: int32,
    topicData: array(
      struct({
        name: string.until(12).ignorable(),
        topicId: uuid.since(13).ignorable(),
        partitionData: array(
          struct({
            index: int32,
            records: records.nullable(),
          }),
        ),
      }),
    ),
  },
  response: {
    responses: array(
      struct({
        name: string.until(12).ignorable(),
        topicId: uuid.since(13).ignorable(),
        partitionResponses: array(
          struct({
            index: int32,
            errorCode: int16,
            baseOffset: offset,
            logAppendTimeMs: int64.default(-1n).ignorable(),
            logStartOffset: offset.since(5).default(-1).ignorable(),
            recordErrors: array(
              struct({
                batchIndex: int32,
                batchIndexErrorMessage: string.nullable().default(null),
              }),
            )
              .since(8)
              .ignorable(),
            errorMessage: string.since(8).nullable().default(null).ignorable(),
            currentLeader: struct({
              leaderId: int32.default(-1),
              leaderEpoch: int32.default(-1),
            })
              .since(10)
              .tag(0),
          }),
        ),
      }),
    ),
    throttleTimeMs: int32.default(0).ignorable(),
    nodeEndpoints: array(
      struct({
        nodeId: int32,
        host: string,
        port: int32,
        rack: string.nullable().default(null),
      }),
    )
      .since(10)
      .tag(0),
  },
});
