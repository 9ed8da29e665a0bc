// From the transaction coordinator to the leaders: write commit or abort markers.
// KIPs: 98, 1228.
// Errors: NOT_LEADER_OR_FOLLOWER, CLUSTER_AUTHORIZATION_FAILED, TRANSACTION_COORDINATOR_FENCED.

import { api, array, bool, int8, int16, int32, int64, string, struct } from '../../schema/field.ts';

export const WriteTxnMarkers = api({
  key: 27,
  name: 'WriteTxnMarkers',
  versions: '1-2',
  flexible: '1+',
  request: {
    markers: array(
      struct({
        producerId: int64,
        producerEpoch: int16,
        transactionResult: bool,
        topics: array(
          struct({
            name: string,
            partitionIndexes: array(int32),
          }),
        ),
        coordinatorEpoch: int32,
        transactionVersion: int8.since(2).default(0).ignorable(),
      }),
    ),
  },
  response: {
    markers: array(
      struct({
        producerId: int64,
        topics: array(
          struct({
            name: string,
            partitions: array(
              struct({
                partitionIndex: int32,
                errorCode: int16,
              }),
            ),
          }),
        ),
      }),
    ),
  },
});
