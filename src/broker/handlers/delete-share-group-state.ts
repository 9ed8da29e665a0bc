// DeleteShareGroupState: forget the state of share partitions (KIP-932). Brokers ask it of the share coordinator.
// Rules: KafkaApis and ShareCoordinatorService.

import { DeleteShareGroupState } from '../../protocol/messages/apis/delete-share-group-state.ts';
import { handler } from './handler.ts';
import { CLUSTER_ACTION, eachSharePartition, failedSharePartitions } from './share-state-partitions.ts';

export const deleteShareGroupState = handler(
  DeleteShareGroupState,
  {
    versions: '0-0',
    acl: CLUSTER_ACTION,
    failed: (request, errorCode, message) => failedSharePartitions(request, errorCode, message),
  },
  (request, { node }) => eachSharePartition(request, (key, _partition) => node.shareCoordinator.delete(key)),
);
