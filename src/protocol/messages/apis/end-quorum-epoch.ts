// KRaft: a leader resigns.
// Between brokers and controllers only.
// KIPs: 595, 853.

import { api, array, int16, int32, string, struct, uint16, uuid } from '../../schema/field.ts';

export const EndQuorumEpoch = api({
  key: 54,
  name: 'EndQuorumEpoch',
  versions: '0-1',
  flexible: '1+',
  request: {
    clusterId: string.nullable().default(null),
    topics: array(
      struct({
        topicName: string,
        partitions: array(
          struct({
            partitionIndex: int32,
            leaderId: int32,
            leaderEpoch: int32,
            preferredSuccessors: array(int32).until(0).ignorable(),
            preferredCandidates: array(
              struct({
                candidateId: int32,
                candidateDirectoryId: uuid,
              }),
            )
              .since(1)
              .ignorable(),
          }),
        ),
      }),
    ),
    leaderEndpoints: array(
      struct({
        name: string,
        host: string,
        port: uint16,
      }),
    )
      .since(1)
      .ignorable(),
  },
  response: {
    errorCode: int16,
    topics: array(
      struct({
        topicName: string,
        partitions: array(
          struct({
            partitionIndex: int32,
            errorCode: int16,
            leaderId: int32,
            leaderEpoch: int32,
          }),
        ),
      }),
    ),
    nodeEndpoints: array(
      struct({
        nodeId: int32,
        host: string,
        port: uint16,
      }),
    )
      .since(1)
      .tag(0),
  },
});
