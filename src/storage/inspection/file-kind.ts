// What a file of a Kafka data directory is, by its name alone.

import { CLEAN_SHUTDOWN } from '../data-dir/clean-shutdown.ts';
import { META_PROPERTIES } from '../data-dir/meta-properties.ts';
import {
  CLEANER_CHECKPOINT,
  HIGH_WATERMARK_CHECKPOINT,
  LOG_START_CHECKPOINT,
  RECOVERY_POINT_CHECKPOINT,
} from '../data-dir/offset-checkpoint.ts';
import { PARTITION_METADATA } from '../data-dir/partition-metadata.ts';
import { QUORUM_STATE } from '../data-dir/quorum-state.ts';
import { LEADER_EPOCH_CHECKPOINT } from '../log/leader-epochs.ts';
import {
  CLEANED_SUFFIX,
  DELETED_SUFFIX,
  LOG_SUFFIX,
  leadingOffset,
  OFFSET_INDEX_SUFFIX,
  offsetOfName,
  PRODUCER_SNAPSHOT_SUFFIX,
  QUARANTINE_SUFFIX,
  SWAP_SUFFIX,
  TIME_INDEX_SUFFIX,
  TRANSACTION_INDEX_SUFFIX,
} from '../log/segment-names.ts';

export type FileKind =
  | 'segment'
  | 'offset-index'
  | 'time-index'
  | 'transaction-index'
  | 'producer-snapshot'
  | 'metadata-snapshot'
  | 'offset-checkpoint'
  | 'leader-epochs'
  | 'text'
  | 'quarantine'
  | 'in-passing'
  | 'unknown';

const BY_SUFFIX: readonly (readonly [suffix: string, kind: FileKind])[] = [
  [LOG_SUFFIX, 'segment'],
  [OFFSET_INDEX_SUFFIX, 'offset-index'],
  [TIME_INDEX_SUFFIX, 'time-index'],
  [TRANSACTION_INDEX_SUFFIX, 'transaction-index'],
  [PRODUCER_SNAPSHOT_SUFFIX, 'producer-snapshot'],
];

export const OFFSET_CHECKPOINTS = [
  RECOVERY_POINT_CHECKPOINT,
  LOG_START_CHECKPOINT,
  HIGH_WATERMARK_CHECKPOINT,
  CLEANER_CHECKPOINT,
] as const;
const TEXTS: readonly string[] = [META_PROPERTIES, PARTITION_METADATA, QUORUM_STATE, CLEAN_SHUTDOWN];
const METADATA_SNAPSHOT = /^(\d{20}-\d{10}|bootstrap)\.checkpoint$/;

/** `in-passing`: between two steps of a deletion or a compaction, finished at the next start. */
export function fileKindOf(name: string): FileKind {
  for (const [suffix, kind] of BY_SUFFIX) if (offsetOfName(name, suffix) !== null) return kind;
  if (METADATA_SNAPSHOT.test(name)) return 'metadata-snapshot';
  if (name === LEADER_EPOCH_CHECKPOINT) return 'leader-epochs';
  if ((OFFSET_CHECKPOINTS as readonly string[]).includes(name)) return 'offset-checkpoint';
  if (TEXTS.includes(name)) return 'text';
  if (name.endsWith(QUARANTINE_SUFFIX)) return 'quarantine';
  const isInPassing = [DELETED_SUFFIX, CLEANED_SUFFIX, SWAP_SUFFIX, '.part', '.tmp'].some(suffix =>
    name.endsWith(suffix),
  );
  return isInPassing && (leadingOffset(name) !== null || name.endsWith('.tmp')) ? 'in-passing' : 'unknown';
}
