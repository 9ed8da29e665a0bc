// One partition, read page by page in one direction. Oldest first is a plain walk. Newest first walks back in windows:
// Kafka can only be read forwards, so a window before the place reached is read and turned round; when it holds nothing
// (compacted away, or a transaction that was aborted) the next one is larger. Only what will be shown is kept.

import type { FetchedRecord } from '../../client/batches.ts';
import { readRanges } from '../../client/fetch-reader.ts';
import type { KafkaClient } from '../../client/kafka-client.ts';
import type { Isolation } from '../../client/list-offsets.ts';
import { type RecordJson, recordJson } from '../serde/record.ts';

export type Direction = 'newest' | 'oldest';

export interface LaneOptions {
  readonly client: KafkaClient;
  readonly topic: string;
  readonly partition: number;
  readonly direction: Direction;
  readonly isolation: Isolation;
  readonly earliest: number;
  /** Exclusive. */
  readonly latest: number;
  /** Oldest: the next offset to show. Newest: the offset behind the next one to show. */
  readonly start: number;
  /** How many records one look should bring. */
  readonly window: number;
  readonly previewBytes: number;
  readonly signal: AbortSignal;
}

/** Enough for a page of usual records; more would be read and thrown away. */
const FETCH_BYTES = 256 * 1024;
/** A window grows to this while it finds nothing. */
const WINDOW_MAX = 100_000;

export class Lane {
  readonly partition: number;
  readonly #options: LaneOptions;
  /** In the order they are shown. */
  #ready: RecordJson[] = [];
  /** Up to where the partition was read; the records from here on are not in #ready. */
  #reached: number;
  #window: number;

  constructor(options: LaneOptions) {
    this.#options = options;
    this.partition = options.partition;
    const { earliest, latest, start } = options;
    this.#reached = Math.min(Math.max(start, earliest), latest);
    this.#window = options.window;
  }

  get head(): RecordJson | undefined {
    return this.#ready[0];
  }

  get isExhausted(): boolean {
    if (this.#ready.length > 0) return false;
    const { direction, earliest, latest } = this.#options;
    return direction === 'newest' ? this.#reached <= earliest : this.#reached >= latest;
  }

  /** Where to go on after what was taken: the `start` of a later lane. */
  get position(): number {
    const head = this.#ready[0];
    if (head === undefined) return this.#reached;
    return this.#options.direction === 'newest' ? Number(head.offset) + 1 : Number(head.offset);
  }

  take(): RecordJson {
    return this.#ready.shift()!;
  }

  /** Makes sure that there is a head, unless the partition has nothing more. */
  async fill(): Promise<void> {
    while (this.#ready.length === 0 && !this.isExhausted) {
      if (this.#options.direction === 'newest') await this.#fillBackwards();
      else await this.#fillForwards();
    }
  }

  async #fillBackwards(): Promise<void> {
    const to = this.#reached;
    const from = Math.max(this.#options.earliest, to - this.#window);
    const found: RecordJson[] = [];
    for await (const { records } of this.#read(from, to)) {
      for (const record of records) found.push(this.#shown(record));
    }
    this.#reached = from;
    this.#ready = found.reverse();
    if (found.length === 0) this.#window = Math.min(this.#window * 4, WINDOW_MAX);
  }

  async #fillForwards(): Promise<void> {
    for await (const { records, nextOffset } of this.#read(this.#reached, this.#options.latest)) {
      this.#ready = records.slice(0, this.#window).map(record => this.#shown(record));
      const isCut = records.length > this.#window;
      this.#reached = isCut ? records[this.#window]!.offset : nextOffset;
      if (this.#ready.length > 0) return;
    }
  }

  #read(from: number, to: number) {
    const { client, topic, partition, isolation, signal } = this.#options;
    return readRanges([{ topic, partition, from, to }], {
      client,
      isolation,
      signal,
      partitionBytesMax: FETCH_BYTES,
    });
  }

  #shown(record: FetchedRecord): RecordJson {
    return recordJson(record, { partition: this.partition, bytesMax: this.#options.previewBytes });
  }
}
