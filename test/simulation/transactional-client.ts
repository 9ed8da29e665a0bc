// A producer for the crash simulation, in either dialect, and what must hold of its work after a restart.

import assert from 'node:assert/strict';
import { AddOffsetsToTxn } from '../../src/protocol/messages/apis/add-offsets-to-txn.ts';
import { AddPartitionsToTxn } from '../../src/protocol/messages/apis/add-partitions-to-txn.ts';
import { CreateTopics } from '../../src/protocol/messages/apis/create-topics.ts';
import { DescribeTransactions } from '../../src/protocol/messages/apis/describe-transactions.ts';
import { EndTxn } from '../../src/protocol/messages/apis/end-txn.ts';
import { FindCoordinator } from '../../src/protocol/messages/apis/find-coordinator.ts';
import { InitProducerId } from '../../src/protocol/messages/apis/init-producer-id.ts';
import { Produce } from '../../src/protocol/messages/apis/produce.ts';
import { TxnOffsetCommit } from '../../src/protocol/messages/apis/txn-offset-commit.ts';
import * as header from '../../src/protocol/records/batch-header.ts';
import { buildBatch } from '../../src/protocol/records/build-batch.ts';
import { readRecords } from '../../src/protocol/records/read-records.ts';
import type { PartitionLog } from '../../src/storage/log/partition-log.ts';
import type { TestNode } from '../support/test-node.ts';

export type Dialect = 'before KIP-890' | 'KIP-890';

/** Of each transaction, in order: whether a commit was asked for, and (shorter) the answers that came. */
export interface Ledger {
  readonly ends: boolean[];
  readonly answers: number[];
}

export const TOPIC = 't';
const PARTITIONS = [0, 1];
const GROUP = 'g';
const ID = 'the-producer';
const ZERO_UUID = 'AAAAAAAAAAAAAAAAAAAAAA';
const NOTHING_COMMITTED = -1;
/** Of the node, too: segments do not roll for their age. */
const NOW_MS = 1_700_000_000_000;

/** The topic, and both coordinators' topics. */
export async function setUp(broker: TestNode): Promise<void> {
  const { topics } = await broker.ask(CreateTopics, 7, {
    topics: [{ name: TOPIC, numPartitions: 2, replicationFactor: 1, assignments: [], configs: [] }],
    timeoutMs: 1_000,
    validateOnly: false,
  });
  assert.equal(topics[0]?.errorCode, 0);
  for (const keyType of [0, 1]) {
    const { errorCode } = await broker.ask(FindCoordinator, 3, { key: 'any', keyType, coordinatorKeys: [] });
    assert.equal(errorCode, 0);
  }
}

export class TransactionalClient {
  readonly #broker: TestNode;
  readonly #isOld: boolean;
  #producer = { producerId: -1n, producerEpoch: -1 };
  #sequence = 0;

  constructor(broker: TestNode, dialect: Dialect) {
    this.#broker = broker;
    this.#isOld = dialect === 'before KIP-890';
  }

  async begin(): Promise<void> {
    const { errorCode, producerId, producerEpoch } = await this.#broker.ask(InitProducerId, 4, {
      transactionalId: ID,
      transactionTimeoutMs: 60_000,
      producerId: -1n,
      producerEpoch: -1,
    });
    assert.equal(errorCode, 0);
    this.#producer = { producerId, producerEpoch };
    this.#sequence = 0;
  }

  /** One record into each partition, and the group's offset. */
  async send(value: number): Promise<void> {
    if (this.#isOld) await this.#add();
    const sequence = this.#sequence++;
    const { responses } = await this.#broker.ask(Produce, this.#isOld ? 9 : 12, {
      transactionalId: ID,
      acks: -1,
      timeoutMs: 1_000,
      topicData: [
        {
          name: TOPIC,
          topicId: ZERO_UUID,
          partitionData: PARTITIONS.map(index => ({
            index,
            records: transactionalBatch(String(value), this.#producer, sequence),
          })),
        },
      ],
    });
    for (const { errorCode } of responses[0]?.partitionResponses ?? []) assert.equal(errorCode, 0);
    const committed = {
      partitionIndex: 0,
      committedOffset: value,
      committedLeaderEpoch: -1,
      committedMetadata: null,
    };
    const { topics } = await this.#broker.ask(TxnOffsetCommit, this.#isOld ? 3 : 5, {
      transactionalId: ID,
      groupId: GROUP,
      ...this.#producer,
      generationId: -1,
      memberId: '',
      groupInstanceId: null,
      topics: [{ name: TOPIC, partitions: [committed] }],
    });
    assert.equal(topics[0]?.partitions[0]?.errorCode, 0);
  }

  async end(committed: boolean): Promise<number> {
    const version = this.#isOld ? 3 : 5;
    const answer = await this.#broker.ask(EndTxn, version, {
      transactionalId: ID,
      ...this.#producer,
      committed,
    });
    if (!this.#isOld) {
      this.#producer = { producerId: answer.producerId, producerEpoch: answer.producerEpoch };
      this.#sequence = 0;
    }
    return answer.errorCode;
  }

  async #add(): Promise<void> {
    const { resultsByTopicV3AndBelow } = await this.#broker.ask(AddPartitionsToTxn, 3, {
      transactions: [],
      v3AndBelowTransactionalId: ID,
      v3AndBelowProducerId: this.#producer.producerId,
      v3AndBelowProducerEpoch: this.#producer.producerEpoch,
      v3AndBelowTopics: [{ name: TOPIC, partitions: PARTITIONS }],
    });
    assert.equal(resultsByTopicV3AndBelow[0]?.resultsByPartition[0]?.partitionErrorCode, 0);
    const added = await this.#broker.ask(AddOffsetsToTxn, 3, {
      transactionalId: ID,
      ...this.#producer,
      groupId: GROUP,
    });
    assert.equal(added.errorCode, 0);
  }
}

export function transactionalBatch(
  value: string,
  producer: { readonly producerId: bigint; readonly producerEpoch: number },
  baseSequence: number,
): Buffer {
  return buildBatch({
    ...producer,
    baseSequence,
    transactional: true,
    records: [{ key: null, value: Buffer.from(value), timestamp: NOW_MS }],
  });
}

/** Of the work in the ledger, on a node that has just started; then once more when the producer has come back. */
export async function verify(broker: TestNode, dialect: Dialect, ledger: Ledger): Promise<void> {
  await whenSettled(broker);
  const committed = await checkAtomic(broker, ledger);
  const client = new TransactionalClient(broker, dialect);
  await client.begin();
  for (const partition of PARTITIONS) {
    const log = logOf(broker, partition);
    assert.equal(log.lastStableOffset, log.highWatermark, 'nothing is left open');
  }
  assert.deepEqual(await checkAtomic(broker, ledger), committed, 'what was seen stays');
  const next = ledger.ends.length;
  await client.send(next);
  assert.equal(await client.end(true), 0);
  assert.deepEqual(visible(logOf(broker, 0)), [...committed, next], 'the producer goes on');
}

/** The transactions that are there, wholly. */
async function checkAtomic(broker: TestNode, ledger: Ledger): Promise<number[]> {
  const [first, second] = PARTITIONS.map(partition => visible(logOf(broker, partition)));
  assert.deepEqual(second, first, 'the same transactions in both partitions');
  assert.equal(
    await groupOffset(broker),
    first?.at(-1) ?? NOTHING_COMMITTED,
    'and in the offsets of the group',
  );
  for (const [index, isCommit] of ledger.ends.entries()) {
    const isThere = first?.includes(index) ?? false;
    if (!isCommit) assert.equal(isThere, false, `transaction ${index} was aborted`);
    else if (ledger.answers[index] === 0) assert.equal(isThere, true, `transaction ${index} was committed`);
  }
  return first ?? [];
}

/** Ends that were decided before the crash are written everywhere. */
async function whenSettled(broker: TestNode): Promise<void> {
  for (let turn = 0; turn < 1_000; turn++) {
    const { transactionStates } = await broker.ask(DescribeTransactions, 0, { transactionalIds: [ID] });
    if (!transactionStates[0]?.transactionState.startsWith('Prepare')) return;
    await new Promise(setImmediate);
  }
  assert.fail('a decided transaction was not ended');
}

function logOf(broker: TestNode, partition: number): PartitionLog {
  return broker.node.partitions.log(TOPIC, partition)!;
}

/** What a reader of read_committed gets, by the rules a client follows. */
function visible(log: PartitionLog): number[] {
  const slice = log.read({
    offset: 0,
    maxBytes: 1_000_000,
    isolation: 'read_committed',
    atLeastOneBatch: true,
  });
  assert.equal(slice.error, null);
  const bytes = Buffer.concat([...slice.buffers]);
  const aborted = [...(slice.abortedTransactions ?? [])];
  slice.release();
  const abortedNow = new Set<bigint>();
  const values: number[] = [];
  for (let at = 0; at < bytes.length; at += header.sizeInBytes(bytes, at)) {
    const batch = bytes.subarray(at, at + header.sizeInBytes(bytes, at));
    const producerId = header.producerId(batch, 0);
    while (aborted.length > 0 && aborted[0]!.firstOffset <= header.lastOffset(batch, 0)) {
      abortedNow.add(aborted.shift()!.producerId);
    }
    if (header.isControl(batch, 0)) abortedNow.delete(producerId);
    else if (!abortedNow.has(producerId)) {
      for (const record of readRecords(batch)) values.push(Number(record.value));
    }
  }
  return values;
}

async function groupOffset(broker: TestNode): Promise<number> {
  const topics = [{ name: TOPIC, topicId: ZERO_UUID, partitionIndexes: [0] }];
  const fetched = await broker.node.groups.offsets
    .fetch({ groupId: GROUP, topics, requireStable: false })
    .promise();
  return fetched.topics[0]!.partitions[0]!.committedOffset;
}
