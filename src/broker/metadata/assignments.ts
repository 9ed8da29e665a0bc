// Where the replicas of new partitions go. There is one broker, so a placement is right or refused, with the sentences of
// Apache Kafka (StripedReplicaPlacer, ReplicationControlManager.validateManualPartitionAssignment).

import { type ApiError, apiError } from './api-error.ts';
import type { MetadataImage } from './image.ts';

export function refusedReplicationFactor(replicationFactor: number): ApiError | null {
  const reason = unplaceable(replicationFactor);
  return reason === null
    ? null
    : apiError(
        'INVALID_REPLICATION_FACTOR',
        `Unable to replicate the partition ${replicationFactor} time(s): ${reason}`,
      );
}

/** Why this many replicas cannot be placed on one broker, or null. */
export function unplaceable(replicationFactor: number): string | null {
  if (replicationFactor <= 1) return null;
  return (
    `The target replication factor of ${replicationFactor} cannot be reached because only 1 broker(s) are registered ` +
    'or some brokers have all their log directories cordoned.'
  );
}

/** Checks the brokers a client names for one partition. */
export function refusedAssignment(
  image: MetadataImage,
  brokerIds: readonly number[],
  replicationFactor: number | null,
): ApiError | null {
  const refused = (message: string) => apiError('INVALID_REPLICA_ASSIGNMENT', message);
  if (brokerIds.length === 0)
    return refused('The manual partition assignment includes an empty replica list.');
  const sorted = [...brokerIds].sort((a, b) => a - b);
  for (const [index, brokerId] of sorted.entries()) {
    if (!image.brokers.has(brokerId)) {
      return refused(
        `The manual partition assignment includes broker ${brokerId}, but no such broker is registered.`,
      );
    }
    if (index > 0 && sorted[index - 1] === brokerId) {
      return refused(`The manual partition assignment includes the broker ${brokerId} more than once.`);
    }
  }
  if (replicationFactor !== null && sorted.length !== replicationFactor) {
    return refused(
      `The manual partition assignment includes a partition with ${sorted.length} replica(s), but this is not consistent ` +
        `with previous partitions, which have ${replicationFactor} replica(s).`,
    );
  }
  return null;
}
