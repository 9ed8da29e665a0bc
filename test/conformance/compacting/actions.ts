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
}

export function actionsOf(random: Random, { from, count }: Part): Action[] {
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
  for (const producer of open) actions.push({ kind: 'end', producer, committed: true });
  return [...actions, ...lastFrom(from + count + 10)];
}

/** Written by nobody in particular, so that everything before lies in segments that may be compacted. */
function lastFrom(step: number): Action[] {
  return [step, step + 10].map(at => lastAt(START_MS + at * STEP_MS));
}

function lastAt(timestamp: number): Action {
  const records = [{ key: Buffer.from('last'), value: Buffer.from(String(timestamp - START_MS)), timestamp }];
  return { kind: 'batch', producer: null, transactional: false, codec: 'none', records };
}

/** Steps of time from one round to the next. */
const ROUND_STEPS = 200;
const ROUND_ACTIONS = 25;

/** A round of a log that goes from hand to hand: the transaction that the last round left open ends, and another stays open. */
export function roundOf(random: Random, round: number): Action[] {
  const from = round * ROUND_STEPS;
  const ends: Action[] = [{ kind: 'end', producer: 'open', committed: random.oneOf([true, false]) }];
  const behind = from + 10 + ROUND_ACTIONS + 30;
  return [
    ...(round === 0 ? [] : ends),
    ...certainActions(from),
    ...actionsOf(random, { from: from + 10, count: ROUND_ACTIONS }),
    keyed('open', 'open', `of round ${round}`, behind),
    ...lastFrom(behind + 10),
  ];
}

/**
 * What every cleaner must meet, whatever the seed: a producer whose only record is superseded at once, which leaves an empty
 * batch; a tombstone; an aborted transaction, of which only its marker is left.
 */
function certainActions(from: number): Action[] {
  return [
    keyed('emptied', 'certain', 'superseded', from),
    keyed(null, 'certain', 'superseded, too', from + 1),
    keyed('aborts', 'certain', 'aborted', from + 2),
    { kind: 'end', producer: 'aborts', committed: false },
    keyed(null, 'certain', null, from + 3),
  ];
}

function keyed(producer: string | null, key: string, value: string | null, step: number): Action {
  const record = {
    key: Buffer.from(key),
    value: value === null ? null : Buffer.from(value),
    timestamp: START_MS + step * STEP_MS,
  };
  const transactional = producer === 'aborts' || producer === 'open';
  return { kind: 'batch', producer, transactional, codec: 'none', records: [record] };
}
