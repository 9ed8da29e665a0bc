import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parsePartitionDirectory, partitionDirectoryName, setAsideName } from './layout.ts';

const UUID_HEX = 'e4ddfbd7447d4eddba8c1059056f6f2b';

describe('names of partition directories', () => {
  it('are read as Apache Kafka reads them', () => {
    const parse = (name: string): unknown => {
      const found = parsePartitionDirectory(name);
      return found === null ? null : [found.topic, found.partition, found.state];
    };
    assert.deepEqual(parse('orders-0'), ['orders', 0, 'live']);
    assert.deepEqual(parse('a-b-c-12'), ['a-b-c', 12, 'live']);
    assert.deepEqual(parse('__cluster_metadata-0'), ['__cluster_metadata', 0, 'live']);
    assert.deepEqual(parse(`recreated-0.${UUID_HEX}-delete`), ['recreated', 0, 'delete']);
    assert.deepEqual(parse(`recreated-3.${UUID_HEX}-stray`), ['recreated', 3, 'stray']);
    assert.deepEqual(parse(`recreated-3.${UUID_HEX}-future`), ['recreated', 3, 'future']);
    for (const name of [
      'lost+found',
      'console',
      'orders-',
      '-0',
      'orders-x',
      'orders-99999999999',
      'orders-0.bak-delete',
    ])
      assert.equal(parse(name), null, name);
  });

  it('set aside stay within 255 characters', () => {
    const topic = 't'.repeat(249);
    assert.equal(partitionDirectoryName({ topic, partition: 0 }).length, 251);
    const name = setAsideName({ topic, partition: 0 }, { uuidHex: UUID_HEX, suffix: 'delete' });
    assert.equal(name.length, 255);
    assert.equal(parsePartitionDirectory(name)?.state, 'delete');
  });
});
