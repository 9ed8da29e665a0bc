// One file of a data directory as lines, whatever kind it is. What it is, its name says.

import { basename, dirname } from 'node:path/posix';
import { METADATA_TOPIC, parsePartitionDirectory } from '../../storage/data-dir/layout.ts';
import { FileCache } from '../../storage/fs/file-cache.ts';
import type { FileSystem } from '../../storage/fs/file-system.ts';
import { readTextFile, readWholeFile } from '../../storage/fs/whole-file.ts';
import { type FileKind, fileKindOf } from '../../storage/inspection/file-kind.ts';
import { walkSegment } from '../../storage/inspection/segment-walk.ts';
import { OffsetIndex } from '../../storage/log/offset-index.ts';
import type { ProducerEntry } from '../../storage/log/producer-entry.ts';
import { decodeProducerSnapshot } from '../../storage/log/producer-snapshot.ts';
import { leadingOffset } from '../../storage/log/segment-names.ts';
import { TimeIndex } from '../../storage/log/time-index.ts';
import { decodeAbortedTransactions } from '../../storage/log/transaction-index.ts';
import { decoderFor } from './log-decoding.ts';
import {
  type DumpLine,
  dumpSegment,
  optionalLong,
  type SegmentDumpOptions,
  wordsOf,
} from './segment-dump.ts';

export type DumpOptions = Omit<SegmentDumpOptions, 'decoder'>;

export function* dumpFile(fileSystem: FileSystem, path: string, options: DumpOptions): Generator<DumpLine> {
  const kind = fileKindOf(basename(path));
  yield { text: `Dumping ${path}`, json: { kind: 'file', path, content: kind } };
  switch (kind) {
    case 'segment':
    case 'metadata-snapshot':
      return yield* dumpBatches(fileSystem, path, { ...options, kind });
    case 'offset-index':
      return yield* dumpOffsetIndex(fileSystem, path);
    case 'time-index':
      return yield* dumpTimeIndex(fileSystem, path);
    case 'transaction-index':
      return yield* dumpTransactionIndex(fileSystem, path);
    case 'producer-snapshot':
      return yield* dumpProducers(fileSystem, path);
    case 'offset-checkpoint':
    case 'leader-epochs':
    case 'text':
      return yield* dumpText(fileSystem, path);
    default:
      yield {
        text: `${fileSystem.stat(path)?.sizeInBytes ?? 0} bytes that are not read`,
        json: { kind: 'unread' },
      };
  }
}

function* dumpBatches(
  fileSystem: FileSystem,
  path: string,
  options: DumpOptions & { readonly kind: FileKind },
): Generator<DumpLine> {
  const name = basename(path);
  const isSnapshot = options.kind === 'metadata-snapshot';
  const topic = isSnapshot ? METADATA_TOPIC : (parsePartitionDirectory(basename(dirname(path)))?.topic ?? '');
  const baseOffset = isSnapshot ? 0 : leadingOffset(name)!;
  yield startLine(name, { isSnapshot, baseOffset });
  const file = fileSystem.open(path, 'read');
  try {
    const pieces = walkSegment({ source: file, sizeInBytes: file.size(), baseOffset });
    yield* dumpSegment(pieces, { ...options, decoder: decoderFor(topic) });
  } finally {
    file.close();
  }
}

function startLine(
  name: string,
  { isSnapshot, baseOffset }: { isSnapshot: boolean; baseOffset: number },
): DumpLine {
  if (!isSnapshot)
    return { text: `Log starting offset: ${baseOffset}`, json: { kind: 'log', startOffset: baseOffset } };
  const [endOffset = 0, epoch = 0] = name.startsWith('bootstrap')
    ? []
    : name.slice(0, 31).split('-').map(Number);
  return {
    text: `Snapshot end offset: ${endOffset}, epoch: ${epoch}`,
    json: { kind: 'snapshot', endOffset, epoch },
  };
}

function* dumpOffsetIndex(fileSystem: FileSystem, path: string): Generator<DumpLine> {
  const index = new OffsetIndex(new FileCache(fileSystem).file(path), leadingOffset(basename(path))!);
  if (index.count === 0) yield emptyLine(path);
  for (let entry = 0; entry < index.count; entry++)
    yield entryLine({ offset: index.offsetAt(entry), position: index.positionAt(entry) });
  index.file.close();
}

function* dumpTimeIndex(fileSystem: FileSystem, path: string): Generator<DumpLine> {
  const index = new TimeIndex(new FileCache(fileSystem).file(path), leadingOffset(basename(path))!);
  for (let entry = 0; entry < index.count; entry++)
    yield entryLine({ timestamp: index.timestampAt(entry), offset: index.offsetAt(entry) });
  index.file.close();
}

function* dumpTransactionIndex(fileSystem: FileSystem, path: string): Generator<DumpLine> {
  const bytes = readWholeFile(fileSystem, path) ?? Buffer.alloc(0);
  for (const entry of decodeAbortedTransactions(bytes)) yield entryLine({ version: 0, ...entry });
}

function* dumpProducers(fileSystem: FileSystem, path: string): Generator<DumpLine> {
  const decoded = decodeProducerSnapshot(readWholeFile(fileSystem, path) ?? Buffer.alloc(0));
  if (Array.isArray(decoded)) for (const entry of decoded) yield producerLine(entry);
  else yield { text: `damage: ${decoded.damaged}`, json: { kind: 'damage', reason: decoded.damaged } };
}

function producerLine(entry: ProducerEntry): DumpLine {
  const { producerId, producerEpoch, coordinatorEpoch, lastTimestamp } = entry;
  const first = entry.currentTransactionFirstOffset;
  const currentTxnFirstOffset = first < 0 ? null : first;
  const facts = { producerId, producerEpoch, coordinatorEpoch, currentTxnFirstOffset, lastTimestamp };
  const last = entry.batches.at(-1);
  const batch =
    last === undefined
      ? {}
      : {
          firstSequence: last.lastSequence - last.offsetDelta,
          lastSequence: last.lastSequence,
          lastOffset: last.lastOffset,
          offsetDelta: last.offsetDelta,
          timestamp: last.timestamp,
        };
  const text = wordsOf({ ...facts, currentTxnFirstOffset: optionalLong(currentTxnFirstOffset), ...batch });
  return { text, json: { kind: 'producer', ...facts, ...batch } };
}

function* dumpText(fileSystem: FileSystem, path: string): Generator<DumpLine> {
  const lines = (readTextFile(fileSystem, path) ?? '').split('\n');
  if (lines.at(-1) === '') lines.pop();
  for (const line of lines) yield { text: line, json: { kind: 'line', line } };
}

function entryLine(facts: object): DumpLine {
  return { text: wordsOf(facts), json: { kind: 'entry', ...facts } };
}

function emptyLine(path: string): DumpLine {
  return { text: `${path} is empty.`, json: { kind: 'empty' } };
}
