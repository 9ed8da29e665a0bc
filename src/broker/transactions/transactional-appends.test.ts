// The gate before transactional batches: what may be appended at once, what waits for the coordinator, and that whatever
// waits keeps its order and its bytes.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setUp, TOPIC, transactionalBatch } from '../../../test/simulation/transactional-client.ts';
import { ZERO_UUID } from '../../../test/support/raw-client.ts';
import { openTestNode, type TestNode } from '../../../test/support/test-node.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import { AddPartitionsToTxn } from '../../protocol/messages/apis/add-partitions-to-txn.ts';
import { EndTxn } from '../../protocol/messages/apis/end-txn.ts';
import { InitProducerId } from '../../protocol/messages/apis/init-producer-id.ts';
import { Produce } from '../../protocol/messages/apis/produce.ts';
import { readRecords } from '../../protocol/records/read-records.ts';
import { MemoryFileSystem } from '../../storage/fs/memory.ts';
import { ManualTime } from '../runtime/clock.ts';

const ID = 'p';

interface Producer {
  readonly producerId: bigint;
  readonly producerEpoch: number;
}

async function openNode(): Promise<{ broker: TestNode; time: ManualTime; producer: Producer }> {
  const time = new ManualTime();
  const broker = openTestNode({ fileSystem: new MemoryFileSystem(), time });
  await setUp(broker);
  const { errorCode, producerId, producerEpoch } = await broker.ask(InitProducerId, 4, {
    transactionalId: ID,
    transactionTimeoutMs: 1_000,
    producerId: -1n,
    producerEpoch: -1,
  });
  assert.equal(errorCode, 0);
  return { broker, time, producer: { producerId, producerEpoch } };
}

/** Error code and base offset. */
async function produce(broker: TestNode, records: Buffer, version = 12): Promise<[number, number]> {
  const { responses } = await broker.ask(Produce, version, {
    transactionalId: ID,
    acks: -1,
    timeoutMs: 1_000,
    topicData: [{ name: TOPIC, topicId: ZERO_UUID, partitionData: [{ index: 0, records }] }],
  });
  const answer = responses[0]!.partitionResponses[0]!;
  return [answer.errorCode, answer.baseOffset];
}

function valuesIn(broker: TestNode): string[] {
  const log = broker.node.partitions.log(TOPIC, 0)!;
  const slice = log.read({ offset: 0, maxBytes: 1_000_000, isolation: 'log_end', atLeastOneBatch: true });
  assert.equal(slice.error, null);
  const values: string[] = [];
  const bytes = Buffer.concat([...slice.buffers]);
  for (let at = 0; at < bytes.length; ) {
    const size = 12 + bytes.readInt32BE(at + 8);
    for (const { value } of readRecords(bytes.subarray(at, at + size))) values.push(String(value));
    at += size;
  }
  slice.release();
  return values;
}

describe('the gate before transactional batches', () => {
  it('keeps the order of batches that come while the coordinator takes the partition in', async () => {
    const { broker, producer } = await openNode();
    const answers = [0, 1, 2, 3].map(sequence =>
      produce(broker, transactionalBatch(`v${sequence}`, producer, sequence)),
    );
    assert.deepEqual(await Promise.all(answers), [
      [0, 0],
      [0, 1],
      [0, 2],
      [0, 3],
    ]);
    assert.deepEqual(valuesIn(broker), ['v0', 'v1', 'v2', 'v3']);
    broker.abandon();
  });

  it('keeps the bytes of a batch that waits (its frame is overwritten meanwhile)', async () => {
    const { broker, producer } = await openNode();
    assert.deepEqual(await produce(broker, transactionalBatch('mine', producer, 0)), [0, 0]);
    assert.deepEqual(valuesIn(broker), ['mine']);
    broker.abandon();
  });

  it('lets no later batch go before one that was sent away', async () => {
    const { broker, producer } = await openNode();
    assert.equal(
      (await produce(broker, transactionalBatch('v0', producer, 0), 11))[0],
      ErrorCode.TRANSACTION_ABORTABLE,
    );
    const added = await broker.ask(AddPartitionsToTxn, 3, {
      transactions: [],
      v3AndBelowTransactionalId: ID,
      v3AndBelowProducerId: producer.producerId,
      v3AndBelowProducerEpoch: producer.producerEpoch,
      v3AndBelowTopics: [{ name: TOPIC, partitions: [0] }],
    });
    assert.equal(added.resultsByTopicV3AndBelow[0]?.resultsByPartition[0]?.partitionErrorCode, 0);
    const later = await produce(broker, transactionalBatch('v1', producer, 1), 11);
    assert.equal(later[0], ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER);
    assert.deepEqual(await produce(broker, transactionalBatch('v0', producer, 0), 11), [0, 0]);
    assert.deepEqual(await produce(broker, transactionalBatch('v1', producer, 1), 11), [0, 1]);
    broker.abandon();
  });

  it('refuses a batch whose transaction ran out of time while it waited', async () => {
    const { broker, time, producer } = await openNode();
    assert.deepEqual(await produce(broker, transactionalBatch('v0', producer, 0)), [0, 0]);
    // The next partition has to be taken in; meanwhile the transaction is aborted.
    const { responses } = await new Promise<{ responses: { partitionResponses: { errorCode: number }[] }[] }>(
      resolve => {
        const answer = broker.ask(Produce, 12, {
          transactionalId: ID,
          acks: -1,
          timeoutMs: 1_000,
          topicData: [
            {
              name: TOPIC,
              topicId: ZERO_UUID,
              partitionData: [{ index: 1, records: transactionalBatch('too late', producer, 0) }],
            },
          ],
        });
        time.advance(1_001);
        void answer.then(resolve as never);
      },
    );
    assert.equal(responses[0]?.partitionResponses[0]?.errorCode, ErrorCode.INVALID_PRODUCER_EPOCH);
    assert.equal(broker.node.partitions.log(TOPIC, 1)?.producer(producer.producerId)?.lastSequence ?? -1, -1);
    broker.abandon();
  });

  it('fences the producer of an older epoch in the partition, whatever the coordinator would say', async () => {
    const { broker, producer } = await openNode();
    assert.deepEqual(await produce(broker, transactionalBatch('v0', producer, 0)), [0, 0]);
    const ended = await broker.ask(EndTxn, 5, { transactionalId: ID, ...producer, committed: true });
    assert.equal(ended.producerEpoch, producer.producerEpoch + 1);
    const late = await produce(broker, transactionalBatch('late', producer, 1));
    assert.equal(late[0], ErrorCode.INVALID_PRODUCER_EPOCH);
    broker.abandon();
  });

  it('begins with the first batch of a producer the partition does not know', async () => {
    const { broker, producer } = await openNode();
    const refused = await produce(broker, transactionalBatch('v1', producer, 1));
    assert.equal(refused[0], ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER);
    assert.deepEqual(await produce(broker, transactionalBatch('v0', producer, 0)), [0, 0]);
    broker.abandon();
  });
});
