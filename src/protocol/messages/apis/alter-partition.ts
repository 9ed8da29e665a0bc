// A leader tells the controller of a change to its in-sync replicas.
// Between brokers and controllers only.
// KIPs: 497, 704, 841, 903.

import { api, array, int8, int16, int32, int64, struct, uuid } from '../../schema/field.ts';

export const AlterPartition = api({
  key: 56,
  name: 'AlterPartition',
  versions: '2-3',
  flexible: '0+',
  request: {
    brokerId: int32,
    brokerEpoch: int64.default(-1n),
    topics: array(
      struct({
        topicId: uuid.ignorable(),
        partitions: array(
          struct({
            partitionIndex: int32,
            leaderEpoch: int32,
            newIsr: array(int32).until(2),
            newIsrWithEpochs: array(
              struct({
                brokerId: int32,
                brokerEpoch: int64.default(-1n),
              }),
            ).since(3),
            leaderRecoveryState: int8.default(0),
            partitionEpoch: int32,
          }),
        ),
      }),
    ),
  },
  response: {
    throttleTimeMs: int32,
    errorCode: int16,
    topics: array(
      struct({
        topicId: uuid.ignorable(),
        partitions: array(
          struct({
            partitionIndex: int32,
            errorCode: int16,
            leaderId: int32,
            leaderEpoch: int32,
            isr: array(int32),
            leaderRecoveryState: int8.default(0).ignorable(),
            partitionEpoch: int32,
          }),
        ),
      }),
    ),
  },
});
