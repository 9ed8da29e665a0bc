import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { coordinatorPartition, javaHashCode } from './coordinator-partition.ts';

interface HashCase {
  readonly name: string;
  readonly hashCode: number;
  readonly partitionOf50: number;
  readonly partitionOf3: number;
}

it('puts groups where Apache Kafka puts them', () => {
  const path = join(import.meta.dirname, '../../../test/golden/hashes.json');
  const cases = JSON.parse(readFileSync(path, 'utf8')).coordinatorPartition as HashCase[];
  assert(cases.length > 0);
  for (const { name, hashCode, partitionOf50, partitionOf3 } of cases) {
    assert.equal(javaHashCode(name), hashCode, name);
    assert.equal(coordinatorPartition(name, 50), partitionOf50, name);
    assert.equal(coordinatorPartition(name, 3), partitionOf3, name);
  }
});
