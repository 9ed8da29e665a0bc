// Writes the marker that ends a producer's transaction in one partition: a control batch in a topic's log, or, in
// __consumer_offsets, one that also makes the offsets of the transaction count. Used by the coordinator and by
// WriteTxnMarkers (kafka-transactions --abort). Rules: KafkaApis.handleWriteTxnMarkersRequest.

import type { ErrorName } from '../../protocol/errors.ts';
import { buildTransactionMarker } from '../../protocol/records/control-records.ts';
import type { PartitionLog } from '../../storage/log/partition-log.ts';
import { GROUP_METADATA_TOPIC } from '../metadata/topic-names.ts';
import { Deferred } from '../runtime/deferred.ts';
import type { TransactionMarkerInput } from '../runtime/shard.ts';
import type { TopicPartition } from './transaction.ts';

export interface MarkerPlace {
  readonly log: PartitionLog;
  readonly leaderEpoch: number;
}

export interface MarkerTargets {
  readonly place: (
    partition: TopicPartition,
  ) => MarkerPlace | 'NOT_LEADER_OR_FOLLOWER' | 'UNKNOWN_TOPIC_OR_PARTITION';
  /** Completes when what the metadata says now is durable; false when it will never be. */
  readonly whenMetadataDurable: () => Deferred<boolean>;
  /** Ends the transaction in a partition of __consumer_offsets. */
  readonly completeOffsets: (partition: number, marker: TransactionMarkerInput) => Deferred<ErrorName | null>;
  readonly nowMs: () => number;
}

/** Completes when the marker is durable, or with the reason why it was not written. */
export function writeMarker(
  targets: MarkerTargets,
  partition: TopicPartition,
  marker: TransactionMarkerInput,
): Deferred<ErrorName | null> {
  const place = targets.place(partition);
  if (place === 'NOT_LEADER_OR_FOLLOWER') return Deferred.completed<ErrorName | null>(place);
  if (place === 'UNKNOWN_TOPIC_OR_PARTITION') {
    // A topic whose end a crash takes back would come back with a transaction that nobody ends.
    return targets
      .whenMetadataDurable()
      .map<ErrorName | null>(isGone => (isGone ? place : 'NOT_LEADER_OR_FOLLOWER'));
  }
  if (partition.topic === GROUP_METADATA_TOPIC) return targets.completeOffsets(partition.partition, marker);
  const { log, leaderEpoch } = place;
  const { isCommit, transactionVersion, ...fields } = marker;
  const batch = buildTransactionMarker({
    ...fields,
    type: isCommit ? 'COMMIT' : 'ABORT',
    timestamp: targets.nowMs(),
    leaderEpoch,
  });
  const outcome = log.append(batch, { leaderEpoch, origin: 'coordinator', transactionVersion });
  if (outcome.kind === 'refused') return Deferred.completed<ErrorName | null>(outcome.error);
  const written = new Deferred<ErrorName | null>();
  log.whenDurable(outcome.endOffset, error => written.complete(error === null ? null : error.errorName));
  return written;
}
