// A group coordinator with time, log and clients in a test's hand, and a language for it: one line is one command, and
// what it says is all that comes of it: answers that leave, records that are written. The README of this folder has the
// commands. Time stands still unless `advance` moves it.

import type { ConsumerGroupSettings } from '../../../src/broker/groups/consumer/consumer-decision.ts';
import { GroupCoordinator, OFFSETS_TOPIC } from '../../../src/broker/groups/group-coordinator.ts';
import { defaultGroupSettings, type GroupSettings } from '../../../src/broker/groups/group-settings.ts';
import { GroupShardState } from '../../../src/broker/groups/group-shard-state.ts';
import type { ShareGroupSettings } from '../../../src/broker/groups/share/share-decision.ts';
import { SharePersister } from '../../../src/broker/groups/share/share-persister.ts';
import { InternalTopicCreation } from '../../../src/broker/groups/streams/internal-topic-creation.ts';
import type { StreamsGroupSettings } from '../../../src/broker/groups/streams/streams-decision.ts';
import { SHARE_GROUP_STATE_TOPIC } from '../../../src/broker/metadata/topic-names.ts';
import { ManualTime } from '../../../src/broker/runtime/clock.ts';
import { Deferred } from '../../../src/broker/runtime/deferred.ts';
import { ShareCoordinator } from '../../../src/broker/share/share-coordinator.ts';
import type { GroupTransition } from '../../../src/events.ts';
import { MemoryLog } from '../../support/memory-log.ts';
import { FakeTopics } from './fake-topics.ts';
import type { Client, World } from './group-commands.ts';
import { writtenSince } from './written-records.ts';

const START_MS = 1_700_000_000_000;

const CONSUMER_SETTINGS: ConsumerGroupSettings = {
  sessionTimeoutMs: 45_000,
  heartbeatIntervalMs: 5_000,
  assignmentIntervalMs: 0,
  maxSize: 2_147_483_647,
  assignors: ['uniform', 'range'],
  regexRefreshIntervalMs: 600_000,
  migrationPolicy: 'bidirectional',
};

const STREAMS_SETTINGS: StreamsGroupSettings = {
  sessionTimeoutMs: 45_000,
  heartbeatIntervalMs: 5_000,
  assignmentIntervalMs: 0,
  initialRebalanceDelayMs: 0,
  standbyReplicas: 0,
  maxSize: 2_147_483_647,
};

const SHARE_SETTINGS: ShareGroupSettings = {
  sessionTimeoutMs: 45_000,
  heartbeatIntervalMs: 5_000,
  assignmentIntervalMs: 0,
  maxSize: 200,
  initializeRetryIntervalMs: 30_000,
};

/** Internal topics of streams groups are asked for by their handler, which is not here. */
const NO_TOPICS_ARE_MADE = { createTopics: () => Deferred.completed([]) };

export class GroupWorld implements World {
  readonly #time = new ManualTime(START_MS);
  readonly #log = new MemoryLog(OFFSETS_TOPIC, 0);
  readonly #shareLog = new MemoryLog(SHARE_GROUP_STATE_TOPIC, 0);
  readonly clients = new Map<string, Client>();
  #settings: GroupSettings = { ...defaultGroupSettings, initialRebalanceDelayMs: 0 };
  #consumerSettings = CONSUMER_SETTINGS;
  #shareSettings = SHARE_SETTINGS;
  #streamsSettings = STREAMS_SETTINGS;
  readonly topics = new FakeTopics();
  readonly #shareCoordinator: ShareCoordinator;
  /** Where every partition ends. */
  highWatermark = 0;
  coordinator: GroupCoordinator;
  /** Told of every transition of a group, before it is said. */
  observe: ((transition: GroupTransition) => void) | null = null;
  #said: string[] = [];
  #nextUuid = 1;
  #batchBytesMax = 1_048_588;
  #printedOffset = 0;

  constructor() {
    this.#shareCoordinator = this.#newShareCoordinator();
    this.coordinator = this.#newCoordinator();
  }

  say(line: string): void {
    this.#said.push(line);
  }

  /** What was said since the last call, with the records written since then behind it. */
  takeOutput(): string[] {
    const said = [...this.#said, ...writtenSince(this.#log, this.#printedOffset, START_MS)];
    this.#said = [];
    this.#printedOffset = this.#log.logEndOffset;
    return said;
  }

  client(name: string): Client {
    let client = this.clients.get(name);
    if (client === undefined) {
      client = { name, memberId: '', generationId: -1, protocols: [], instanceId: null };
      this.clients.set(name, client);
    }
    return client;
  }

  /** The process ends without a word and starts again on the same log. */
  restart(): void {
    this.coordinator.close();
    this.#said = [];
    this.coordinator = this.#newCoordinator();
    this.coordinator.start();
  }

  /** What another coordinator makes of the same log. */
  replayed(): GroupShardState {
    const another = this.#newCoordinator();
    another.start();
    const state = another.stateOf(0) ?? new GroupShardState();
    another.close();
    return state;
  }

  limitBatches(batchBytesMax: number): void {
    this.#batchBytesMax = batchBytesMax;
  }

  configure(change: Partial<GroupSettings>): void {
    this.#settings = { ...this.#settings, ...change };
  }

  configureStreams(change: Partial<StreamsGroupSettings>): void {
    this.#streamsSettings = { ...this.#streamsSettings, ...change };
  }

  configureConsumers(change: Partial<ConsumerGroupSettings>): void {
    this.#consumerSettings = { ...this.#consumerSettings, ...change };
  }

  configureShares(change: Partial<ShareGroupSettings>): void {
    this.#shareSettings = { ...this.#shareSettings, ...change };
  }

  /** The disk under the share coordinator. */
  shareDisk(what: 'hold' | 'release' | 'refuse-append'): void {
    actOn(this.#shareLog, what);
  }

  /** As the metadata tells the two coordinators of it; unseen: the process ends before the groups are told. */
  dropTopic(name: string, isSeen: boolean): void {
    const topic = this.topics.byName(name);
    if (topic === undefined) return;
    this.topics.delete(name);
    this.#shareCoordinator.topicsDeleted(new Set([topic.id]));
    if (!isSeen) return;
    this.coordinator.topicDeleted({ name, topicId: topic.id });
  }

  advance(byMs: number): void {
    this.#time.advance(byMs);
  }

  disk(what: 'hold' | 'release' | 'refuse-append'): void {
    actOn(this.#log, what);
  }

  #newShareCoordinator(): ShareCoordinator {
    return new ShareCoordinator({
      partitionCount: () => 1,
      log: () => this.#shareLog.asPartitionLog(),
      leaderEpoch: () => 0,
      batchBytesMax: () => 1_048_588,
      updatesPerSnapshot: () => 500,
      partitionExists: ({ topicId, partition }) =>
        partition < (this.topics.byId(topicId)?.partitionCount ?? 0),
      clock: this.#time,
      timers: this.#time,
      report: message => this.say(`report: ${message}`),
    });
  }

  #newCoordinator(): GroupCoordinator {
    return new GroupCoordinator({
      partitionCount: () => 1,
      log: () => this.#log.asPartitionLog(),
      leaderEpoch: () => 0,
      topicExists: topicId => this.topics.byId(topicId) !== undefined,
      batchBytesMax: () => this.#batchBytesMax,
      settings: () => this.#settings,
      consumerSettings: () => this.#consumerSettings,
      streamsSettings: () => this.#streamsSettings,
      shareSettings: () => this.#shareSettings,
      persister: new SharePersister({
        coordinator: this.#shareCoordinator,
        ensureTopic: () => Deferred.completed<number>(0),
      }),
      highWatermark: () => this.highWatermark,
      topics: this.topics,
      internalTopics: new InternalTopicCreation(NO_TOPICS_ARE_MADE, this.#time),
      clock: this.#time,
      timers: this.#time,
      newUuid: () => String(this.#nextUuid++),
      newDashedUuid: () => String(this.#nextUuid++),
      events: {
        active: true,
        emit: event => {
          if (event.type !== 'group-transition') return;
          this.observe?.(event);
          this.say(`${event.groupId}: ${event.from} -> ${event.to}, ${event.reason}`);
        },
      },
      report: message => this.say(`report: ${message}`),
    });
  }
}

function actOn(log: MemoryLog, what: 'hold' | 'release' | 'refuse-append'): void {
  if (what === 'hold') log.holdSync();
  else if (what === 'release') log.releaseSync();
  else log.refuseNextAppend('the disk is full');
}
