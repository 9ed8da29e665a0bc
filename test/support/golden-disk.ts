// The data directories that Apache Kafka made (test/golden/disk), as they were on its disk: pre-allocated indexes get
// their zeros back. Each call makes a tree of its own in memory, so that a test may write into it.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MemoryFileSystem } from '../../src/storage/fs/memory.ts';

const folder = join(import.meta.dirname, '../golden/disk');
export const GOLDEN_TREES = ['clean-static', 'rich-static', 'rich-standalone', 'killed-standalone'] as const;
export type GoldenTree = (typeof GOLDEN_TREES)[number];

export interface ExpectedTopic {
  readonly id: string;
  readonly internal: boolean;
  readonly configs: Readonly<Record<string, string>>;
  readonly partitions: readonly { readonly partition: number; readonly leaderEpoch: number }[];
}

export interface ExpectedView {
  readonly clusterId: string;
  readonly topics: Readonly<Record<string, ExpectedTopic>>;
  readonly configs: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly scram: readonly {
    readonly user: string;
    readonly mechanism: string;
    readonly iterations: number;
  }[];
  readonly quotas: readonly {
    readonly entity: Readonly<Record<string, string | null>>;
    readonly quotas: Readonly<Record<string, number>>;
  }[];
  readonly acls: readonly Readonly<Record<string, string>>[];
  readonly finalizedFeatures: Readonly<Record<string, number>>;
  readonly quorum: {
    readonly leaderId: number;
    readonly leaderEpoch: number;
    readonly voters: readonly { readonly id: number; readonly directoryId: string }[];
  };
}

export interface Expected {
  readonly trimmed: Readonly<Record<string, number>>;
  /** null for the node that was killed. */
  readonly view: (ExpectedView & { readonly capturedAtMs: number }) | null;
  readonly afterRestart: ExpectedView;
}

export function expectedOf(tree: GoldenTree): Expected {
  return JSON.parse(readFileSync(join(folder, tree, 'expected.json'), 'utf8')) as Expected;
}

/** `onlyPartition`: without the directories of all others. */
export function loadGoldenDisk(
  tree: GoldenTree,
  { path = '/data', onlyPartition }: { readonly path?: string; readonly onlyPartition?: string } = {},
): MemoryFileSystem {
  const fileSystem = new MemoryFileSystem();
  const { trimmed } = expectedOf(tree);
  const copy = (source: string, target: string, relative: string) => {
    fileSystem.makeDirectory(target);
    for (const entry of readdirSync(source, { withFileTypes: true })) {
      const below = relative === '' ? entry.name : `${relative}/${entry.name}`;
      if (entry.isDirectory()) {
        if (onlyPartition !== undefined && entry.name !== onlyPartition) continue;
        copy(join(source, entry.name), `${target}/${entry.name}`, below);
        continue;
      }
      const file = fileSystem.open(`${target}/${entry.name}`, 'create');
      const bytes = readFileSync(join(source, entry.name));
      file.write([bytes], 0);
      const sizeInBytes = trimmed[below];
      if (sizeInBytes !== undefined && sizeInBytes > bytes.length) file.truncate(sizeInBytes);
      file.syncNow();
      file.close();
    }
    fileSystem.syncDirectory(target);
  };
  copy(join(folder, tree, 'data'), path, '');
  return fileSystem;
}
