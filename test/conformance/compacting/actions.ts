// What brokers are told to write to a topic that is compacted, from a seed: few keys, many tombstones, every codec,
// idempotent producers, transactions that are committed and aborted. Times are far enough apart for segments to roll.

import type { RecordInput } from '../../../src/protocol/records/build-batch.ts';
import type { CodecName } from '../../../src/protocol/records/compression/codec.ts';
import type { Random } from '../handover/seeded-random.ts';

const CODECS: readonly CodecName[] = ['none', 'none', 'gzip', 'snappy', 'lz4', 'zstd'];
const STEP_MS = 240_000;
/** Ahead of the broker's own time: only data rolls a segment, never a marker, so that segments are the same. */
export const START_MS = Date.now() + 86_400_000;

/** No compaction before everything is there: `1` is more than all of it. `'0'` lets it begin. */
export const DIRTY_RATIO = 'min.cleanable.dirty.ratio';

export const COMPACTED_TOPIC = {
  'cleanup.policy': 'compact',
  'segment.ms': '600000',
  'message.timestamp.after.max.ms': String(10 * 86_400_000),
  'delete.retention.ms': '0',
  [DIRTY_RATIO]: '1',
};

/** What a broker is told to write; producers by name, because each broker gives its own ids. */
export type Action =
  | {
      readonly kind: 'batch';
      readonly producer: string | null;
      readonly transactional: boolean;
      readonly codec: CodecName;
      readonly records: readonly RecordInput[];
    }
  | { readonly kind: 'end'; readonly producer: string; readonly committed: boolean };

interface Part {
  /** Place in time, in steps. */
  readonly from: number;
  readonly count: number;
  /** The transactions that are open at the end stay so. */
  readonly leavesOpen?: boolean;
}

export function actionsOf(random: Random, { from, count, leavesOpen = false }: Part): Action[] {
  const open = new Set<string>();
  const actions: Action[] = [];
  for (let index = 0; index < count; index += 1) {
    const timestamp = START_MS + (from + index) * STEP_MS;
    const dice = random.between(1, 10);
    const producer = random.oneOf(['one', 'two']);
    if (dice <= 2 && open.delete(producer)) {
      actions.push({ kind: 'end', producer, committed: random.oneOf([true, false]) });
      continue;
    }
    const transactional = dice <= 5;
    if (transactional) open.add(producer);
    const records = Array.from({ length: random.between(1, 4) }, () => ({
      key: Buffer.from(`key-${random.between(0, 11)}`),
      value: random.between(1, 5) === 1 ? null : Buffer.from(`value-${random.between(0, 1_000_000)}`),
      headers: random.between(1, 4) === 1 ? [{ key: 'header', value: Buffer.from('h') }] : [],
      timestamp: timestamp + random.between(0, 1_000),
    }));
    const name = transactional ? producer : random.oneOf(['idempotent', null]);
    actions.push({ kind: 'batch', producer: name, transactional, codec: random.oneOf(CODECS), records });
  }
  if (!leavesOpen) for (const producer of open) actions.push({ kind: 'end', producer, committed: true });
  const timestamp = START_MS + (from + count + 10) * STEP_MS;
  for (const at of [timestamp, timestamp + 10 * STEP_MS]) actions.push(lastAt(at));
  return actions;
}

/** Written by nobody in particular, so that everything before it lies in segments that may be compacted. */
function lastAt(timestamp: number): Action {
  const records = [{ key: Buffer.from('last'), value: Buffer.from(String(timestamp - START_MS)), timestamp }];
  return { kind: 'batch', producer: null, transactional: false, codec: 'none', records };
}

/**
 * What every cleaner must meet, whatever the seed: a producer whose only records are superseded at once, which leaves an
 * empty batch; a tombstone; an aborted transaction, of which only its marker will be left.
 */
export function certainActions(from: number): Action[] {
  const at = START_MS + from * STEP_MS;
  const batch = (producer: string | null, value: string | null, step: number): Action => ({
    kind: 'batch',
    producer,
    transactional: producer === 'aborts',
    codec: 'none',
    records: [
      {
        key: Buffer.from('certain'),
        value: value === null ? null : Buffer.from(value),
        timestamp: at + step * STEP_MS,
      },
    ],
  });
  return [
    batch('emptied', 'superseded', 0),
    batch(null, 'superseded, too', 1),
    batch('aborts', 'aborted', 2),
    { kind: 'end', producer: 'aborts', committed: false },
    batch(null, null, 3),
  ];
}
