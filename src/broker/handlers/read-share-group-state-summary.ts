// ReadShareGroupStateSummary: where share partitions stand, without their batches (KIP-932, KIP-1226). Brokers ask it of
// the share coordinator. Rules: KafkaApis and ShareCoordinatorService.

import { ReadShareGroupStateSummary } from '../../protocol/messages/apis/read-share-group-state-summary.ts';
import { UNINITIALIZED } from '../share/share-state.ts';
import { handler } from './handler.ts';
import { CLUSTER_ACTION, eachSharePartition, failedSharePartitions } from './share-state-partitions.ts';

/** Of a partition that is refused. */
const NOTHING = { stateEpoch: 0, leaderEpoch: 0, startOffset: 0, deliveryCompleteCount: UNINITIALIZED };

export const readShareGroupStateSummary = handler(
  ReadShareGroupStateSummary,
  {
    versions: '0-1',
    acl: CLUSTER_ACTION,
    failed: (request, errorCode, message) => failedSharePartitions(request, errorCode, message, NOTHING),
  },
  (request, { node }) =>
    eachSharePartition(request, key =>
      node.shareCoordinator.readSummary(key).map(({ state, ...outcome }) => {
        // Nothing is kept of it: delivery has not begun.
        if (outcome.errorCode === 0 && state === undefined) {
          return { ...NOTHING, ...outcome, startOffset: UNINITIALIZED };
        }
        if (state === undefined) return { ...NOTHING, ...outcome };
        const { stateEpoch, leaderEpoch, startOffset, deliveryCompleteCount } = state;
        return { ...outcome, stateEpoch, leaderEpoch, startOffset, deliveryCompleteCount };
      }),
    ),
);
