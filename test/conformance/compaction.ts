// npm run test:conformance: the same records go to Apache Kafka and to Millrace, both compact them once, and once more
// when tombstones and markers may go; what is left must be the same, batch by batch. COMPACTION_SEED=7 runs another seed.

import assert from 'node:assert/strict';
import process from 'node:process';
import { after, before, describe, it } from 'node:test';
import { alterTopicConfigs, createTopic } from '../../src/client/admin.ts';
import { fetchOnce } from '../../src/client/fetch.ts';
import type { KafkaClient } from '../../src/client/kafka-client.ts';
import { EndTxn } from '../../src/protocol/messages/apis/end-txn.ts';
import { InitProducerId } from '../../src/protocol/messages/apis/init-producer-id.ts';
import { ListTransactions } from '../../src/protocol/messages/apis/list-transactions.ts';
import * as header from '../../src/protocol/records/batch-header.ts';
import { type BatchFields, buildBatch, type RecordInput } from '../../src/protocol/records/build-batch.ts';
import type { CodecName } from '../../src/protocol/records/compression/codec.ts';
import { readRecords } from '../../src/protocol/records/read-records.ts';
import { type Both, startBoth } from './both.ts';
import { clientOf, refuse, until, untilAnswered } from './handover/asking.ts';
import { type Random, seededRandom } from './handover/seeded-random.ts';
import { send } from './handover/writing.ts';
import { missingJavaToolchain } from './reference.ts';

const seed = Number(process.env['COMPACTION_SEED'] ?? 1);
const TOPIC = 'compacted';
const CODECS: readonly CodecName[] = ['none', 'none', 'gzip', 'snappy', 'lz4', 'zstd'];
const STEP_MS = 240_000;
/** Ahead of the broker's own time: only data rolls a segment, never a marker, so that segments are the same. */
const START_MS = Date.now() + 86_400_000;
const CONFIGS = {
  'cleanup.policy': 'compact',
  'segment.ms': '600000',
  'message.timestamp.after.max.ms': String(10 * 86_400_000),
  'delete.retention.ms': '0',
  // More than all of it: no compaction before everything is there.
  'min.cleanable.dirty.ratio': '1',
};

/** What a broker is told to write; producers by name, because each broker gives its own ids. */
type Action =
  | {
      readonly kind: 'batch';
      readonly producer: string | null;
      readonly transactional: boolean;
      readonly codec: CodecName;
      readonly records: readonly RecordInput[];
    }
  | { readonly kind: 'end'; readonly producer: string; readonly committed: boolean };

function actionsOf(random: Random, from: number, count: number): Action[] {
  const open = new Set<string>();
  const actions: Action[] = [];
  for (let index = 0; index < count; index += 1) {
    const timestamp = START_MS + (from + index) * STEP_MS;
    const dice = random.between(1, 10);
    const producer = random.oneOf(['one', 'two']);
    if (dice <= 2 && open.delete(producer)) {
      actions.push({ kind: 'end', producer, committed: random.oneOf([true, false]) });
      continue;
    }
    const transactional = dice <= 5;
    if (transactional) open.add(producer);
    const records = Array.from({ length: random.between(1, 4) }, () => ({
      key: Buffer.from(`key-${random.between(0, 11)}`),
      value: random.between(1, 5) === 1 ? null : Buffer.from(`value-${random.between(0, 1_000_000)}`),
      headers: random.between(1, 4) === 1 ? [{ key: 'header', value: Buffer.from('h') }] : [],
      timestamp: timestamp + random.between(0, 1_000),
    }));
    const name = transactional ? producer : random.oneOf(['idempotent', null]);
    actions.push({ kind: 'batch', producer: name, transactional, codec: random.oneOf(CODECS), records });
  }
  for (const producer of open) actions.push({ kind: 'end', producer, committed: true });
  const timestamp = START_MS + (from + count + 10) * STEP_MS;
  for (const at of [timestamp, timestamp + 10 * STEP_MS]) {
    const records = [{ key: Buffer.from('last'), value: Buffer.from(String(at - START_MS)), timestamp: at }];
    actions.push({ kind: 'batch', producer: null, transactional: false, codec: 'none', records });
  }
  return actions;
}

interface Producer {
  producerId: bigint;
  producerEpoch: number;
  nextSequence: number;
}

class Broker {
  readonly client: KafkaClient;
  readonly #producers = new Map<string, Producer>();

  constructor(bootstrapServers: string) {
    this.client = clientOf(bootstrapServers);
  }

  async run(actions: readonly Action[]): Promise<void> {
    for (const action of actions) {
      if (action.kind === 'end') await this.#end(action.producer, action.committed);
      else await this.#write(action);
    }
  }

  async #write({
    producer: name,
    transactional,
    codec,
    records,
  }: Action & { readonly kind: 'batch' }): Promise<void> {
    const producer = name === null ? null : await this.#producer(name, transactional);
    const produced: BatchFields =
      producer === null
        ? {}
        : {
            producerId: producer.producerId,
            producerEpoch: producer.producerEpoch,
            baseSequence: producer.nextSequence,
            transactional,
          };
    const bytes = buildBatch({ records, codec, ...produced });
    await send(this.client, {
      topic: TOPIC,
      partition: 0,
      transactionalId: transactional ? name : null,
      bytes,
    });
    if (producer !== null) producer.nextSequence += records.length;
  }

  async #producer(name: string, transactional: boolean): Promise<Producer> {
    const known = this.#producers.get(name);
    if (known !== undefined) return known;
    const made = await untilAnswered(async () => {
      const body = { transactionalId: transactional ? name : null, transactionTimeoutMs: 600_000 };
      const answer = await this.client.request(InitProducerId, body, {
        node: transactional ? { coordinatorOf: { key: name, type: 'transaction' } } : 'any',
      });
      refuse(answer.errorCode, 'InitProducerId');
      return { producerId: answer.producerId, producerEpoch: answer.producerEpoch, nextSequence: 0 };
    });
    this.#producers.set(name, made);
    return made;
  }

  /** Ended, a transaction leaves its producer with a new epoch (KIP-890): it is asked for anew. */
  async #end(name: string, committed: boolean): Promise<void> {
    const { producerId, producerEpoch } = this.#producers.get(name)!;
    await untilAnswered(async () => {
      const body = { transactionalId: name, producerId, producerEpoch, committed };
      const answer = await this.client.request(EndTxn, body, {
        node: { coordinatorOf: { key: name, type: 'transaction' } },
      });
      refuse(answer.errorCode, 'EndTxn');
    });
    this.#producers.delete(name);
    await this.#producer(name, true);
    await until('the marker is written', async () => {
      const body = { stateFilters: ['PrepareCommit', 'PrepareAbort'], producerIdFilters: [] };
      const answer = await this.client.request(ListTransactions, body, { node: 'any' });
      return answer.errorCode === 0 && answer.transactionStates.length === 0;
    });
  }

  async #fetch(offset: number): Promise<{ readonly records: Buffer; readonly end: number }> {
    const position = { topic: TOPIC, partition: 0, offset };
    const [outcome] = await fetchOnce([position], {
      client: this.client,
      isolation: 'read_uncommitted',
      maxWaitMs: 0,
    });
    if (outcome === undefined || !('value' in outcome)) throw new Error(`Fetch: ${JSON.stringify(outcome)}`);
    return { records: outcome.value.records, end: outcome.value.highWatermark };
  }

  /** A line for each batch and each record; what is the broker's own (ids, times of markers and horizons) is left out. */
  async lines(): Promise<string[]> {
    const lines: string[] = [];
    for (let offset = 0; ; ) {
      const { records, end } = await this.#fetch(offset);
      if (records.length === 0 || offset >= end) return lines;
      for (
        let at = 0;
        at + header.BATCH_OVERHEAD <= records.length &&
        at + header.sizeInBytes(records, at) <= records.length;
      ) {
        const batch = records.subarray(at, at + header.sizeInBytes(records, at));
        at += batch.length;
        if (header.lastOffset(batch, 0) < offset) continue;
        offset = header.lastOffset(batch, 0) + 1;
        assert.ok(header.verifyCrc(batch, 0));
        lines.push(...linesOf(batch));
      }
    }
  }
}

function linesOf(batch: Buffer): string[] {
  const isControl = header.isControl(batch, 0);
  const first = [
    header.baseOffset,
    header.lastOffset,
    header.recordCount,
    header.baseSequence,
    header.attributes,
  ].map(field => field(batch, 0));
  const time = isControl ? '' : header.maxTimestamp(batch, 0) - START_MS;
  return [
    `batch ${first.join(' ')} ${time}`,
    ...readRecords(batch).map(
      ({ offset, timestamp, key, value, headers, sequence }) =>
        `${offset} ${sequence} ${isControl ? key?.toString('hex') : `${timestamp - START_MS} ${key} ${value} ${headers.length}`}`,
    ),
  ];
}

describe(`compaction beside Apache Kafka 4.3.1 (COMPACTION_SEED=${seed})`, {
  skip: missingJavaToolchain() ?? false,
}, () => {
  let both: Both;
  let brokers: [Broker, Broker];

  before(async () => {
    both = await startBoth({ properties: { 'log.cleaner.backoff.ms': '100' } });
    brokers = [new Broker(both.theirs), new Broker(both.ours)];
  });

  after(async () => {
    for (const { client } of brokers ?? []) await client.close();
    await both?.stop();
  });

  it('leaves the same records, twice', async () => {
    const random = seededRandom(seed);
    for (const { client } of brokers)
      await createTopic(client, { name: TOPIC, partitions: 1, configs: CONFIGS });
    for (const [round, count] of [60, 20, 20].entries()) {
      const actions = actionsOf(random, round * 1_000, count);
      for (const broker of brokers) await broker.run(actions);
      const [before, same] = await Promise.all(brokers.map(broker => broker.lines()));
      assert.deepEqual(same, before, `round ${round}, before it is compacted`);
      for (const { client } of brokers)
        await alterTopicConfigs(client, {
          topic: TOPIC,
          set: { 'min.cleanable.dirty.ratio': '0' },
          remove: [],
        });
      let found: string[][] = [];
      await until('both have compacted', async () => {
        found = await Promise.all(brokers.map(broker => broker.lines()));
        return found.every(lines => lines.length < before!.length) && found[0]!.join() === found[1]!.join();
      }).catch(() => {});
      assert.deepEqual(found[1], found[0], `round ${round}, compacted`);
      assert.ok(found[0]!.length < before!.length, `round ${round} compacted nothing`);
      for (const { client } of brokers)
        await alterTopicConfigs(client, {
          topic: TOPIC,
          set: { 'min.cleanable.dirty.ratio': '1' },
          remove: [],
        });
    }
  });
});
