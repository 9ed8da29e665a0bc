// `cleaner-offset-checkpoint`: up to which offset each compacted log is clean (LogCleanerManager). Entries of logs that are
// gone leave it, so that a topic of the same name begins anew. What it lacks is compacted once more, which costs time only.

import { partitionDirectoryName } from '../data-dir/layout.ts';
import { CLEANER_CHECKPOINT, writeOffsetCheckpoint } from '../data-dir/offset-checkpoint.ts';
import type { FileSystem } from '../fs/file-system.ts';
import type { TopicPartition } from './outcomes.ts';

export interface CleanedOffsetsOptions {
  readonly fileSystem: FileSystem;
  /** Of the data directory. */
  readonly path: string;
  readonly logs: () => Iterable<TopicPartition>;
}

export class CleanedOffsets {
  readonly #options: CleanedOffsetsOptions;
  readonly #offsets = new Map<string, number>();

  constructor(options: CleanedOffsetsOptions) {
    this.#options = options;
  }

  /** As the file has them, by directory name. */
  load(offsets: ReadonlyMap<string, number>): void {
    for (const [name, offset] of offsets) this.#offsets.set(name, offset);
  }

  of(log: TopicPartition): number | null {
    return this.#offsets.get(partitionDirectoryName(log)) ?? null;
  }

  /** Throws when the file cannot be written; the offset is known all the same. */
  set(log: TopicPartition, offset: number): void {
    this.#offsets.set(partitionDirectoryName(log), offset);
    this.#write();
  }

  /** The log is gone. */
  forget(log: TopicPartition): void {
    if (this.#offsets.delete(partitionDirectoryName(log))) this.#write();
  }

  #write(): void {
    const { fileSystem, path, logs } = this.#options;
    const entries = [...logs()].flatMap(({ topic, partition }) => {
      const offset = this.#offsets.get(partitionDirectoryName({ topic, partition }));
      return offset === undefined ? [] : [{ topic, partition, offset }];
    });
    writeOffsetCheckpoint(fileSystem, `${path}/${CLEANER_CHECKPOINT}`, entries);
  }
}
