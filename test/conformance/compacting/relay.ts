// A directory with compacted topics on its way between brokers. At each hand-over Apache Kafka and Millrace get a copy of
// what the broker before them left: cleaned in part (cleaner-offset-checkpoint, delete horizons, empty batches), and written
// on since, with a transaction open. For both must hold:
// H1 what the broker before said of the log (batches byte for byte, producers, times), before anything is cleaned.
// H2 cleaned by either, the log holds the same batches and records, and a reader ends with the values it had before.
// H3 cleaning begins where the checkpoint says; a log that nobody wrote to since it was cleaned is not touched.
// H4 producers go on with the next sequence, though their records are gone; what they sent last is known when sent again.
// H5 a delete horizon stays what it was when the broker before set it.
// H6 a compaction that was interrupted, wherever it was (interrupted.ts), costs no value, and can be finished.

import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { alterTopicConfigs, createTopic } from '../../../src/client/admin.ts';
import type { KafkaClient } from '../../../src/client/kafka-client.ts';
import { clientOf, until, untilAnswered } from '../handover/asking.ts';
import { type Node, startKafka, startMillraceOn } from '../handover/nodes.ts';
import { type Random, seededRandom } from '../handover/seeded-random.ts';
import { type PartitionView, viewPartition } from '../handover/view-partitions.ts';
import { type Action, COMPACTED_TOPIC, DIRTY_RATIO, roundOf } from './actions.ts';
import {
  checkInterrupted,
  cleanInterrupted,
  createInterrupted,
  INTERRUPTED,
  interruptEach,
  type Whole,
  wholeOf,
} from './interrupted.ts';
import { linesOf } from './lines.ts';
import { cleanedOffset, latestValues, segmentsOf } from './looking.ts';
import { type Producers, Writer } from './writer.ts';

const DAY_MS = 86_400_000;
/** `quiet` is cleaned once and then left alone; tombstones and markers of `lasting` stay a day. */
const TOPICS = { compacted: {}, lasting: { 'delete.retention.ms': String(DAY_MS) }, quiet: {} } as const;
const ALL_TOPICS = Object.keys(TOPICS);
const BUSY_TOPICS = ALL_TOPICS.filter(topic => topic !== 'quiet');
const PROPERTIES = { 'log.cleaner.backoff.ms': '100' };

type Name = 'Millrace' | 'Apache Kafka';
type Ending = 'stop' | 'kill';
type PerTopic<T> = ReadonlyMap<string, T>;

/** What a broker left behind. */
interface Left {
  readonly name: Name;
  readonly directory: string;
  readonly wasKilled: boolean;
  readonly atMs: number;
  readonly views: PerTopic<PartitionView>;
  readonly producers: PerTopic<Producers>;
}

interface Running {
  readonly name: Name;
  readonly directory: string;
  readonly node: Node;
  readonly client: KafkaClient;
  readonly writers: PerTopic<Writer>;
}

export class CompactedRelay {
  readonly #root = mkdtempSync(join(tmpdir(), 'handover-compacted-'));
  readonly #random: Random;
  readonly #running = new Set<Running>();
  readonly #toMeet = new Set(['empty batch', 'tombstone with a horizon', 'marker with a horizon', 'gap']);
  #round = 0;
  #copies = 0;
  #left: Left | null = null;
  #whole: Whole | null = null;

  constructor(seed: number) {
    this.#random = seededRandom(seed);
  }

  /** Fills the topics, cleans them, and writes on; then it dies in the middle of compacting one more. */
  async beginWithMillrace(): Promise<void> {
    const broker = await this.#start('Millrace', this.#nextDirectory());
    for (const topic of ALL_TOPICS) {
      const configs = { ...COMPACTED_TOPIC, ...TOPICS[topic as keyof typeof TOPICS] };
      await createTopic(broker.client, { name: topic, partitions: 1, configs });
    }
    await this.#write([broker], ALL_TOPICS);
    await this.#clean(broker, ALL_TOPICS);
    await this.#write([broker], BUSY_TOPICS);
    await createInterrupted(broker.client);
    await new Writer(broker.client, INTERRUPTED).run(roundOf(this.#random, 0));
    this.#whole = await wholeOf(broker.client);
    await this.#end(broker, 'stop');
    const leftOver = interruptEach(broker.directory);
    for (const suffix of ['.cleaned', '.swap', '.deleted'])
      assert.ok(leftOver.has(suffix), `a compaction was interrupted with ${suffix} files: ${[...leftOver]}`);
    this.#left = { ...this.#left!, wasKilled: true };
  }

  /** Both clean, and write on; one of them is the one that others take over from. */
  async handOver(to: { readonly goesOnWith: Name; readonly ends: Ending }): Promise<void> {
    const left = this.#left!;
    const starts = (['Apache Kafka', 'Millrace'] as const).map(name => {
      const directory = this.#nextDirectory();
      cpSync(left.directory, directory, { recursive: true });
      return this.#start(name, directory);
    });
    await Promise.allSettled(starts);
    const brokers = await Promise.all(starts);
    for (const broker of brokers) await this.#checkAlone(broker, left);
    if (this.#whole !== null) await this.#checkInterrupted(brokers, this.#whole);
    const lines = await this.#checkSame(brokers, left, 'cleaned');
    for (const [topic, found] of lines) if (topic !== 'quiet') this.#meet(found);
    await this.#write(brokers, BUSY_TOPICS);
    await this.#checkSame(brokers, left, 'written on');
    const goesOn = brokers.find(({ name }) => name === to.goesOnWith)!;
    for (const broker of brokers) if (broker !== goesOn) await this.#stop(broker, 'stop');
    await this.#end(goesOn, to.ends);
  }

  /** What should have come before the cleaners, and did not. */
  notMet(): string[] {
    return [...this.#toMeet];
  }

  async close(): Promise<void> {
    for (const broker of [...this.#running]) await this.#stop(broker, 'kill').catch(() => {});
    rmSync(this.#root, { recursive: true, force: true });
  }

  #nextDirectory(): string {
    this.#copies += 1;
    return join(this.#root, String(this.#copies));
  }

  async #start(name: Name, directory: string): Promise<Running> {
    const left = this.#left;
    const found = left === null ? 'new' : left.name === 'Millrace' ? 'millrace' : 'kafka';
    const circumstances = { topicGrows: false, wasKilled: left?.wasKilled ?? false };
    const node =
      name === 'Millrace'
        ? await startMillraceOn(directory, { found, properties: PROPERTIES })
        : await startKafka(directory, { circumstances, properties: PROPERTIES });
    const client = clientOf(node.bootstrapServers);
    const writers = ALL_TOPICS.map(
      topic => [topic, new Writer(client, topic, left?.producers.get(topic))] as const,
    );
    const broker = { name, directory, node, client, writers: new Map(writers) };
    this.#running.add(broker);
    return broker;
  }

  async #stop(broker: Running, ending: Ending): Promise<void> {
    this.#running.delete(broker);
    await broker.client.close();
    await broker.node[ending]();
  }

  /** What it leaves is for others. */
  async #end(broker: Running, ending: Ending): Promise<void> {
    const { name, directory, client, writers } = broker;
    const views = new Map<string, PartitionView>();
    for (const topic of ALL_TOPICS) views.set(topic, await viewPartition(client, { topic, partition: 0 }));
    const producers = new Map([...writers].map(([topic, writer]) => [topic, writer.producers] as const));
    await this.#stop(broker, ending);
    this.#left = { name, directory, views, producers, wasKilled: ending === 'kill', atMs: Date.now() };
  }

  /** The same actions for all of them. */
  async #write(brokers: readonly Running[], topics: readonly string[]): Promise<void> {
    const actions = new Map<string, Action[]>(
      topics.map(topic => [topic, roundOf(this.#random, this.#round)] as const),
    );
    for (const { writers } of brokers)
      for (const topic of topics) {
        await writers.get(topic)!.sendLastAgain();
        await writers.get(topic)!.run(actions.get(topic)!);
      }
    this.#round += 1;
  }

  async #clean({ client, directory }: Running, topics: readonly string[]): Promise<void> {
    const before = new Map(topics.map(topic => [topic, cleanedOffset(directory, topic) ?? -1] as const));
    await setDirtyRatio(client, '0');
    await until('all is cleaned', async () =>
      topics.every(topic => (cleanedOffset(directory, topic) ?? -1) > before.get(topic)!),
    );
    await setDirtyRatio(client, '1');
  }

  /** H1, H3 and the second half of H2. */
  async #checkAlone(broker: Running, left: Left): Promise<void> {
    const { name, directory, client } = broker;
    for (const topic of ALL_TOPICS) {
      const found = await untilAnswered(() => viewPartition(client, { topic, partition: 0 }));
      assert.deepEqual(
        found,
        left.views.get(topic),
        `H1: ${name} on the directory of ${left.name}, ${topic}`,
      );
    }
    const values = new Map<string, unknown>();
    for (const topic of ALL_TOPICS) values.set(topic, await latestValues(client, topic));
    const quiet = segmentsOf(directory, 'quiet');
    const checkpoint = new Map(ALL_TOPICS.map(topic => [topic, cleanedOffset(directory, topic)] as const));
    await this.#clean(broker, BUSY_TOPICS);
    for (const topic of ALL_TOPICS)
      assert.deepEqual(await latestValues(client, topic), values.get(topic), `H2: ${name}, ${topic}`);
    assert.deepEqual(segmentsOf(directory, 'quiet'), quiet, `H3: ${name} cleaned what was clean`);
    assert.equal(cleanedOffset(directory, 'quiet'), checkpoint.get('quiet'), `H3: ${name}`);
    if (name === 'Apache Kafka')
      for (const topic of BUSY_TOPICS)
        assert.equal(dirtySections(broker, topic)[0], checkpoint.get(topic), `H3: ${name}, ${topic}`);
  }

  /** H2 and H5. */
  async #checkSame(brokers: readonly Running[], left: Left, what: string): Promise<PerTopic<string[]>> {
    const found = new Map<string, string[]>();
    for (const topic of ALL_TOPICS) {
      // What was set since the directory was handed over lies later.
      const options = { topic, horizonsUntilMs: left.atMs + (topic === 'lasting' ? DAY_MS : 0) };
      const [theirs, ours] = await Promise.all(brokers.map(({ client }) => linesOf(client, options)));
      assert.deepEqual(ours, theirs, `H2, H5: ${topic} of ${left.name}, ${what}`);
      found.set(topic, ours!);
    }
    return found;
  }

  /** H6, at the first hand-over. */
  async #checkInterrupted(brokers: readonly Running[], whole: Whole): Promise<void> {
    for (const { client, name } of brokers) await checkInterrupted(client, whole, `H6: ${name}`);
    const cleaned: string[][][] = [];
    for (const { client, directory } of brokers) cleaned.push(await cleanInterrupted(client, directory));
    for (const { client, name } of brokers) await checkInterrupted(client, whole, `H6: ${name}, cleaned`);
    assert.deepEqual(cleaned[1], cleaned[0], 'H6: cleaned by both');
    this.#whole = null;
  }

  #meet(lines: readonly string[]): void {
    let next = 0;
    for (const line of lines) {
      const fields = /^batch (\d+) (\d+) (\d+) -?\d+ (\d+) /.exec(line);
      if (fields === null) continue;
      const [base, last, count, attributes] = fields.slice(1).map(Number) as [number, number, number, number];
      const hasHorizon = (attributes & 0x40) !== 0;
      const isControl = (attributes & 0x20) !== 0;
      if (count === 0) this.#toMeet.delete('empty batch');
      if (hasHorizon) this.#toMeet.delete(`${isControl ? 'marker' : 'tombstone'} with a horizon`);
      if (base > next) this.#toMeet.delete('gap');
      next = last + 1;
    }
  }
}

async function setDirtyRatio(client: KafkaClient, ratio: '0' | '1'): Promise<void> {
  for (const topic of ALL_TOPICS)
    await alterTopicConfigs(client, { topic, set: { [DIRTY_RATIO]: ratio }, remove: [] });
}

/** Where each of its cleanings of the log began, by Apache Kafka's own log. */
function dirtySections({ node }: Running, topic: string): number[] {
  const pattern = new RegExp(`${topic}-0 \\(dirty section = \\[(\\d+), \\d+\\]\\)`, 'g');
  return [...node.output().matchAll(pattern)].map(([, from]) => Number(from));
}
