// Loads the metadata log's newest snapshot into a state; the log goes on where it ends. A snapshot that does not check is
// passed over for an older one, down to the log's own start; only a log whose start is gone cannot do without.

import { verifyCrc } from '../../protocol/records/batch-header.ts';
import { nextBatchSize } from '../../protocol/records/batch-scan.ts';
import { type DataDirectory, DataDirectoryError } from '../../storage/data-dir/data-directory.ts';
import type { PartitionLog } from '../../storage/log/partition-log.ts';
import { replayBatches } from '../runtime/log-replay.ts';
import { metadataRecordCodec } from './metadata-record.ts';
import type { MetadataState } from './metadata-state.ts';

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
    if (snapshot.endOffset < log.logStartOffset || snapshot.endOffset > log.logEndOffset) continue;
    const bytes = directory.readMetadataSnapshot(snapshot);
    if (!isWhole(bytes)) {
      report(
        `The metadata snapshot ${snapshot.name} is damaged and was not used; older records were read instead.`,
      );
      continue;
    }
    replayBatches(bytes, { codec: metadataRecordCodec, state, fromOffset: 0 });
    state.restoredUpTo(snapshot.endOffset);
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

function isWhole(bytes: Buffer): boolean {
  let position = 0;
  while (position < bytes.length) {
    const sizeInBytes = nextBatchSize(bytes, position, bytes.length);
    if (sizeInBytes <= 0 || position + sizeInBytes > bytes.length || !verifyCrc(bytes, position))
      return false;
    position += sizeInBytes;
  }
  return bytes.length > 0;
}
