import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { murmur2, partitionForKey } from './partitioner.ts';

interface GoldenKey {
  readonly keyHex: string;
  readonly murmur2: number;
  readonly partitionOf1: number;
  readonly partitionOf3: number;
  readonly partitionOf12: number;
}

const golden = JSON.parse(
  readFileSync(new URL('../../test/golden/hashes.json', import.meta.url), 'utf8'),
) as { murmur2: GoldenKey[] };

describe('the partition of a key', () => {
  for (const { keyHex, ...expected } of golden.murmur2) {
    it(`is that of Apache Kafka's producer for ${keyHex === '' ? 'the empty key' : keyHex.slice(0, 40)}`, () => {
      const key = Buffer.from(keyHex, 'hex');
      assert.deepEqual(
        {
          murmur2: murmur2(key),
          partitionOf1: partitionForKey(key, 1),
          partitionOf3: partitionForKey(key, 3),
          partitionOf12: partitionForKey(key, 12),
        },
        expected,
      );
    });
  }
});
