// Refuses a directory of a newer Kafka before its start changes anything: the levels that its metadata files end with must
// be ones that this program knows. Only whole batches count; what is torn or damaged is the start's own affair, which
// refuses unknown levels again when it replays them.

import { isControl, verifyCrc } from '../../protocol/records/batch-header.ts';
import { nextBatchSize } from '../../protocol/records/batch-scan.ts';
import { readRecords } from '../../protocol/records/read-records.ts';
import { DataDirectoryError } from '../../storage/data-dir/data-directory-error.ts';
import { KRAFT_VERSION, refuseUnknownLevel, UnknownLevelError } from './features.ts';
import { type MetadataRecord, metadataRecordCodec } from './metadata-record.ts';

type FeatureLevel = (MetadataRecord & { readonly type: 'FeatureLevelRecord' })['data'];

/** Metadata values begin with a frame version of 1 and the type of the record, both varints (MetadataRecordSerde). */
const FRAME_VERSION = 1;
const FEATURE_LEVEL_RECORD = 12;

/** `files`: oldest word first. Throws DataDirectoryError. */
export function refuseNewerLevels(path: string, files: Iterable<Buffer>): void {
  const levels = new Map<string, FeatureLevel>();
  for (const bytes of files) for (const level of levelsIn(bytes)) levels.set(level.name, level);
  // A control record says it (KAFKA-18979).
  levels.delete(KRAFT_VERSION);
  try {
    for (const level of levels.values()) refuseUnknownLevel(level);
  } catch (error) {
    throw error instanceof UnknownLevelError ? newerVersion(path, error.message) : error;
  }
}

export function newerVersion(path: string, reason: string): DataDirectoryError {
  return new DataDirectoryError(
    'newer-version',
    `The metadata log in ${path} cannot be understood: ${reason}. Nothing was changed. ` +
      'A newer Kafka may have written it: open the directory with that version, or with a newer Millrace.',
  );
}

function* levelsIn(bytes: Buffer): Iterable<FeatureLevel> {
  let position = 0;
  while (position < bytes.length) {
    const sizeInBytes = nextBatchSize(bytes, position, bytes.length);
    if (sizeInBytes <= 0 || position + sizeInBytes > bytes.length || !verifyCrc(bytes, position)) return;
    if (!isControl(bytes, position)) {
      for (const { key, value } of readRecords(bytes.subarray(position, position + sizeInBytes))) {
        if (value?.[0] !== FRAME_VERSION || value[1] !== FEATURE_LEVEL_RECORD) continue;
        const decoded = metadataRecordCodec.decode(key, value);
        if (decoded?.type === 'FeatureLevelRecord') yield decoded.data;
      }
    }
    position += sizeInBytes;
  }
}
