// ReadShareGroupState: the kept state of share partitions (KIP-932). Brokers ask it of the share coordinator. Rules:
// KafkaApis and ShareCoordinatorService.

import { ReadShareGroupState } from '../../protocol/messages/apis/read-share-group-state.ts';
import { handler } from './handler.ts';
import { CLUSTER_ACTION, eachSharePartition, failedSharePartitions } from './share-state-partitions.ts';

/** Of a partition that is refused. */
const NOTHING = { stateEpoch: 0, startOffset: 0, stateBatches: [] };

export const readShareGroupState = handler(
  ReadShareGroupState,
  {
    versions: '0-0',
    acl: CLUSTER_ACTION,
    failed: (request, errorCode, message) => failedSharePartitions(request, errorCode, message, NOTHING),
  },
  (request, { node }) =>
    eachSharePartition(request, (key, { leaderEpoch }) =>
      node.shareCoordinator.read({ key, leaderEpoch }).map(({ state, ...outcome }) => ({
        ...NOTHING,
        ...outcome,
        ...(state === undefined
          ? {}
          : {
              stateEpoch: state.stateEpoch,
              startOffset: state.startOffset,
              stateBatches: state.stateBatches.map(batch => ({ ...batch })),
            }),
      })),
    ),
);
