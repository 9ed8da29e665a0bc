// XXH3 of every length class, against xxHash itself (python-xxhash); Apache Kafka's own hashes are in golden-groups.test.ts.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { xxh3 } from './xxh3.ts';

/** Byte `i` of an input of `length` bytes is (7 i + length) mod 256. */
const hashes: readonly (readonly [length: number, hash: string])[] = [
  [0, '2d06800538d394c2'],
  [1, 'e12ef9d2eb86ceeb'],
  [2, '33b0814d4f061d86'],
  [3, 'a9088dda485b481c'],
  [4, '57648c318a7a307e'],
  [5, '239bb6b88222271d'],
  [8, 'b0fb3e3c3f94990a'],
  [9, '8aca5cb309437c2e'],
  [16, '2bd926d88792965a'],
  [17, '621f018aad19b14a'],
  [64, '1b1bf114c7371f1b'],
  [128, 'e9549af9a74093e6'],
  [129, 'b54ad1cd8a4c84b9'],
  [200, '660156a92b43203f'],
  [240, '3e136902ec966624'],
  [241, 'bd7d29b6ba966d6a'],
  [256, 'ff5a1cefade75bb9'],
  [1_000, '918d265b440e5611'],
  [1_024, 'dc5acf0b043c445b'],
  [1_025, 'c856c953bbdbc807'],
  [2_049, '036bbe6219dfccda'],
  [5_000, '308f149a673a1625'],
];

describe('xxh3', () => {
  for (const [length, hash] of hashes) {
    it(`of ${length} bytes`, () => {
      const bytes = Buffer.from(Uint8Array.from({ length }, (_, index) => index * 7 + length));
      assert.equal(xxh3(bytes).toString(16).padStart(16, '0'), hash);
    });
  }
});
