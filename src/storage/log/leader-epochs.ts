// `leader-epoch-checkpoint`: where each leader epoch of the partition began (LeaderEpochFileCache, KIP-101), a text
// checkpoint with entries `epoch startOffset`, both ascending. A batch stamped with a newer epoch adds an entry before it
// is written. What the file lacks is found again in the batches, so it need not be synced with each of them.

import { checkpointText, readCheckpointLines } from '../data-dir/checkpoint-file.ts';
import type { FileSystem } from '../fs/file-system.ts';
import { replaceWholeFile, writeWholeFile } from '../fs/whole-file.ts';
import type { EpochEndOffset } from './outcomes.ts';

export const LEADER_EPOCH_CHECKPOINT = 'leader-epoch-checkpoint';
/** What a batch without an epoch says. */
const NO_EPOCH = -1;
const UNKNOWN: EpochEndOffset = { leaderEpoch: -1, endOffset: -1 };

export interface EpochStart {
  readonly epoch: number;
  readonly startOffset: number;
}

export class LeaderEpochs {
  #entries: EpochStart[];
  /** The file does not have the entries yet. */
  isUnsaved = false;
  /** All that the file lacks is an epoch that began here; null: nothing, or more. */
  #begunAt: number | null = null;

  constructor(entries: readonly EpochStart[] = []) {
    this.#entries = [...entries];
  }

  entries(): readonly EpochStart[] {
    return this.#entries;
  }

  /** -1 for none. */
  get latest(): number {
    return this.#entries.at(-1)?.epoch ?? -1;
  }

  /** True when something changed. Entries that contradict the new one go, as in Apache Kafka. */
  assign(epoch: number, startOffset: number): boolean {
    if (epoch < 0) return false;
    const last = this.#entries.at(-1);
    if (last !== undefined && epoch === last.epoch && startOffset >= last.startOffset) return false;
    while (this.#entries.length > 0) {
      const entry = this.#entries.at(-1)!;
      if (entry.epoch < epoch && entry.startOffset < startOffset) break;
      this.#entries.pop();
    }
    this.#entries.push({ epoch, startOffset });
    if (!this.isUnsaved) this.#begunAt = startOffset;
    else if (this.#begunAt !== startOffset) this.#begunAt = null;
    this.isUnsaved = true;
    return true;
  }

  truncateFromEnd(endOffset: number): void {
    const kept = this.#entries.filter(entry => entry.startOffset < endOffset);
    if (kept.length === this.#entries.length) return;
    this.#entries = kept;
    this.#noteChanged();
  }

  /** The epoch in force at the new log start is kept, beginning there. */
  truncateFromStart(startOffset: number): void {
    const passed = this.#entries.filter(entry => entry.startOffset <= startOffset);
    const current = passed.at(-1);
    if (current === undefined || (passed.length === 1 && current.startOffset === startOffset)) return;
    this.#entries = [{ epoch: current.epoch, startOffset }, ...this.#entries.slice(passed.length)];
    this.#noteChanged();
  }

  #noteChanged(): void {
    this.isUnsaved = true;
    this.#begunAt = null;
  }

  /** Whether a restart would miss anything: an epoch without a batch is dropped when a log is opened, and told again. */
  isMissedAt(logEndOffset: number): boolean {
    return this.isUnsaved && this.#begunAt !== logEndOffset;
  }

  endOffsetFor(epoch: number, logEndOffset: number): EpochEndOffset {
    if (epoch === NO_EPOCH) return UNKNOWN;
    if (epoch === this.latest) return { leaderEpoch: epoch, endOffset: logEndOffset };
    const next = this.#entries.find(entry => entry.epoch > epoch);
    if (next === undefined) return UNKNOWN;
    const floor = this.#entries.findLast(entry => entry.epoch <= epoch);
    return { leaderEpoch: floor?.epoch ?? epoch, endOffset: next.startOffset };
  }

  /** -1 when none is known. */
  epochOf(offset: number): number {
    return this.#entries.findLast(entry => entry.startOffset <= offset)?.epoch ?? -1;
  }

  /** `isNew`: the directory was just made, its files are synced together with the first batch. */
  save(fileSystem: FileSystem, partitionDirectory: string, options: { readonly isNew: boolean }): void {
    const text = checkpointText(this.#entries.map(({ epoch, startOffset }) => `${epoch} ${startOffset}`));
    const path = `${partitionDirectory}/${LEADER_EPOCH_CHECKPOINT}`;
    if (options.isNew) writeWholeFile(fileSystem, path, text);
    else replaceWholeFile(fileSystem, path, text);
    this.isUnsaved = false;
    this.#begunAt = null;
  }
}

/** `malformed` says why the file cannot be used; the caller then reads the batches. */
export function readLeaderEpochs(
  fileSystem: FileSystem,
  partitionDirectory: string,
): { readonly epochs: LeaderEpochs; readonly malformed: string | null } {
  const { lines, malformed } = readCheckpointLines(
    fileSystem,
    `${partitionDirectory}/${LEADER_EPOCH_CHECKPOINT}`,
  );
  const entries: EpochStart[] = [];
  for (const line of lines) {
    const match = /^(\d+) (\d+)$/.exec(line);
    const entry = { epoch: Number(match?.[1]), startOffset: Number(match?.[2]) };
    const last = entries.at(-1);
    const ascends = last === undefined || (entry.epoch > last.epoch && entry.startOffset >= last.startOffset);
    if (match === null || !Number.isSafeInteger(entry.startOffset) || !ascends) {
      return {
        epochs: new LeaderEpochs(),
        malformed: `the line "${line.slice(0, 60)}" does not follow the ones before it`,
      };
    }
    entries.push(entry);
  }
  return { epochs: new LeaderEpochs(entries), malformed };
}
