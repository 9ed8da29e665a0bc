// A client for the trace rule: it changes everything a client can change, in ways that leave a mark in the bytes written for
// it, and reads it back; each answer is noted with the marks it rests on. Several of it work at the same time, one request
// of each on the way, and one that pipelines.

import assert from 'node:assert/strict';
import { AddOffsetsToTxn } from '../../src/protocol/messages/apis/add-offsets-to-txn.ts';
import { AddPartitionsToTxn } from '../../src/protocol/messages/apis/add-partitions-to-txn.ts';
import { AlterClientQuotas } from '../../src/protocol/messages/apis/alter-client-quotas.ts';
import { AlterUserScramCredentials } from '../../src/protocol/messages/apis/alter-user-scram-credentials.ts';
import { ConsumerGroupHeartbeat } from '../../src/protocol/messages/apis/consumer-group-heartbeat.ts';
import { CreatePartitions } from '../../src/protocol/messages/apis/create-partitions.ts';
import { CreateTopics } from '../../src/protocol/messages/apis/create-topics.ts';
import { DeleteRecords } from '../../src/protocol/messages/apis/delete-records.ts';
import { DeleteTopics } from '../../src/protocol/messages/apis/delete-topics.ts';
import { EndTxn } from '../../src/protocol/messages/apis/end-txn.ts';
import { Fetch } from '../../src/protocol/messages/apis/fetch.ts';
import { FindCoordinator } from '../../src/protocol/messages/apis/find-coordinator.ts';
import { IncrementalAlterConfigs } from '../../src/protocol/messages/apis/incremental-alter-configs.ts';
import { InitProducerId } from '../../src/protocol/messages/apis/init-producer-id.ts';
import { OffsetCommit } from '../../src/protocol/messages/apis/offset-commit.ts';
import { Produce } from '../../src/protocol/messages/apis/produce.ts';
import { TxnOffsetCommit } from '../../src/protocol/messages/apis/txn-offset-commit.ts';
import { buildBatch } from '../../src/protocol/records/build-batch.ts';
import { readRecords } from '../../src/protocol/records/read-records.ts';
import type { Api, RequestDraft, ResponseOf } from '../../src/protocol/schema/field.ts';
import { fetchRequest, produceRequest } from '../support/raw-client.ts';
import { decodeResponse, RawConnection } from '../support/raw-connection.ts';
import type { Answer } from './trace.ts';

const ZERO_UUID = 'AAAAAAAAAAAAAAAAAAAAAA';
/** Not there yet, loading, a transaction that is just ending. */
const AGAIN = new Set([3, 14, 15, 16, 51]);
const ATTEMPTS = 500;
const PIPELINED = 5;

interface Answered<A extends Api> {
  readonly response: ResponseOf<A>;
  readonly note: (marks: readonly (string | Buffer)[]) => void;
}

export class TraceClient {
  readonly #connection: RawConnection;
  readonly #name: string;
  readonly #answers: Answer[];
  #counter = 0;

  private constructor(connection: RawConnection, name: string, answers: Answer[]) {
    this.#connection = connection;
    this.#name = name;
    this.#answers = answers;
  }

  static async connect(port: number, name: string, answers: Answer[]): Promise<TraceClient> {
    return new TraceClient(await RawConnection.open(port), name, answers);
  }

  close(): void {
    this.#connection.close();
  }

  /** Never a part of another one. */
  #mark(kind: string): string {
    this.#counter += 1;
    return `${kind}.${this.#name}.${String(this.#counter).padStart(6, '0')}.`;
  }

  async #ask<A extends Api>(api: A, version: number, body: RequestDraft<A>): Promise<Answered<A>> {
    const correlationId = this.#connection.send(api, version, body);
    return this.#take(api, version, correlationId);
  }

  async #take<A extends Api>(api: A, version: number, correlationId: number): Promise<Answered<A>> {
    const peer = this.#connection.socket.localPort!;
    const frame = await this.#connection.frame();
    assert.equal(frame.correlationId, correlationId);
    const note = (marks: readonly (string | Buffer)[]): void => {
      const what = `${api.name} of ${this.#name} (${marks.map(String).join(' ').slice(0, 80)})`;
      this.#answers.push({ what, peer, correlationId, marks: marks.map(mark => Buffer.from(mark)) });
    };
    return { response: decodeResponse(api, version, frame), note };
  }

  /** Until the code is none of those that pass by themselves. */
  async #settled<A extends Api>(
    ask: () => Promise<Answered<A>>,
    codeOf: (response: ResponseOf<A>) => number | undefined,
  ): Promise<Answered<A>> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const answered = await ask();
      const code = codeOf(answered.response);
      if (code === 0) return answered;
      assert.ok(code !== undefined && AGAIN.has(code), `error ${code}`);
      await new Promise(done => setTimeout(done, 5));
    }
    throw new Error('it is refused again and again');
  }

  /** Its id. */
  async createTopic(name: string, configs: Readonly<Record<string, string>> = {}): Promise<string> {
    const entries = Object.entries(configs).map(([key, value]) => ({ name: key, value }));
    const topic = { name, numPartitions: 2, replicationFactor: 1, assignments: [], configs: entries };
    const { response, note } = await this.#ask(CreateTopics, 7, {
      topics: [topic],
      timeoutMs: 10_000,
      validateOnly: false,
    });
    assert.equal(response.topics[0]!.errorCode, 0);
    note([name]);
    return response.topics[0]!.topicId;
  }

  async growTopic(name: string, topicId: string): Promise<void> {
    const topics = [{ name, count: 3, assignments: null }];
    const { response, note } = await this.#ask(CreatePartitions, 3, {
      topics,
      timeoutMs: 10_000,
      validateOnly: false,
    });
    assert.equal(response.results[0]!.errorCode, 0);
    note([uuidBytes(topicId)]);
  }

  async deleteTopic(topicId: string): Promise<void> {
    const { response, note } = await this.#ask(DeleteTopics, 6, {
      topics: [{ name: null, topicId }],
      topicNames: [],
      timeoutMs: 10_000,
    });
    assert.equal(response.responses[0]!.errorCode, 0);
    note([uuidBytes(topicId)]);
  }

  async configure(topic: string, name: string, value: string): Promise<void> {
    const configs = [{ name, configOperation: 0, value }];
    const { response, note } = await this.#ask(IncrementalAlterConfigs, 1, {
      resources: [{ resourceType: 2, resourceName: topic, configs }],
      validateOnly: false,
    });
    assert.equal(response.responses[0]!.errorCode, 0, response.responses[0]!.errorMessage ?? '');
    note([value]);
  }

  async setQuota(): Promise<void> {
    const user = this.#mark('quota');
    const { response, note } = await this.#ask(AlterClientQuotas, 1, {
      entries: [
        {
          entity: [{ entityType: 'user', entityName: user }],
          ops: [{ key: 'producer_byte_rate', value: 1e9, remove: false }],
        },
      ],
      validateOnly: false,
    });
    assert.equal(response.entries[0]!.errorCode, 0);
    note([user]);
  }

  async addUser(): Promise<void> {
    const name = this.#mark('user');
    const upsertion = { name, mechanism: 1, iterations: 4096, salt: Buffer.alloc(16, 1) };
    const { response, note } = await this.#ask(AlterUserScramCredentials, 0, {
      deletions: [],
      upsertions: [{ ...upsertion, saltedPassword: Buffer.alloc(32, 2) }],
    });
    assert.equal(response.results[0]!.errorCode, 0);
    note([name]);
  }

  async produce(target: { topic: string; partition: number; acks?: number; bytes?: number }): Promise<void> {
    const value = this.#mark('value');
    const batch = batchOf(value.padEnd(target.bytes ?? 0, '.'));
    const request = produceRequest({ ...target, records: batch });
    const { note } = await this.#settled(
      () => this.#ask(Produce, 12, request),
      ({ responses }) => responses[0]?.partitionResponses[0]?.errorCode,
    );
    note([value]);
  }

  async producePipelined(topic: string, partition: number): Promise<void> {
    const sent = Array.from({ length: PIPELINED }, () => {
      const value = this.#mark('value');
      const request = produceRequest({ topic, partition, records: batchOf(value) });
      return { value, correlationId: this.#connection.send(Produce, 12, request) };
    });
    for (const { value, correlationId } of sent) {
      const { response, note } = await this.#take(Produce, 12, correlationId);
      assert.equal(response.responses[0]!.partitionResponses[0]!.errorCode, 0);
      note([value]);
    }
  }

  /** What a reader is shown must be as safe as what a writer is told. */
  async fetch(topic: string, partition: number, offset: number): Promise<number> {
    const request = fetchRequest({ topic, partition, offset, maxWaitMs: 20 });
    const { response, note } = await this.#ask(Fetch, 12, request);
    const fetched = response.responses[0]!.partitions[0]!;
    if (fetched.errorCode !== 0 || (fetched.records?.length ?? 0) === 0) return offset;
    const records = [...readRecords(fetched.records!)];
    // Control records are no client's.
    note(records.flatMap(({ value }) => /^value\.[^.]+\.\d+\./.exec(String(value)) ?? []));
    return Number(records.at(-1)!.offset) + 1;
  }

  async deleteRecords(topic: string, partition: number): Promise<void> {
    const topics = [{ name: topic, partitions: [{ partitionIndex: partition, offset: -1 }] }];
    const { response, note } = await this.#ask(DeleteRecords, 2, { topics, timeoutMs: 10_000 });
    const { errorCode, lowWatermark } = response.topics[0]!.partitions[0]!;
    assert.equal(errorCode, 0);
    note([`${topic} ${partition} ${lowWatermark}\n`]);
  }

  async commitOffset(groupId: string, topic: string): Promise<void> {
    const metadata = this.#mark('offset');
    const partitions = [
      { partitionIndex: 0, committedOffset: 1, committedLeaderEpoch: -1, committedMetadata: metadata },
    ];
    const { note } = await this.#settled(
      () =>
        this.#ask(OffsetCommit, 8, {
          groupId,
          generationIdOrMemberEpoch: -1,
          memberId: '',
          topics: [{ name: topic, partitions }],
        }),
      ({ topics }) => topics[0]?.partitions[0]?.errorCode,
    );
    note([metadata]);
  }

  async joinGroup(topic: string): Promise<void> {
    const groupId = this.#mark('group');
    const memberId = this.#mark('member');
    const { note } = await this.#settled(
      () =>
        this.#ask(ConsumerGroupHeartbeat, 1, {
          groupId,
          memberId,
          memberEpoch: 0,
          rebalanceTimeoutMs: 60_000,
          subscribedTopicNames: [topic],
          topicPartitions: [],
        }),
      ({ errorCode }) => errorCode,
    );
    note([memberId]);
  }

  async findCoordinators(): Promise<void> {
    for (const keyType of [0, 1])
      await this.#ask(FindCoordinator, 3, { key: 'any', keyType, coordinatorKeys: [] });
  }

  /** Begins, produces, commits a group's offsets, ends: in the dialect of KIP-890 or the one before. */
  async transaction(topic: string, options: { isOld: boolean; isCommit: boolean }): Promise<void> {
    const transactionalId = this.#mark('transaction');
    const init = { transactionTimeoutMs: 60_000, producerId: -1n, producerEpoch: -1 };
    const begun = await this.#settled(
      () => this.#ask(InitProducerId, 4, { transactionalId, ...init }),
      ({ errorCode }) => errorCode,
    );
    begun.note([transactionalId]);
    const { producerId, producerEpoch } = begun.response;
    const producer = { producerId, producerEpoch };
    if (options.isOld) await this.#addToTransaction(transactionalId, producer, topic);
    for (const partition of [0, 1]) {
      const value = this.#mark('value');
      const records = batchOf(value, { ...producer, baseSequence: 0, transactional: true });
      const request = produceRequest({ topic, partition, records, transactionalId });
      const { note } = await this.#settled(
        () => this.#ask(Produce, options.isOld ? 9 : 12, request),
        ({ responses }) => responses[0]?.partitionResponses[0]?.errorCode,
      );
      note([value, transactionalId]);
    }
    await this.#commitInTransaction(transactionalId, producer, { topic, isOld: options.isOld });
    const { response, note } = await this.#ask(EndTxn, options.isOld ? 3 : 5, {
      transactionalId,
      ...producer,
      committed: options.isCommit,
    });
    assert.equal(response.errorCode, 0);
    note([transactionalId]);
  }

  async #addToTransaction(
    transactionalId: string,
    producer: { producerId: bigint; producerEpoch: number },
    topic: string,
  ): Promise<void> {
    const partitions = await this.#ask(AddPartitionsToTxn, 3, {
      transactions: [],
      v3AndBelowTransactionalId: transactionalId,
      v3AndBelowProducerId: producer.producerId,
      v3AndBelowProducerEpoch: producer.producerEpoch,
      v3AndBelowTopics: [{ name: topic, partitions: [0, 1] }],
    });
    const { resultsByPartition } = partitions.response.resultsByTopicV3AndBelow[0]!;
    assert.equal(resultsByPartition[0]!.partitionErrorCode, 0);
    partitions.note([transactionalId]);
    const offsets = await this.#ask(AddOffsetsToTxn, 3, {
      transactionalId,
      ...producer,
      groupId: 'transactions',
    });
    assert.equal(offsets.response.errorCode, 0);
    offsets.note([transactionalId]);
  }

  async #commitInTransaction(
    transactionalId: string,
    producer: { producerId: bigint; producerEpoch: number },
    { topic, isOld }: { topic: string; isOld: boolean },
  ): Promise<void> {
    const metadata = this.#mark('offset');
    const partition = { partitionIndex: 0, committedOffset: 1, committedLeaderEpoch: -1 };
    const { note } = await this.#settled(
      () =>
        this.#ask(TxnOffsetCommit, isOld ? 3 : 5, {
          transactionalId,
          groupId: 'transactions',
          ...producer,
          generationId: -1,
          memberId: '',
          groupInstanceId: null,
          topics: [{ name: topic, partitions: [{ ...partition, committedMetadata: metadata }] }],
        }),
      ({ topics }) => topics[0]?.partitions[0]?.errorCode,
    );
    note([metadata, transactionalId]);
  }
}

function batchOf(value: string, fields: Partial<Parameters<typeof buildBatch>[0]> = {}): Buffer {
  const records = [{ key: null, value: Buffer.from(value), timestamp: Date.now() }];
  return buildBatch({ ...fields, records });
}

function uuidBytes(topicId: string): Buffer {
  const bytes = Buffer.from(topicId, 'base64url');
  assert.ok(bytes.length === 16 && topicId !== ZERO_UUID);
  return bytes;
}
