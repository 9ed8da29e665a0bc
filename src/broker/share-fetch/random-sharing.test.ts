// Random members share one partition, over a coordinator that sometimes is slow, sometimes fails, and a broker that is
// killed now and then. Nobody gets what another holds or what is done with (the book of share-world.ts sees to it), the
// window stays within its bound, and in the end every record was done with: accepted, rejected, or delivered as often as
// the limit allows.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fc } from '../../../test/support/properties.ts';
import { type AskOptions, batchAt, LOCK_MS, ShareWorld } from '../../../test/support/share-world.ts';
import { AcknowledgeType } from './record-state.ts';

const MEMBERS = ['m1', 'm2', 'm3'];
const BATCH_MAX = 8;
const TYPES = 6;
/** Each drains what one read brings; records come back a few times at most. */
const ROUNDS_TO_REST = 400;

const member = fc.constantFrom(...MEMBERS);
type Step =
  | { readonly kind: 'fetch'; readonly options: AskOptions }
  | {
      readonly kind: 'acknowledge';
      readonly memberId: string;
      readonly at: number;
      readonly length: number;
      readonly types: readonly number[];
      readonly isOne: boolean;
    }
  | { readonly kind: 'advance'; readonly ms: number }
  | { readonly kind: 'release'; readonly memberId: string }
  | { readonly kind: 'delete records'; readonly count: number }
  | { readonly kind: 'restart' | 'hold the disk' | 'let the disk go' | 'refuse a write' };

const types = fc.constantFrom(
  AcknowledgeType.ACCEPT,
  AcknowledgeType.ACCEPT,
  AcknowledgeType.RELEASE,
  AcknowledgeType.REJECT,
  AcknowledgeType.RENEW,
);

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('fetch' as const),
      options: fc.record({
        memberId: member,
        mode: fc.constantFrom('batch_optimized' as const, 'record_limit' as const),
        recordsMax: fc.integer({ min: 1, max: 12 }),
        batchSize: fc.constantFrom(1, 4, 500),
        batchesMax: fc.integer({ min: 1, max: 4 }),
      }),
    }),
  },
  {
    weight: 10,
    arbitrary: fc.record({
      kind: fc.constant('acknowledge' as const),
      memberId: member,
      at: fc.nat(),
      length: fc.integer({ min: 1, max: TYPES }),
      types: fc.array(types, { minLength: TYPES, maxLength: TYPES }),
      isOne: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('advance' as const),
      ms: fc.integer({ min: 1, max: LOCK_MS }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('release' as const), memberId: member }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('delete records' as const),
      count: fc.integer({ min: 1, max: BATCH_MAX }),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constantFrom(
        'restart' as const,
        'hold the disk' as const,
        'let the disk go' as const,
        'let the disk go' as const,
        'refuse a write' as const,
      ),
    }),
  },
);

function take(world: ShareWorld, step: Step): void {
  switch (step.kind) {
    case 'fetch':
      world.fetch(step.options);
      break;
    case 'acknowledge':
      acknowledge(world, step);
      break;
    case 'advance':
      world.time.advance(step.ms);
      break;
    case 'release':
      world.release(step.memberId);
      break;
    case 'delete records':
      world.deleteRecordsBefore(world.log.logStartOffset + step.count);
      break;
    case 'restart':
      world.restart();
      break;
    case 'hold the disk':
      world.kept.holdSync();
      break;
    case 'let the disk go':
      world.kept.releaseSync();
      break;
    case 'refuse a write':
      world.kept.refuseNextAppend('no');
      break;
  }
}

function acknowledge(world: ShareWorld, step: Extract<Step, { kind: 'acknowledge' }>): void {
  const held = world.heldBy(step.memberId);
  if (held.length === 0) return;
  const firstOffset = held[step.at % held.length]!;
  let lastOffset = firstOffset;
  while (lastOffset - firstOffset + 1 < step.length && held.includes(lastOffset + 1)) lastOffset += 1;
  const count = lastOffset - firstOffset + 1;
  const types = step.types.slice(0, step.isOne ? 1 : count);
  world.acknowledge(step.memberId, { firstOffset, lastOffset }, types);
}

/** Record batches one behind the other, with holes in between as compaction leaves them. */
const batches = fc
  .array(fc.record({ count: fc.integer({ min: 1, max: BATCH_MAX }), hole: fc.constantFrom(0, 0, 0, 3) }), {
    minLength: 1,
    maxLength: 10,
  })
  .map(list => {
    let next = 0;
    return list.map(({ count, hole }) => {
      const baseOffset = next + hole;
      next = baseOffset + count;
      return batchAt(baseOffset, next - 1);
    });
  });

/** A member that takes and accepts what there is, until nothing is left. */
function drain(world: ShareWorld): ReadonlySet<number> {
  const got = new Set<number>();
  world.kept.releaseSync();
  let idleRounds = 0;
  for (let round = 0; round < ROUNDS_TO_REST && idleRounds < 2; round++) {
    const ranges = world.fetch({ memberId: 'last' });
    if (ranges === null) {
      // Whoever holds something, holes too, does nothing more with it.
      idleRounds += 1;
      world.time.advance(LOCK_MS);
      continue;
    }
    idleRounds = 0;
    for (const range of ranges) {
      for (let offset = range.firstOffset; offset <= range.lastOffset; offset++) got.add(offset);
      world.acknowledge('last', range, [AcknowledgeType.ACCEPT]);
    }
  }
  return got;
}

describe('records that are shared at random', () => {
  it('have one holder at a time, and each is delivered until it is done with', () => {
    fc.assert(
      fc.property(batches, fc.array(step, { maxLength: 60 }), (log, steps) => {
        const world = new ShareWorld(log);
        for (const step of steps) {
          take(world, step);
          const { state } = world.partition;
          const count = state === null ? 0 : state.endOffset - state.startOffset + 1;
          // Holes are in flight, too, and the last batch is acquired whole.
          assert.ok(
            count <= world.settings.partitionRecordLocksMax + BATCH_MAX + 3 * log.length,
            `${count} in flight`,
          );
        }
        const got = drain(world);
        for (const [offset, { deliveries, isDone }] of world.book) {
          const isExhausted = deliveries >= world.settings.deliveryCountLimit;
          assert.ok(isDone || isExhausted || got.has(offset), `${offset} is lost`);
        }
        world.restart();
        // A read may find that a hole is one; it finds no record.
        let ranges = world.fetch({ memberId: 'late' });
        for (let look = 0; ranges !== null && look < log.length; look++) {
          assert.deepEqual(ranges, [], 'nothing is left after another restart');
          ranges = world.fetch({ memberId: 'late' });
        }
        assert.equal(ranges, null, 'and that is known');
        world.close();
      }),
      { numRuns: 300 },
    );
  });
});
