// A page of a topic: the partitions' records merged by time. Every partition keeps its own order; among partitions the
// next record is the one with the latest (or earliest) timestamp. The cursor holds one offset per partition and nothing
// of it lives here, so it never expires and a page can be asked for again.

import type { PartitionRange } from '../../client/list-offsets.ts';
import type { RecordJson } from '../serde/record.ts';
import { type Direction, Lane, type LaneOptions } from './lane.ts';

export interface PageOptions
  extends Omit<LaneOptions, 'partition' | 'earliest' | 'latest' | 'start' | 'window'> {
  readonly ranges: readonly PartitionRange[];
  /** By partition; the end (newest) or the beginning (oldest) when absent. */
  readonly starts: ReadonlyMap<number, number>;
  readonly limit: number;
}

export interface RecordPage {
  readonly records: RecordJson[];
  /** Where each partition goes on; null when nothing more lies in this direction now. */
  readonly positions: ReadonlyMap<number, number> | null;
}

/** Partitions read at once: each may bring a megabyte. */
const LANES_AT_ONCE = 8;
const WINDOW_MIN = 8;

export async function readPage(options: PageOptions): Promise<RecordPage> {
  const lanes = lanesOf(options);
  await fillAll(lanes);
  const records: RecordJson[] = [];
  while (records.length < options.limit) {
    const next = nextLane(lanes, options.direction);
    if (next === undefined) break;
    records.push(next.take());
    await next.fill();
  }
  if (lanes.every(lane => lane.isExhausted)) return { records, positions: null };
  return { records, positions: new Map(lanes.map(lane => [lane.partition, lane.position])) };
}

function lanesOf(options: PageOptions): Lane[] {
  const { ranges, starts, limit, direction } = options;
  // Twice a partition's fair share, so that most pages need one look at each.
  const window = Math.max(WINDOW_MIN, Math.min(limit, Math.ceil((limit * 2) / Math.max(ranges.length, 1))));
  return ranges.map(({ partition, earliest, latest }) => {
    const start = starts.get(partition) ?? (direction === 'newest' ? latest : earliest);
    return new Lane({ ...options, partition, earliest, latest, start, window });
  });
}

async function fillAll(lanes: readonly Lane[]): Promise<void> {
  const waiting = [...lanes];
  const fillNext = async () => {
    for (let lane = waiting.shift(); lane !== undefined; lane = waiting.shift()) await lane.fill();
  };
  await Promise.all(Array.from({ length: Math.min(LANES_AT_ONCE, lanes.length) }, fillNext));
}

function nextLane(lanes: readonly Lane[], direction: Direction): Lane | undefined {
  let best: Lane | undefined;
  for (const lane of lanes) {
    if (lane.head === undefined) continue;
    if (best?.head === undefined || isBefore(lane.head, best.head, direction)) best = lane;
  }
  return best;
}

/** Lanes are in order of their partitions, so the lower one wins a tie. */
function isBefore(one: RecordJson, other: RecordJson, direction: Direction): boolean {
  const difference = Number(one.timestamp) - Number(other.timestamp);
  return direction === 'newest' ? difference > 0 : difference < 0;
}
