// What Apache Kafka wrote to __share_group_state, read by our shard: the records bit for bit, and every update it made
// from a state is one that we would have made.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { GoldenTree } from '../../../test/support/golden-disk.ts';
import { shareRecordCodec } from '../../protocol/messages/records/framing.ts';
import { ShareShardState } from './share-shard-state.ts';
import { decideWrite } from './state-decisions.ts';

const TREES: readonly GoldenTree[] = ['rich-static', 'rich-standalone'];

interface Expected {
  readonly files: Readonly<
    Record<
      string,
      { readonly batches?: readonly { readonly records: readonly { key: string; value: string | null }[] }[] }
    >
  >;
}

function* recordsOf(tree: GoldenTree) {
  const path = join(import.meta.dirname, '../../../test/golden/disk', tree, 'expected.json');
  const { files } = JSON.parse(readFileSync(path, 'utf8')) as Expected;
  for (const [name, { batches }] of Object.entries(files)) {
    if (!name.startsWith('__share_group_state') || !name.endsWith('.log')) continue;
    for (const { key, value } of (batches ?? []).flatMap(({ records }) => records)) {
      const bytes = {
        key: Buffer.from(key, 'base64'),
        value: value === null ? null : Buffer.from(value, 'base64'),
      };
      yield { bytes, record: shareRecordCodec.decode(bytes.key, bytes.value)! };
    }
  }
}

describe("Apache Kafka's share state", () => {
  for (const tree of TREES) {
    it(`of ${tree} is written as it wrote it`, () => {
      const shard = new ShareShardState(() => 500);
      let updates = 0;
      let offset = 0;
      for (const { bytes, record } of recordsOf(tree)) {
        assert.deepEqual(shareRecordCodec.encode(record), bytes);
        const kept = shard.get(record.key);
        if (record.type === 'ShareUpdate' && record.value !== null && kept !== undefined) {
          const { snapshotEpoch: _epoch, ...command } = record.value;
          const decision = decideWrite(
            shard,
            { ...command, key: record.key, stateEpoch: kept.state.stateEpoch },
            { nowMs: 0, partitionExists: () => true },
          );
          if (record.value.leaderEpoch === kept.state.leaderEpoch) {
            assert.deepEqual(
              decision.records.map(each => shareRecordCodec.encode(each)),
              [bytes],
            );
            updates += 1;
          }
        }
        shard.replay(record, { offset: offset++ });
      }
      assert.ok([...shard.all()].length > 0);
      assert.ok(updates > 0, 'an update was compared');
    });
  }
});
