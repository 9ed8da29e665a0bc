// The lives of one node on one disk, for node-crash.test.ts: random requests, a few at a time, until the power fails; then
// the next one is asked for everything that was answered. What a life was still doing may have happened or not; what it
// turned out to be is asked once, and must stay.

import assert from 'node:assert/strict';
import { ManualTime } from '../../src/broker/runtime/clock.ts';
import { ConsumerGroupHeartbeat } from '../../src/protocol/messages/apis/consumer-group-heartbeat.ts';
import { CreateTopics } from '../../src/protocol/messages/apis/create-topics.ts';
import { DeleteTopics } from '../../src/protocol/messages/apis/delete-topics.ts';
import { DescribeConfigs } from '../../src/protocol/messages/apis/describe-configs.ts';
import { FindCoordinator } from '../../src/protocol/messages/apis/find-coordinator.ts';
import { IncrementalAlterConfigs } from '../../src/protocol/messages/apis/incremental-alter-configs.ts';
import { Metadata } from '../../src/protocol/messages/apis/metadata.ts';
import { OffsetCommit } from '../../src/protocol/messages/apis/offset-commit.ts';
import { OffsetFetch } from '../../src/protocol/messages/apis/offset-fetch.ts';
import { Produce } from '../../src/protocol/messages/apis/produce.ts';
import { MemoryFileSystem, randomOf } from '../../src/storage/fs/memory.ts';
import { batchOf, produceRequest } from '../support/raw-client.ts';
import { openTestNode, type TestNode } from '../support/test-node.ts';

const TOPICS = ['t0', 't1', 't2', 't3'];
const GROUPS = ['g0', 'g1', 'g2'];
/** Always there: offsets are committed for it. */
const STEADY = 'steady';
const STEPS = 30;
const OPERATIONS_MAX = 250;
/** A member that was silent for so long may be gone (45 s by default). */
const SILENCE_MS_MAX = 30_000;
const TURNS_MAX = 2_000;
/** Loading, or the coordinator's topic is just being made. */
const AGAIN = new Set([3, 14, 15, 16]);
const UNKNOWN_MEMBER_ID = 25;
const UNKNOWN_TOPIC = 3;

/** What was answered last, and what may have happened besides; null: it is not there. */
interface Known<Value> {
  answered: Value;
  possible: Value[];
}

/** A copy of it is what a power cut leaves to compare with. */
interface Ledger {
  /** Topics by name: the id. */
  topics: Record<string, Known<string | null>>;
  configs: Record<string, Known<string>>;
  offsets: Record<string, Known<number>>;
  /** By topic: how many records were acknowledged. */
  records: Record<string, number>;
  members: Record<string, { group: string; epoch: number; atMs: number }>;
}

const known = <Value>(answered: Value): Known<Value> => ({ answered, possible: [] });

export class NodeLives {
  answers = 0;
  cuts = 0;
  readonly #random: () => number;
  #ledger: Ledger = { topics: {}, configs: {}, offsets: {}, records: {}, members: {} };
  #disk = new MemoryFileSystem();
  #time = new ManualTime();
  #node!: TestNode;
  #counter = 0;
  #cut: { readonly survivor: MemoryFileSystem; readonly ledger: Ledger } | null = null;

  constructor(seed: number) {
    this.#random = randomOf(seed);
  }

  async run(lives: number): Promise<void> {
    this.#open();
    await this.#findCoordinator();
    await this.#create(STEADY);
    for (let life = 0; life < lives; life++) {
      this.#cutPowerAfter(1 + Math.floor(this.#random() * OPERATIONS_MAX));
      for (let step = 0; step < STEPS && this.#cut === null; step++) await this.#step();
      this.#fallOver();
      for (let attempt = 0; this.#random() < 0.4 && attempt < 2; attempt++) await this.#startInVain();
      this.#open();
      await this.#verify();
    }
    this.#node.abandon();
  }

  #open(): void {
    this.#node = openTestNode({ fileSystem: this.#disk, time: this.#time });
  }

  #cutPowerAfter(operations: number): void {
    this.#cut = null;
    const disk = this.#disk;
    const first = disk.operations;
    disk.onOperation = () => {
      if (this.#cut !== null || disk.operations - first < operations) return;
      this.#cut = { survivor: this.#crash(), ledger: structuredClone(this.#ledger) };
    };
  }

  #crash(): MemoryFileSystem {
    this.cuts += 1;
    return this.#disk.crash({ seed: Math.floor(this.#random() * 2 ** 31) });
  }

  /** At the cut, or where the life ended. Its timers go with it. */
  #fallOver(): void {
    const { survivor, ledger } = this.#cut ?? { survivor: this.#crash(), ledger: this.#ledger };
    this.#disk.onOperation = null;
    this.#node.abandon();
    this.#disk = survivor;
    this.#ledger = ledger;
    this.#time = new ManualTime(this.#time.nowMs());
  }

  /** A start that the power ends. */
  async #startInVain(): Promise<void> {
    this.#cutPowerAfter(1 + Math.floor(this.#random() * 60));
    this.#open();
    for (let turn = 0; turn < 20 && this.#cut === null; turn++) await new Promise(setImmediate);
    this.#fallOver();
  }

  /** Up to three things at the same time, none of a kind twice. */
  async #step(): Promise<void> {
    const kinds = [
      () => this.#createOrDelete(),
      () => this.#configure(),
      () => this.#commit(),
      () => this.#join(),
      () => this.#produce(),
    ];
    const chosen = Array.from({ length: 1 + Math.floor(this.#random() * 3) }, () => {
      const index = Math.floor(this.#random() * kinds.length);
      return kinds.splice(index, 1)[0]!;
    });
    await Promise.all(chosen.map(work => work()));
    if (this.#random() < 0.3) this.#time.advance(Math.floor(this.#random() ** 3 * 70_000));
    else await new Promise(setImmediate);
  }

  #pick<Item>(items: readonly Item[]): Item {
    return items[Math.floor(this.#random() * items.length)]!;
  }

  async #createOrDelete(): Promise<void> {
    const name = this.#pick(TOPICS);
    if (this.#ledger.topics[name]?.answered == null) await this.#create(name);
    else await this.#delete(name);
  }

  async #create(name: string): Promise<void> {
    const ledger = this.#ledger;
    ledger.topics[name] ??= known<string | null>(null);
    ledger.topics[name].possible.push('any');
    const topic = { name, numPartitions: 1, replicationFactor: 1, assignments: [], configs: [] };
    const { topics } = await this.#node.ask(CreateTopics, 7, {
      topics: [topic],
      timeoutMs: 1_000,
      validateOnly: false,
    });
    assert.equal(topics[0]?.errorCode, 0);
    ledger.topics[name] = known<string | null>(topics[0].topicId);
    ledger.records[name] = 0;
    ledger.configs[name] = known('');
    this.answers += 1;
  }

  async #delete(name: string): Promise<void> {
    const ledger = this.#ledger;
    const topic = ledger.topics[name]!;
    topic.possible.push(null);
    // Nothing is asked of its records and configs any more, whether it goes or not.
    delete ledger.records[name];
    delete ledger.configs[name];
    const { responses } = await this.#node.ask(DeleteTopics, 6, {
      topics: [{ name: null, topicId: topic.answered! }],
      topicNames: [],
      timeoutMs: 1_000,
    });
    assert.equal(responses[0]?.errorCode, 0);
    ledger.topics[name] = known<string | null>(null);
    this.answers += 1;
  }

  async #configure(): Promise<void> {
    const ledger = this.#ledger;
    const name = this.#pick([STEADY, ...Object.keys(ledger.configs)]);
    const config = ledger.configs[name];
    if (config === undefined) return;
    const value = String(1_000_000_000 + this.#counter++);
    config.possible.push(value);
    const { responses } = await this.#node.ask(IncrementalAlterConfigs, 1, {
      resources: [
        {
          resourceType: 2,
          resourceName: name,
          configs: [{ name: 'retention.ms', configOperation: 0, value }],
        },
      ],
      validateOnly: false,
    });
    // Somebody deletes it at the same time.
    if (responses[0]?.errorCode !== 0 || ledger.configs[name] !== config) return;
    ledger.configs[name] = known(value);
    this.answers += 1;
  }

  async #commit(): Promise<void> {
    const ledger = this.#ledger;
    const groupId = this.#pick(GROUPS);
    ledger.offsets[groupId] ??= known(-1);
    const committedOffset = this.#counter++;
    ledger.offsets[groupId].possible.push(committedOffset);
    const partition = { partitionIndex: 0, committedLeaderEpoch: -1, committedMetadata: '' };
    const topics = [{ name: STEADY, partitions: [{ ...partition, committedOffset }] }];
    const answer = await this.#node.ask(OffsetCommit, 8, {
      groupId,
      generationIdOrMemberEpoch: -1,
      memberId: '',
      topics,
    });
    if (answer.topics[0]?.partitions[0]?.errorCode !== 0) return;
    ledger.offsets[groupId] = known(committedOffset);
    this.answers += 1;
  }

  async #join(): Promise<void> {
    const ledger = this.#ledger;
    const group = `members-${this.#counter % 2}`;
    const memberId = `member-${this.#counter++}`;
    const answer = await this.#heartbeat(group, memberId, 0);
    if (answer.errorCode !== 0) return;
    ledger.members[memberId] = { group, epoch: answer.memberEpoch, atMs: this.#time.nowMs() };
    this.answers += 1;
  }

  #heartbeat(groupId: string, memberId: string, memberEpoch: number) {
    const isJoin = memberEpoch === 0;
    return this.#node.ask(ConsumerGroupHeartbeat, 1, {
      groupId,
      memberId,
      memberEpoch,
      rebalanceTimeoutMs: 60_000,
      subscribedTopicNames: isJoin ? [STEADY] : null,
      topicPartitions: isJoin ? [] : null,
    });
  }

  async #produce(): Promise<void> {
    const ledger = this.#ledger;
    const topic = this.#pick([STEADY, ...Object.keys(ledger.records)]);
    const id = ledger.topics[topic]?.answered;
    const records = batchOf([`${this.#counter++}`.padEnd(200, '.')]);
    const { responses } = await this.#node.ask(Produce, 12, produceRequest({ topic, records }));
    const partition = responses[0]?.partitionResponses[0];
    if (partition?.errorCode !== 0 || ledger.topics[topic]?.answered !== id) return;
    if (ledger.records[topic] === undefined) return;
    ledger.records[topic] = Math.max(ledger.records[topic], Number(partition.baseOffset) + 1);
    this.answers += 1;
  }

  /** As every client begins: it makes the coordinators' topic, if a power cut took it back. */
  async #findCoordinator(): Promise<void> {
    await this.#node.ask(FindCoordinator, 3, { key: 'any', keyType: 0, coordinatorKeys: [] });
  }

  async #verify(): Promise<void> {
    await this.#findCoordinator();
    await this.#verifyTopics();
    await this.#verifyConfigs();
    for (const [group, offset] of Object.entries(this.#ledger.offsets))
      await this.#verifyOffset(group, offset);
    for (const [topic, count] of Object.entries(this.#ledger.records)) {
      const end = this.#node.node.partitions.log(topic, 0)?.highWatermark ?? -1;
      assert.ok(end >= count, `${topic} ends at ${end}, ${count} records were acknowledged`);
    }
    for (const [memberId, { group, epoch, atMs }] of Object.entries(this.#ledger.members)) {
      delete this.#ledger.members[memberId];
      if (this.#time.nowMs() - atMs > SILENCE_MS_MAX) continue;
      const answer = await this.#settled(
        () => this.#heartbeat(group, memberId, epoch),
        ({ errorCode }) => errorCode,
      );
      assert.notEqual(answer.errorCode, UNKNOWN_MEMBER_ID, `${memberId} of ${group} had joined`);
      assert.notEqual(answer.errorCode, 69, `${group}, whose member joined, is not there`);
    }
  }

  async #verifyTopics(): Promise<void> {
    const { topics } = await this.#node.ask(Metadata, 12, {
      topics: null,
      allowAutoTopicCreation: false,
      includeClusterAuthorizedOperations: false,
      includeTopicAuthorizedOperations: false,
    });
    const ids = new Map(topics.map(({ name, topicId }) => [name, topicId]));
    for (const [name, topic] of Object.entries(this.#ledger.topics)) {
      const found = ids.get(name) ?? null;
      const isRight =
        found === topic.answered ||
        topic.possible.includes(found) ||
        (found !== null && topic.possible.includes('any'));
      assert.ok(isRight, `topic ${name} is ${found}, answered was ${topic.answered}`);
      if (found !== topic.answered && found !== null) this.#ledger.records[name] = 0;
      if (found !== topic.answered && found !== null) this.#ledger.configs[name] = known('');
      if (found === null) delete this.#ledger.records[name];
      if (found === null) delete this.#ledger.configs[name];
      this.#ledger.topics[name] = known(found);
    }
  }

  async #verifyConfigs(): Promise<void> {
    for (const [resourceName, config] of Object.entries(this.#ledger.configs)) {
      const { results } = await this.#node.ask(DescribeConfigs, 4, {
        resources: [{ resourceType: 2, resourceName, configurationKeys: ['retention.ms'] }],
      });
      assert.notEqual(results[0]!.errorCode, UNKNOWN_TOPIC);
      const { value, configSource } = results[0]!.configs[0]!;
      const found = configSource === 1 ? value! : '';
      const isRight = found === config.answered || config.possible.includes(found);
      assert.ok(isRight, `retention.ms of ${resourceName} is "${found}", answered was "${config.answered}"`);
      this.#ledger.configs[resourceName] = known(found);
    }
  }

  async #verifyOffset(groupId: string, offset: Known<number>): Promise<void> {
    const topics = [{ name: STEADY, partitionIndexes: [0] }];
    const { groups } = await this.#settled(
      () => this.#node.ask(OffsetFetch, 8, { groups: [{ groupId, topics }], requireStable: true }),
      answer => answer.groups[0]!.errorCode,
    );
    const found = groups[0]!.topics[0]!.partitions[0]!.committedOffset;
    const isRight = found === offset.answered || offset.possible.includes(found);
    assert.ok(isRight, `${groupId} is at ${found}, answered was ${offset.answered}`);
    this.#ledger.offsets[groupId] = known(found);
  }

  async #settled<Answer>(ask: () => Promise<Answer>, codeOf: (answer: Answer) => number): Promise<Answer> {
    for (let turn = 0; turn < TURNS_MAX; turn++) {
      const answer = await ask();
      if (!AGAIN.has(codeOf(answer))) return answer;
      await new Promise(setImmediate);
    }
    throw new Error('it is refused again and again');
  }
}
