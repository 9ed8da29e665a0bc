// WriteShareGroupState: what became of records of share partitions (KIP-932). Brokers tell it the share coordinator.
// Rules: KafkaApis and ShareCoordinatorService.

import { WriteShareGroupState } from '../../protocol/messages/apis/write-share-group-state.ts';
import { handler } from './handler.ts';
import { CLUSTER_ACTION, eachSharePartition, failedSharePartitions } from './share-state-partitions.ts';

export const writeShareGroupState = handler(
  WriteShareGroupState,
  {
    versions: '0-1',
    acl: CLUSTER_ACTION,
    failed: (request, errorCode, message) => failedSharePartitions(request, errorCode, message),
  },
  (request, { node }) =>
    eachSharePartition(request, (key, partition) => node.shareCoordinator.write({ ...partition, key })),
);
