// One directory passed from broker to broker. Each compares what it finds with what the one before it said, adds
// something of everything, says what there is now, and stops or is killed in the middle of writing. The next one gets a
// copy, so that the directory can still be looked at as it was handed over.

import assert from 'node:assert/strict';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import type { KafkaClient } from '../../../src/client/kafka-client.ts';
import { fillAcls } from './acls.ts';
import { clientOf } from './asking.ts';
import { startBusyWriter } from './busy-writer.ts';
import { assertBusy, assertLedger, assertSame } from './compare.ts';
import { addConsumerGroup, fillConsumerGroups } from './fill-consumer-groups.ts';
import { fillGroups, moveGroups } from './fill-groups.ts';
import { deleteRecords, fillTopics, recreateTopic, writeEverywhere } from './fill-topics.ts';
import { fillTransactions, runTransactions } from './fill-transactions.ts';
import { type KafkaOptions, type Node, startKafka, startMillraceOn } from './nodes.ts';
import { seededRandom } from './seeded-random.ts';
import { assertNothingCut, metadataFiles, segmentSizes } from './segments.ts';
import { type View, viewOf } from './view.ts';
import { newWorld, type World } from './world.ts';

/** Acknowledged while the kill is on its way. */
const BUSY_BATCHES = 40;

type Ending = 'stop' | 'kill';

export class Relay {
  readonly #root: string;
  readonly #world: World;
  #leg = 0;
  #sizes: ReadonlyMap<string, number> = new Map();
  #view: View | null = null;
  #running: Node | null = null;
  /** Of the broker before this one. */
  #wasKilled = false;
  #wasKilledKafka = false;

  constructor({ root, seed }: { readonly root: string; readonly seed: number }) {
    this.#root = root;
    this.#world = newWorld(seededRandom(seed));
  }

  async millrace(options: {
    readonly found: 'new' | 'millrace' | 'kafka';
    readonly ends: Ending;
    readonly properties?: Readonly<Record<string, string>>;
  }): Promise<void> {
    const directory = this.#nextDirectory();
    await this.#run(await startMillraceOn(directory, options), directory, options.ends);
    this.#wasKilled = options.ends === 'kill';
    this.#wasKilledKafka = false;
  }

  async kafka(options: Omit<KafkaOptions, 'circumstances'> & { readonly ends: Ending }): Promise<void> {
    const { ends, ...how } = options;
    const directory = this.#nextDirectory();
    const circumstances = { topicGrows: this.#leg === 1, wasKilled: this.#wasKilled };
    await this.#run(await startKafka(directory, { ...how, circumstances }), directory, ends);
    this.#wasKilled = ends === 'kill';
    this.#wasKilledKafka = ends === 'kill';
  }

  /** The metadata as the last broker left them: no log from the beginning, but a snapshot and what came after it. */
  assertMetadataLogGivenUp(): void {
    const { logStart, snapshotEnd } = metadataFiles(join(this.#root, `${this.#leg - 1}`));
    assert.ok(logStart > 0, 'the metadata log does not begin anew');
    assert.ok(snapshotEnd >= logStart, `a snapshot stands for what is gone: ${snapshotEnd}, ${logStart}`);
  }

  /** Ends what a failure left running. */
  async close(): Promise<void> {
    await this.#running?.kill().catch(() => {});
  }

  #nextDirectory(): string {
    const directory = join(this.#root, `${this.#leg}`);
    if (this.#leg > 0) cpSync(join(this.#root, `${this.#leg - 1}`), directory, { recursive: true });
    this.#leg += 1;
    return directory;
  }

  async #run(node: Node, directory: string, ends: Ending): Promise<void> {
    this.#running = node;
    const name = `${node.name} (${this.#leg}.)`;
    const client = clientOf(node.bootstrapServers);
    try {
      if (this.#view !== null) await this.#compare(client, directory, name);
      await this.#add(client);
      const now = await viewOf(client, this.#world);
      this.#view = { ...now, acls: now.acls ?? this.#view?.acls ?? null };
      assertLedger(this.#view, this.#world, name);
    } finally {
      client.close();
    }
    if (ends === 'stop') await node.stop();
    else await this.#killWhileWriting(node);
    this.#running = null;
    this.#sizes = segmentSizes(directory);
  }

  async #compare(client: KafkaClient, directory: string, name: string): Promise<void> {
    const now = await viewOf(client, this.#world);
    assertSame(now, this.#expected(now), name);
    assertLedger(now, this.#world, name);
    await assertBusy(client, this.#world, name);
    assertNothingCut(directory, this.#sizes, name);
  }

  /**
   * Apache Kafka answers DeleteRecords before the new log start is on disk, which it is within a minute
   * (log.flush.start.offset.checkpoint.interval.ms): killed in between it may have the old one again.
   */
  #expected(now: View): View {
    const view = this.#view!;
    const { beforeDeletion } = this.#world;
    if (!this.#wasKilledKafka || beforeDeletion === null) return view;
    const { name, view: before } = beforeDeletion;
    if (now.partitions[name]?.logStartOffset !== before.logStartOffset) return view;
    return { ...view, partitions: { ...view.partitions, [name]: before } };
  }

  async #add(client: KafkaClient): Promise<void> {
    const world = this.#world;
    if (this.#view === null) {
      await fillTopics(client, world);
      await fillGroups(client, world);
      await fillTransactions(client, world);
      await fillConsumerGroups(client, world);
      await fillAcls(client);
      return;
    }
    await writeEverywhere(client, world);
    await recreateTopic(client, world);
    await deleteRecords(client, world, { topic: 'deleted-records', before: 5 + world.round });
    await moveGroups(client, world);
    await runTransactions(client, world);
    await addConsumerGroup(client, world);
  }

  async #killWhileWriting(node: Node): Promise<void> {
    const writer = startBusyWriter(node.bootstrapServers, this.#world);
    await writer.acknowledged(BUSY_BATCHES);
    await node.kill();
    await writer.ended;
  }
}
