// Data directories that Apache Kafka made (test/golden/disk), copied into a memory disk. Index files that it had
// allocated ahead get their zeros back first. For tests only.

import { dirname, join } from 'node:path/posix';
import { fileURLToPath } from 'node:url';
import type { FileSystem } from '../fs/file-system.ts';
import { MemoryFileSystem } from '../fs/memory.ts';
import { NodeFileSystem } from '../fs/node.ts';
import { readTextFile, readWholeFile } from '../fs/whole-file.ts';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '../../../test/golden/disk');

export const GOLDEN_TREES = ['clean-static', 'rich-static', 'rich-standalone', 'killed-standalone'] as const;
export type GoldenTree = (typeof GOLDEN_TREES)[number];

export interface GoldenBatch {
  readonly baseOffset: number;
  readonly lastOffset: number;
  readonly sizeInBytes: number;
  readonly partitionLeaderEpoch: number;
  readonly crc: number;
  readonly attributes: number;
  readonly records: readonly { readonly offset: number }[] | readonly (readonly unknown[])[];
}

export interface GoldenFile {
  readonly bytes: number;
  readonly text?: string;
  readonly batches?: readonly GoldenBatch[];
  readonly validBytes?: number;
  readonly offsetPosition?: readonly (readonly [number, number])[];
  readonly timestampOffset?: readonly (readonly [number, number])[];
  readonly zeroEntries?: number;
  readonly abortedTxns?: readonly {
    readonly producerId: number;
    readonly firstOffset: number;
    readonly lastOffset: number;
    readonly lastStableOffset: number;
  }[];
  readonly producers?: readonly GoldenProducer[];
}

export interface GoldenProducer {
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly coordinatorEpoch: number;
  readonly lastTimestamp: number;
  readonly currentTxnFirstOffset: number;
  readonly batches: readonly {
    readonly lastSeq: number;
    readonly firstOffset: number;
    readonly lastOffset: number;
    readonly timestamp: number;
  }[];
}

export interface GoldenPartition {
  readonly partition: number;
  readonly logStartOffset: number;
  readonly highWatermark: number;
  readonly lastStableOffset: number;
  readonly leaderEpoch: number;
  readonly maxTimestamp: number;
  readonly maxTimestampOffset: number;
  readonly producers: readonly {
    readonly producerId: number;
    readonly producerEpoch: number;
    readonly lastSequence: number;
  }[];
  readonly records?: readonly {
    readonly offset: number;
    readonly timestamp: number;
    readonly key: string | null;
    readonly value: string | null;
  }[];
  readonly readCommittedOffsets?: readonly number[];
}

export interface GoldenView {
  readonly capturedAtMs: number;
  readonly topics: Readonly<
    Record<
      string,
      {
        readonly id: string;
        readonly configs: Readonly<Record<string, string>>;
        readonly partitions: readonly GoldenPartition[];
      }
    >
  >;
}

export interface GoldenExpectation {
  readonly trimmed: Readonly<Record<string, number>>;
  readonly view: GoldenView | null;
  readonly acknowledged?: { readonly lastAcknowledgedOffset: Readonly<Record<string, number>> };
  readonly afterRestart: GoldenView;
  readonly files: Readonly<Record<string, GoldenFile>>;
}

export function goldenExpectation(tree: GoldenTree): GoldenExpectation {
  return JSON.parse(
    readTextFile(new NodeFileSystem(), `${ROOT}/${tree}/expected.json`)!,
  ) as GoldenExpectation;
}

export interface GoldenDamage {
  readonly name: string;
  readonly tree: GoldenTree;
  readonly file: string | null;
  readonly detail?: { readonly filePosition: number; readonly xor: number; readonly batchBaseOffset: number };
  readonly starts: boolean;
  readonly partitions?: Readonly<
    Record<
      string,
      { readonly logStartOffset: number; readonly highWatermark: number; readonly recordsRead?: number }
    >
  >;
}

export function goldenDamages(): GoldenDamage[] {
  return JSON.parse(readTextFile(new NodeFileSystem(), `${ROOT}/damage.json`)!) as GoldenDamage[];
}

/** The tree as it was on the node's disk, at /data of the memory disk. Everything is durable. */
export function goldenDisk(
  tree: GoldenTree,
  options: { readonly trimmed?: boolean; readonly manualSyncs?: boolean } = {},
): MemoryFileSystem {
  const memory = new MemoryFileSystem({ manualSyncs: options.manualSyncs ?? false });
  memory.makeDirectory('/data');
  copyTree(`${ROOT}/${tree}/data`, memory, '/data');
  if (options.trimmed !== true) {
    for (const [name, size] of Object.entries(goldenExpectation(tree).trimmed)) {
      const file = memory.open(`/data/${name}`, 'write');
      file.truncate(size);
      file.syncNow();
    }
  }
  return memory;
}

function copyTree(from: string, target: FileSystem, to: string): void {
  const source = new NodeFileSystem();
  for (const { name, kind } of source.list(from)) {
    if (kind === 'directory') {
      target.makeDirectory(`${to}/${name}`);
      copyTree(`${from}/${name}`, target, `${to}/${name}`);
    } else {
      const file = target.open(`${to}/${name}`, 'create');
      file.write([readWholeFile(source, `${from}/${name}`)!], 0);
      file.syncNow();
    }
  }
  target.syncDirectory(to);
}
