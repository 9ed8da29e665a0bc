// Valid requests with random contents, made from the schema tables: every field of the version, values near the bounds of
// their types, and names that are often those of something that exists, so that requests get past the first check.

import { buildBatch } from '../../src/protocol/records/build-batch.ts';
import type { AnyField, Fields } from '../../src/protocol/schema/field.ts';
import type { Random } from './random.ts';

const ZERO_UUID = 'AAAAAAAAAAAAAAAAAAAAAA';
/** Nothing of these is used by the canary. */
const WORDS = [
  'orders', 'payments', 'group-a', 'group-b', 'transaction', 'member', 'consumer', 'range', 'uniform', 'topic',
  'user', 'client-id', 'ip', 'request_percentage', 'controller_mutation_rate', 'retention.ms', 'cleanup.policy', 'compact',
  'User:alice', '*', '1', '__consumer_offsets', '__transaction_state', 'group.version', 'transaction.version', 'PLAIN',
] as const; // biome-ignore format: a list of words
const ODD_STRINGS = [
  '',
  '.',
  '..',
  ' ',
  '\0',
  '../../etc',
  'x'.repeat(249),
  'x'.repeat(250),
  'ü€😀',
  'a.b',
  'a_b',
  '(((a+)+)+)$',
];
const SMALL = [-2, -1, 0, 1, 2, 3, 5, 127, -128];
const INTS: Partial<Record<AnyField['facts']['kind'], readonly number[]>> = {
  int16: [...SMALL, 255, 32767, -32768],
  uint16: [0, 1, 9092, 65535],
  int32: [...SMALL, 1000, 30_000, 65536, 2 ** 31 - 1, -(2 ** 31)],
  uint32: [0, 1, 2 ** 32 - 1],
  offset: [...SMALL, 1000, 2 ** 53 - 1, -(2 ** 53) + 1],
};
const LONGS = [-2n, -1n, 0n, 1n, 1_700_000_000_000n, 2n ** 63n - 1n, -(2n ** 63n)];
const DOUBLES = [0, -1, 0.5, 1, 1e-300, 1e300, Number.NaN, Number.POSITIVE_INFINITY];
/** A request nests; what is deeper than this is short. */
const ELEMENTS_MAX = [4, 3, 2, 1];

export function randomRequest(fields: Fields, version: number, random: Random): object {
  return structOf(fields, { version, random, depth: 0 });
}

interface Place {
  readonly version: number;
  readonly random: Random;
  readonly depth: number;
}

function structOf(fields: Fields, place: Place): object {
  const draft: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(fields)) {
    const { versions, tag } = field.facts;
    if (place.version < versions.min || place.version > versions.max) continue;
    if (tag !== null && place.random.oneIn(2)) continue;
    draft[name] = randomValue(field, place);
  }
  // What a version lacks takes its default from a draft that is complete for the encoder.
  return withAbsent(draft, fields, place.version);
}

function withAbsent(draft: Record<string, unknown>, fields: Fields, version: number): object {
  for (const [name, { facts }] of Object.entries(fields)) {
    const isAbsent = version < facts.versions.min || version > facts.versions.max;
    if (isAbsent && facts.kind === 'array' && facts.defaultValue === undefined) draft[name] = [];
  }
  return draft;
}

function randomValue(field: AnyField, place: Place): unknown {
  const { version, random, depth } = place;
  const { kind, nullable, element, fields } = field.facts;
  if (nullable !== null && version >= nullable.min && version <= nullable.max && random.oneIn(4)) return null;
  switch (kind) {
    case 'bool':
      return random.oneIn(2);
    case 'int8':
      return random.pick(SMALL);
    case 'int64':
      return random.pick(LONGS);
    case 'float64':
      return random.pick(DOUBLES);
    case 'string':
      return random.oneIn(5) ? random.pick(ODD_STRINGS) : random.pick(WORDS);
    case 'bytes':
      return random.bytes(random.pick([0, 1, 2, 16, 60]));
    case 'records':
      return recordsOf(random);
    case 'uuid':
      return random.oneIn(2) ? ZERO_UUID : random.bytes(16).toString('base64url');
    case 'array': {
      const count = random.below((ELEMENTS_MAX[depth] ?? 1) + 1);
      return Array.from({ length: count }, () => randomValue(element!, { ...place, depth: depth + 1 }));
    }
    case 'struct':
      return structOf(fields!, place);
    default:
      return random.oneIn(4) ? random.below(100) : random.pick(INTS[kind]!);
  }
}

let batches: Buffer[] | null = null;

/** Few are made; mutation makes the rest. */
function recordsOf(random: Random): Buffer {
  batches ??= ([0, 1, 5] as const).flatMap(count => [
    buildBatch({ records: recordList(count) }),
    buildBatch({ records: recordList(count), producerId: 1n, producerEpoch: 0, baseSequence: 0 }),
  ]);
  if (random.oneIn(4)) return random.bytes(random.pick([0, 10, 61, 80]));
  return random.pick(batches);
}

function recordList(count: number) {
  return Array.from({ length: count }, (_, index) => ({
    key: Buffer.from('key'),
    value: Buffer.from(`value ${index}`),
    headers: [{ key: 'h', value: Buffer.from('v') }],
    timestamp: 1_700_000_000_000 + index,
  }));
}
