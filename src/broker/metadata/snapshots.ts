// Loads the metadata log's newest snapshot into a state; the log goes on where it ends. A snapshot that does not check is
// passed over for an older one, down to the log's own start; only a log whose start is gone cannot do without.

import { isControl, verifyCrc } from '../../protocol/records/batch-header.ts';
import { nextBatchSize } from '../../protocol/records/batch-scan.ts';
import { ControlType } from '../../protocol/records/control-records.ts';
import { readRecords } from '../../protocol/records/read-records.ts';
import { type DataDirectory, DataDirectoryError } from '../../storage/data-dir/data-directory.ts';
import type { MetadataSnapshot } from '../../storage/data-dir/metadata-snapshots.ts';
import type { PartitionLog } from '../../storage/log/partition-log.ts';
import { replayBatches } from '../runtime/log-replay.ts';
import { metadataRecordCodec } from './metadata-record.ts';
import type { MetadataState } from './metadata-state.ts';
import { snapshotHeaderTimestampMs } from './quorum.ts';

/** Returns the offset at which the log goes on. */
export function restoreSnapshot(
  state: MetadataState,
  {
    directory,
    log,
    report,
  }: {
    readonly directory: DataDirectory;
    readonly log: PartitionLog;
    readonly report: (message: string) => void;
  },
): number {
  for (const snapshot of directory.metadataSnapshots().reverse()) {
    if (snapshot.endOffset < log.logStartOffset) continue;
    refuseAhead(snapshot, { directory, log });
    const bytes = directory.readMetadataSnapshot(snapshot);
    if (!isWholeSnapshot(bytes)) {
      report(
        `The metadata snapshot ${snapshot.name} is damaged and was not used; older records were read instead.`,
      );
      continue;
    }
    replayBatches(bytes, { codec: metadataRecordCodec, state, fromOffset: 0 });
    state.restoredUpTo(snapshot.endOffset, snapshotTimestampMs(bytes));
    return snapshot.endOffset;
  }
  if (log.logStartOffset > 0) {
    throw new DataDirectoryError(
      'damaged',
      `The metadata log in ${directory.path} begins at offset ${log.logStartOffset}, and no snapshot of what was before can be read. ` +
        'Nothing was changed. Restore the .checkpoint files of __cluster_metadata-0 from a backup.',
    );
  }
  return log.logStartOffset;
}

/**
 * A snapshot of records that the log does not have: it lost its end, or belongs to another snapshot. What the log gets in
 * their place would later be taken for what the snapshot says.
 */
function refuseAhead(
  { name, endOffset, epoch }: MetadataSnapshot,
  { directory, log }: { readonly directory: DataDirectory; readonly log: PartitionLog },
): void {
  const epochInLog = log.epochOfOffset(endOffset - 1);
  const isOfLog = endOffset <= log.logStartOffset || epochInLog === -1 || epochInLog === epoch;
  if (endOffset <= log.logEndOffset && isOfLog) return;
  throw new DataDirectoryError(
    'damaged',
    `The metadata snapshot ${name} in ${directory.path} stands for records that the metadata log, which ends at offset ` +
      `${log.logEndOffset}, does not have: one of them is not of this cluster's history, or the log lost its end. Nothing was changed. ` +
      'Restore __cluster_metadata-0 from a backup; Apache Kafka would start from the snapshot alone.',
  );
}

/** When the last record it stands for was written; -1 when the snapshot does not say. */
export function snapshotTimestampMs(bytes: Buffer): number {
  const sizeInBytes = nextBatchSize(bytes, 0, bytes.length);
  if (sizeInBytes <= 0 || sizeInBytes > bytes.length) return -1;
  for (const { key, value } of readRecords(bytes.subarray(0, sizeInBytes))) {
    const timestampMs = snapshotHeaderTimestampMs({ type: key?.readInt16BE(2) ?? -1, value });
    if (timestampMs !== null) return timestampMs;
  }
  return -1;
}

/** Every batch with its checksum, to the footer's end. */
export function isWholeSnapshot(bytes: Buffer): boolean {
  let position = 0;
  let endsWithFooter = false;
  while (position < bytes.length) {
    const sizeInBytes = nextBatchSize(bytes, position, bytes.length);
    if (sizeInBytes <= 0 || position + sizeInBytes > bytes.length || !verifyCrc(bytes, position))
      return false;
    endsWithFooter = isFooter(bytes.subarray(position, position + sizeInBytes));
    position += sizeInBytes;
  }
  return endsWithFooter;
}

function isFooter(batch: Buffer): boolean {
  if (!isControl(batch, 0)) return false;
  const [record] = readRecords(batch);
  return record?.key?.readInt16BE(2) === ControlType.SNAPSHOT_FOOTER;
}
