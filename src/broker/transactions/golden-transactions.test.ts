// Transactions that Apache Kafka left in its data directories, read by a whole node that opens them: as Apache Kafka
// described them, and their records bit for bit as it wrote them.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { type GoldenTree, loadGoldenDisk } from '../../../test/support/golden-disk.ts';
import { openTestNode } from '../../../test/support/test-node.ts';
import { DescribeTransactions } from '../../protocol/messages/apis/describe-transactions.ts';
import { ListTransactions } from '../../protocol/messages/apis/list-transactions.ts';
import { ManualTime } from '../runtime/clock.ts';
import { transactionCodec } from './transaction-record.ts';

const TREES: readonly GoldenTree[] = ['rich-static', 'rich-standalone', 'killed-standalone'];

interface ExpectedTransaction {
  readonly transactionalId: string;
  readonly state: string;
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly timeoutMs: number;
  readonly startTimeMs: number;
  readonly partitions: readonly string[];
}

interface Expected {
  readonly view: {
    readonly capturedAtMs: number;
    readonly transactions: readonly ExpectedTransaction[];
  } | null;
  readonly afterRestart: { readonly transactions: readonly ExpectedTransaction[] };
  readonly files: Readonly<
    Record<
      string,
      { readonly batches?: readonly { readonly records: readonly { key: string; value: string | null }[] }[] }
    >
  >;
}

function expectedOf(tree: GoldenTree): Expected {
  return JSON.parse(
    readFileSync(join(import.meta.dirname, '../../../test/golden/disk', tree, 'expected.json'), 'utf8'),
  );
}

describe("Apache Kafka's transactions", () => {
  for (const tree of TREES) {
    it(`of ${tree} are as it described them`, async () => {
      const { view, afterRestart } = expectedOf(tree);
      const expected = afterRestart.transactions;
      // Of the day, or open transactions would have timed out long ago.
      const nowMs = view?.capturedAtMs ?? Math.max(...expected.map(({ startTimeMs }) => startTimeMs)) + 1;
      const broker = openTestNode({ fileSystem: loadGoldenDisk(tree), time: new ManualTime(nowMs) });
      const { transactionStates: listed } = await broker.ask(ListTransactions, 1, {
        stateFilters: [],
        producerIdFilters: [],
        durationFilter: -1n,
        transactionalIdPattern: null,
      });
      const transactionalIds = listed.map(({ transactionalId }) => transactionalId).sort();
      assert.deepEqual(transactionalIds, expected.map(({ transactionalId }) => transactionalId).sort());
      const { transactionStates } = await broker.ask(DescribeTransactions, 0, { transactionalIds });
      const described = transactionStates.map(found => ({
        transactionalId: found.transactionalId,
        state: found.transactionState,
        producerId: Number(found.producerId),
        producerEpoch: found.producerEpoch,
        timeoutMs: found.transactionTimeoutMs,
        startTimeMs: Number(found.transactionStartTimeMs),
        partitions: found.topics
          .flatMap(({ topic, partitions }) => partitions.map(partition => `${topic}-${partition}`))
          .sort(),
      }));
      assert.deepEqual(described, expected);
      broker.abandon();
    });

    it(`of ${tree} are written as it wrote them`, () => {
      const codec = transactionCodec({
        name: tree,
        valueVersion: () => 1,
        report: line => assert.fail(line),
      });
      let count = 0;
      for (const [path, { batches }] of Object.entries(expectedOf(tree).files)) {
        if (!path.startsWith('__transaction_state') || !path.endsWith('.log')) continue;
        for (const { key, value } of (batches ?? []).flatMap(({ records }) => records)) {
          const bytes = {
            key: Buffer.from(key, 'base64'),
            value: value === null ? null : Buffer.from(value, 'base64'),
          };
          const record = codec.decode(bytes.key, bytes.value);
          assert.deepEqual(codec.encode(record!), bytes);
          count += 1;
        }
      }
      assert.ok(count > 3);
    });
  }
});
