// One partition's directory: its segments in order, and the small files beside them held against what the segments say.

import type { RecordView } from '../../protocol/records/read-records.ts';
import { checkpointText } from '../data-dir/checkpoint-file.ts';
import { PARTITION_METADATA, readPartitionMetadata } from '../data-dir/partition-metadata.ts';
import type { FileSystem } from '../fs/file-system.ts';
import { readWholeFile } from '../fs/whole-file.ts';
import { LEADER_EPOCH_CHECKPOINT, readLeaderEpochs } from '../log/leader-epochs.ts';
import { decodeProducerSnapshot } from '../log/producer-snapshot.ts';
import { LOG_SUFFIX, offsetOfName } from '../log/segment-names.ts';
import { fileKindOf } from './file-kind.ts';
import { type Finding, finding } from './finding.ts';
import { verifySegment, type WalkState } from './verify-segment.ts';

export interface PartitionTask {
  readonly fileSystem: FileSystem;
  readonly directory: string;
  /** For findings: `orders-0`. */
  readonly shownAs: string;
  readonly understand: ((record: RecordView, isControlRecord: boolean) => void) | null;
}

export interface PartitionReport {
  readonly findings: readonly Finding[];
  readonly segments: number;
  readonly batches: number;
  readonly records: number;
  readonly sizeInBytes: number;
  /** Offset of the first segment; what DeleteRecords took may begin later. */
  readonly firstOffset: number;
  readonly endOffset: number;
}

export function verifyPartition(task: PartitionTask): PartitionReport {
  const names = task.fileSystem
    .list(task.directory)
    .map(({ name }) => name)
    .sort();
  const bases = names.flatMap(name => offsetOfName(name, LOG_SUFFIX) ?? []).sort((a, b) => a - b);
  const state: WalkState = {
    nextOffset: bases[0] ?? 0,
    batches: 0,
    records: 0,
    epochs: new Map(),
    openTransactions: new Map(),
  };
  const findings = bases.flatMap((baseOffset, index) =>
    verifySegment({ ...task, baseOffset, isLast: index === bases.length - 1 }, state),
  );
  for (const name of names) findings.push(...verifySmallFile(task, name));
  findings.push(...verifyPartitionMetadata(task), ...verifyLeaderEpochs(task, state));
  const sizes = names.map(name => task.fileSystem.stat(`${task.directory}/${name}`)?.sizeInBytes ?? 0);
  return {
    findings,
    segments: bases.length,
    batches: state.batches,
    records: state.records,
    sizeInBytes: sizes.reduce((sum, size) => sum + size, 0),
    firstOffset: bases[0] ?? 0,
    endOffset: state.nextOffset,
  };
}

function verifySmallFile({ fileSystem, directory, shownAs }: PartitionTask, name: string): Finding[] {
  const path = `${shownAs}/${name}`;
  switch (fileKindOf(name)) {
    case 'producer-snapshot': {
      const decoded = decodeProducerSnapshot(
        readWholeFile(fileSystem, `${directory}/${name}`) ?? Buffer.alloc(0),
      );
      if (Array.isArray(decoded)) return [];
      const remedy = { kind: 'remove', meaning: 'producers are found again in the log' } as const;
      return [
        finding(
          'warning',
          path,
          `cannot be used: ${decoded.damaged}. An older snapshot or the log takes its place`,
          { remedy },
        ),
      ];
    }
    case 'quarantine':
      return [
        finding(
          'note',
          path,
          'holds bytes that a recovery cut from this log; remove it when nobody wants them',
        ),
      ];
    case 'in-passing':
      return [
        finding('note', path, 'is between two steps of a deletion or compaction; the next start finishes it'),
      ];
    case 'unknown':
      return [finding('note', path, 'is no file of Apache Kafka; it is passed over')];
    default:
      return [];
  }
}

function verifyPartitionMetadata({ fileSystem, directory, shownAs }: PartitionTask): Finding[] {
  if (readPartitionMetadata(fileSystem, directory) !== null) return [];
  const isThere = fileSystem.stat(`${directory}/${PARTITION_METADATA}`) !== null;
  return [
    finding(
      'error',
      `${shownAs}/${PARTITION_METADATA}`,
      `${isThere ? 'cannot be read' : 'is missing'}: Apache Kafka would set this partition aside as a stray`,
    ),
  ];
}

function verifyLeaderEpochs({ fileSystem, directory, shownAs }: PartitionTask, state: WalkState): Finding[] {
  const path = `${shownAs}/${LEADER_EPOCH_CHECKPOINT}`;
  const { epochs, malformed } = readLeaderEpochs(fileSystem, directory);
  const fromBatches = [...state.epochs].sort(([a], [b]) => a - b);
  const content = checkpointText(fromBatches.map(([epoch, startOffset]) => `${epoch} ${startOffset}`));
  const remedy = { kind: 'write', content, meaning: 'as the batches say' } as const;
  if (malformed !== null)
    return [
      finding('error', path, `cannot be read (${malformed}): Apache Kafka would not start`, { remedy }),
    ];
  const known = new Set(epochs.entries().map(({ epoch }) => epoch));
  const missing = fromBatches.find(([epoch]) => !known.has(epoch));
  return missing === undefined
    ? []
    : [
        finding(
          'warning',
          path,
          `does not know leader epoch ${missing[0]}, which begins at offset ${missing[1]}; the next start finds it in the log`,
        ),
      ];
}
