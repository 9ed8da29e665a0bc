// KRaft: asks a voter for its vote (and, version 2+, its pre-vote).
// Between brokers and controllers only.
// KIPs: 595, 853, 996.

import { api, array, bool, int16, int32, offset, string, struct, uint16, uuid } from '../../schema/field.ts';

export const Vote = api({
  key: 52,
  name: 'Vote',
  versions: '0-2',
  flexible: '0+',
  request: {
    clusterId: string.nullable().default(null),
    voterId: int32.since(1).default(-1).ignorable(),
    topics: array(
      struct({
        topicName: string,
        partitions: array(
          struct({
            partitionIndex: int32,
            replicaEpoch: int32,
            replicaId: int32,
            replicaDirectoryId: uuid.since(1).ignorable(),
            voterDirectoryId: uuid.since(1).ignorable(),
            lastOffsetEpoch: int32,
            lastOffset: offset,
            preVote: bool.since(2),
          }),
        ),
      }),
    ),
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
            voteGranted: bool,
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
