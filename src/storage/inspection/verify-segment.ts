// One segment and its indexes, read whole: batches, their records, and whether each index entry says what is in the log.

import {
  baseOffset as baseOffsetOf,
  isControl,
  isTransactional,
  lastOffset,
  maxTimestamp,
  partitionLeaderEpoch,
  producerId,
} from '../../protocol/records/batch-header.ts';
import { iterateRecords, type RecordView } from '../../protocol/records/read-records.ts';
import { FileCache } from '../fs/file-cache.ts';
import type { FileSystem } from '../fs/file-system.ts';
import { readWholeFile } from '../fs/whole-file.ts';
import { producedBatch } from '../log/batch-facts.ts';
import { mendedBatch, offsetAt, stretchOf } from '../log/flipped-byte.ts';
import type { SegmentBytes } from '../log/next-batch.ts';
import { OffsetIndex } from '../log/offset-index.ts';
import {
  LOG_SUFFIX,
  OFFSET_INDEX_SUFFIX,
  offsetName,
  TIME_INDEX_SUFFIX,
  TRANSACTION_INDEX_SUFFIX,
} from '../log/segment-names.ts';
import { TimeIndex } from '../log/time-index.ts';
import { ABORTED_TRANSACTION_BYTES, decodeAbortedTransactions } from '../log/transaction-index.ts';
import { type Finding, finding } from './finding.ts';
import { type DamagePiece, walkSegment } from './segment-walk.ts';

/** What is known of a log at the place where reading has come to. */
export interface WalkState {
  nextOffset: number;
  batches: number;
  records: number;
  /** Where each leader epoch began, as the batches say. */
  readonly epochs: Map<number, number>;
  /** First offset of the open transaction of a producer. */
  readonly openTransactions: Map<bigint, number>;
}

export interface SegmentTask {
  readonly fileSystem: FileSystem;
  readonly directory: string;
  /** For findings. */
  readonly shownAs: string;
  readonly baseOffset: number;
  readonly isLast: boolean;
  /** Null where nobody knows what the records of this topic mean. */
  readonly understand: ((record: RecordView, isControlRecord: boolean) => void) | null;
}

interface SegmentFacts {
  readonly sizeInBytes: number;
  /** By the last offset of a batch: its position and largest timestamp. */
  readonly batches: Map<number, { readonly position: number; readonly maxTimestamp: number }>;
  /** Last offsets of the abort markers that ended something. */
  readonly aborts: number[];
}

const UNINDEXED_REMEDY = {
  kind: 'remove',
  meaning: 'it is built anew from the log at the next start',
} as const;

export function verifySegment(task: SegmentTask, state: WalkState): Finding[] {
  const findings: Finding[] = [];
  const name = offsetName(task.baseOffset, LOG_SUFFIX);
  const path = `${task.shownAs}/${name}`;
  if (task.baseOffset < state.nextOffset)
    findings.push(
      finding(
        'error',
        path,
        `begins at offset ${task.baseOffset}, but the segment before it goes on to ${state.nextOffset - 1}`,
      ),
    );
  const file = task.fileSystem.open(`${task.directory}/${name}`, 'read');
  try {
    const facts: SegmentFacts = { sizeInBytes: file.size(), batches: new Map(), aborts: [] };
    const damages: DamagePiece[] = [];
    const walk = { source: file, sizeInBytes: facts.sizeInBytes, baseOffset: task.baseOffset };
    for (const piece of walkSegment(walk)) {
      if (piece.kind === 'damage') damages.push(piece);
      else takeBatch(piece.batch, piece.position, { task, state, facts, findings, path });
    }
    const mends = damages.flatMap(damage => mendFinding(damage, walk, path));
    const others = damages.filter(({ position }) => !mends.some(found => found.position === position));
    findings.push(
      ...mends,
      ...others.flatMap(damage => damageFinding(damage, others, { path, isLast: task.isLast })),
    );
    findings.push(...verifyIndexes(task, facts));
  } finally {
    file.close();
  }
  return findings;
}

function takeBatch(
  batch: Buffer,
  position: number,
  into: { task: SegmentTask; state: WalkState; facts: SegmentFacts; findings: Finding[]; path: string },
): void {
  const { state, facts } = into;
  const last = lastOffset(batch, 0);
  const epoch = partitionLeaderEpoch(batch, 0);
  if (epoch >= 0 && !state.epochs.has(epoch)) state.epochs.set(epoch, baseOffsetOf(batch, 0));
  facts.batches.set(last, { position, maxTimestamp: maxTimestamp(batch, 0) });
  followTransaction(batch, into);
  state.nextOffset = last + 1;
  state.batches += 1;
  try {
    const control = isControl(batch, 0);
    for (const record of iterateRecords(batch)) {
      state.records += 1;
      into.task.understand?.(record, control);
    }
  } catch (error) {
    into.findings.push(
      finding(
        'error',
        into.path,
        `the records of the batch at offset ${baseOffsetOf(batch, 0)} do not read: ${(error as Error).message}`,
        { position },
      ),
    );
  }
}

function followTransaction(batch: Buffer, { state, facts }: { state: WalkState; facts: SegmentFacts }): void {
  if (!isTransactional(batch, 0)) return;
  const id = producerId(batch, 0);
  if (!isControl(batch, 0)) {
    if (!state.openTransactions.has(id)) state.openTransactions.set(id, baseOffsetOf(batch, 0));
    return;
  }
  const marker = producedBatch(batch, 0)?.marker;
  if (marker?.isCommit === false && state.openTransactions.has(id)) facts.aborts.push(lastOffset(batch, 0));
  state.openTransactions.delete(id);
}

/** A batch that is right but for one byte can be had back whole. */
function mendFinding(damage: DamagePiece, segment: SegmentBytes, path: string): Finding[] {
  const { position, endPosition, offset, isTail } = damage;
  if (isTail) return [];
  const followingOffset = offsetAt(segment, endPosition);
  const stretch = stretchOf(segment, { position, endPosition, nextOffset: offset, followingOffset });
  const mended = stretch === null ? null : mendedBatch(stretch);
  if (stretch === null || mended === null) return [];
  const at = mended.findIndex((byte, index) => byte !== stretch.bytes[index]);
  const byte = { position: position + at, is: stretch.bytes[at]!, was: mended[at]! };
  const message = `one byte of the batch at offset ${offset} is wrong (${hex(byte.is)} at position ${byte.position}, by the checksum it was ${hex(byte.was)}): its records cannot be read`;
  const remedy = { kind: 'mend', byte, batch: { position, endPosition } } as const;
  return [finding('error', path, message, { position, remedy })];
}

export function hex(byte: number): string {
  return `0x${byte.toString(16).padStart(2, '0')}`;
}

/** All holes of a segment are mended in one go: the first finding carries the remedy. */
function damageFinding(
  damage: DamagePiece,
  all: readonly DamagePiece[],
  { path, isLast }: { path: string; isLast: boolean },
): Finding[] {
  const { position, endPosition, offset, reason } = damage;
  const bytes = `${endPosition - position} bytes`;
  if (damage.isTail) {
    const what = reason === 'zeros' ? `${bytes} of zeros` : `${bytes} that are no whole batch`;
    const message = isLast
      ? `ends in ${what}: a write that did not finish. Everything below offset ${offset} is whole`
      : `ends in ${what}, and later segments follow: records from offset ${offset} on are missing here`;
    const remedy = { kind: 'cut-tail', position, offset } as const;
    return [
      finding(isLast && reason !== 'offsets' ? 'warning' : 'error', path, message, { position, remedy }),
    ];
  }
  const why = {
    'no batch': 'are no batch',
    checksum: 'do not have the checksum they claim',
    offsets: 'have offsets that do not follow',
    zeros: 'are zeros',
  }[reason];
  const holes = all.filter(other => !other.isTail);
  const message = `${bytes} ${why}: records from offset ${offset} to the next batch cannot be read`;
  if (holes[0] !== damage) return [finding('error', path, message, { position })];
  const remedy = {
    kind: 'leave-out',
    holes: holes.map(hole => ({ position: hole.position, endPosition: hole.endPosition })),
  } as const;
  return [finding('error', path, message, { position, remedy })];
}

function verifyIndexes(task: SegmentTask, facts: SegmentFacts): Finding[] {
  return [
    ...verifyOffsetIndex(task, facts),
    ...verifyTimeIndex(task, facts),
    ...verifyTransactionIndex(task, facts),
  ];
}

/** Built anew where they do not fit, so no index costs a record; but a wrong one would be believed after a clean stop. */
function wrongIndex(task: SegmentTask, suffix: string, message: string): Finding[] {
  const path = `${task.shownAs}/${offsetName(task.baseOffset, suffix)}`;
  return [
    finding('error', path, `${message}: lookups through it may miss records`, { remedy: UNINDEXED_REMEDY }),
  ];
}

function absent(task: SegmentTask, suffix: string): Finding[] {
  const path = `${task.shownAs}/${offsetName(task.baseOffset, suffix)}`;
  return [finding('warning', path, 'is missing; it is built anew from the log at the next start')];
}

function indexPath(task: SegmentTask, suffix: string): string {
  return `${task.directory}/${offsetName(task.baseOffset, suffix)}`;
}

function verifyOffsetIndex(task: SegmentTask, { batches }: SegmentFacts): Finding[] {
  const path = indexPath(task, OFFSET_INDEX_SUFFIX);
  const stat = task.fileSystem.stat(path);
  if (stat === null) return batches.size === 0 ? [] : absent(task, OFFSET_INDEX_SUFFIX);
  const index = new OffsetIndex(new FileCache(task.fileSystem).file(path), task.baseOffset);
  const count = index.count;
  try {
    for (let entry = 0; entry < count; entry++) {
      const position = index.positionAt(entry);
      const batch = batches.get(index.offsetAt(entry));
      if (batch?.position !== position)
        return wrongIndex(
          task,
          OFFSET_INDEX_SUFFIX,
          `entry ${entry} says that offset ${index.offsetAt(entry)} ends the batch at position ${position}, where the log has no such batch`,
        );
    }
  } finally {
    index.file.close();
  }
  return [];
}

function verifyTimeIndex(task: SegmentTask, { batches }: SegmentFacts): Finding[] {
  const path = indexPath(task, TIME_INDEX_SUFFIX);
  if (task.fileSystem.stat(path) === null) return batches.size === 0 ? [] : absent(task, TIME_INDEX_SUFFIX);
  const index = new TimeIndex(new FileCache(task.fileSystem).file(path), task.baseOffset);
  const count = index.count;
  try {
    for (let entry = 0; entry < count; entry++) {
      const timestamp = index.timestampAt(entry);
      if (entry > 0 && timestamp <= index.timestampAt(entry - 1))
        return wrongIndex(
          task,
          TIME_INDEX_SUFFIX,
          `the timestamp of entry ${entry} is not above the one before`,
        );
      const batch = batches.get(index.offsetAt(entry));
      // Kafka itself may name an offset inside a batch, or one that compaction took.
      if (batch !== undefined && batch.maxTimestamp > timestamp)
        return wrongIndex(
          task,
          TIME_INDEX_SUFFIX,
          `entry ${entry} says ${timestamp} for offset ${index.offsetAt(entry)}, whose batch has ${batch.maxTimestamp}`,
        );
    }
  } finally {
    index.file.close();
  }
  return [];
}

function verifyTransactionIndex(task: SegmentTask, { aborts }: SegmentFacts): Finding[] {
  const bytes = readWholeFile(task.fileSystem, indexPath(task, TRANSACTION_INDEX_SUFFIX));
  if (bytes === null) return aborts.length === 0 ? [] : absent(task, TRANSACTION_INDEX_SUFFIX);
  const entries = decodeAbortedTransactions(bytes);
  if (entries.length * ABORTED_TRANSACTION_BYTES !== bytes.length)
    return wrongIndex(
      task,
      TRANSACTION_INDEX_SUFFIX,
      `only ${entries.length} entries of its ${bytes.length} bytes read`,
    );
  const known = new Set(entries.map(entry => entry.lastOffset));
  const missing = aborts.find(offset => !known.has(offset));
  return missing === undefined
    ? []
    : wrongIndex(task, TRANSACTION_INDEX_SUFFIX, `the transaction aborted at offset ${missing} is not in it`);
}
