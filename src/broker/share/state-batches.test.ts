// Ranges beside a naive model that keeps every offset for itself.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fc } from '../../../test/support/properties.ts';
import { combineStateBatches, type StateBatch } from './state-batches.ts';

const batch = (firstOffset: number, lastOffset: number, deliveryState: number, deliveryCount: number) => ({
  firstOffset,
  lastOffset,
  deliveryState,
  deliveryCount,
});

type Delivery = Pick<StateBatch, 'deliveryState' | 'deliveryCount'>;

function perOffset(batches: readonly StateBatch[], startOffset: number): Map<number, Delivery> {
  const offsets = new Map<number, Delivery>();
  for (const { firstOffset, lastOffset, deliveryState, deliveryCount } of batches) {
    for (let offset = Math.max(firstOffset, startOffset); offset <= lastOffset; offset++) {
      const known = offsets.get(offset);
      const isHigher =
        known === undefined ||
        deliveryCount > known.deliveryCount ||
        (deliveryCount === known.deliveryCount && deliveryState > known.deliveryState);
      if (isHigher) offsets.set(offset, { deliveryState, deliveryCount });
    }
  }
  return offsets;
}

const batches = fc.array(
  fc
    .record({
      firstOffset: fc.integer({ min: 0, max: 30 }),
      length: fc.integer({ min: 1, max: 12 }),
      deliveryState: fc.constantFrom(0, 2, 4),
      deliveryCount: fc.integer({ min: 1, max: 4 }),
    })
    .map(({ firstOffset, length, ...delivery }) => ({
      firstOffset,
      lastOffset: firstOffset + length - 1,
      ...delivery,
    })),
  { maxLength: 8 },
);

describe('combined state batches', () => {
  it('say of every offset what the naive model says, in order and without overlap', () => {
    fc.assert(
      fc.property(batches, batches, fc.integer({ min: -1, max: 20 }), (soFar, added, startOffset) => {
        const combined = combineStateBatches(soFar, added, startOffset);
        for (const [index, { firstOffset }] of combined.entries()) {
          if (soFar.length + added.length > 1 && index > 0) {
            assert.ok(firstOffset > combined[index - 1]!.lastOffset);
          }
        }
        assert.deepEqual(perOffset(combined, startOffset), perOffset([...soFar, ...added], startOffset));
      }),
    );
  });

  it('join neighbours of one state', () => {
    assert.deepEqual(combineStateBatches([batch(0, 4, 2, 1)], [batch(5, 9, 2, 1)], -1), [batch(0, 9, 2, 1)]);
  });

  it('cut a range around a later one that counts more', () => {
    assert.deepEqual(combineStateBatches([batch(0, 9, 0, 1)], [batch(3, 5, 2, 2)], -1), [
      batch(0, 2, 0, 1),
      batch(3, 5, 2, 2),
      batch(6, 9, 0, 1),
    ]);
  });

  it('end at the start offset', () => {
    assert.deepEqual(combineStateBatches([batch(0, 4, 2, 1), batch(5, 9, 0, 1)], [], 7), [batch(7, 9, 0, 1)]);
  });
});
