// InitializeShareGroupState: begin keeping the state of share partitions (KIP-932). Brokers ask it of the share coordinator.
// Rules: KafkaApis and ShareCoordinatorService.

import { InitializeShareGroupState } from '../../protocol/messages/apis/initialize-share-group-state.ts';
import { handler } from './handler.ts';
import { CLUSTER_ACTION, eachSharePartition, failedSharePartitions } from './share-state-partitions.ts';

export const initializeShareGroupState = handler(
  InitializeShareGroupState,
  {
    versions: '0-0',
    acl: CLUSTER_ACTION,
    failed: (request, errorCode, message) => failedSharePartitions(request, errorCode, message),
  },
  (request, { node }) =>
    eachSharePartition(request, (key, { stateEpoch, startOffset }) =>
      node.shareCoordinator.initialize({ key, stateEpoch, startOffset }),
    ),
);
