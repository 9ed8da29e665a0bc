// A node's metadata with disk and time in a test's hand, and a language for it: one line is one command, what it says is
// all that comes of it: answers that leave, and every record that stands in the metadata log behind it. Ids are counted,
// so that a transcript reads the same each time. The README of this folder has the commands.

import { BrokerSettings } from '../../../src/broker/config/settings.ts';
import { MetadataBoot } from '../../../src/broker/metadata/boot.ts';
import { configsOf } from '../../../src/broker/metadata/configs.ts';
import type { Metadata } from '../../../src/broker/metadata/metadata.ts';
import { type MetadataRecord, metadataRecordCodec } from '../../../src/broker/metadata/metadata-record.ts';
import { ProducerIds } from '../../../src/broker/metadata/producer-ids.ts';
import { Replicas } from '../../../src/broker/replicas.ts';
import { ManualTime } from '../../../src/broker/runtime/clock.ts';
import type { Deferred } from '../../../src/broker/runtime/deferred.ts';
import { replayLog } from '../../../src/broker/runtime/log-replay.ts';
import { ControlType } from '../../../src/protocol/records/control-records.ts';
import { DataDirectory } from '../../../src/storage/data-dir/data-directory.ts';
import { MemoryFileSystem } from '../../../src/storage/fs/memory.ts';
import { LogStore } from '../../../src/storage/log/log-store.ts';
import type { PartitionLog } from '../../../src/storage/log/partition-log.ts';

/** Turns of the loop in which everything that is not held back has come to an end. */
const SETTLE_TURNS = 20;

interface Node {
  readonly directory: DataDirectory;
  readonly store: LogStore;
  readonly boot: MetadataBoot;
  readonly replicas: Replicas;
  readonly producerIds: ProducerIds;
}

export class MetadataWorld {
  readonly #time = new ManualTime();
  #fileSystem = new MemoryFileSystem({ manualSyncs: true });
  #node: Node | null = null;
  #printedOffset = 0;
  #uuids = 0;
  readonly #names = new Map<string, string>();
  #said: string[] = [];
  /** While true, what the disk is told to keep is not kept yet. */
  #isHeld = false;
  #isAfterCrash = false;

  say(line: string): void {
    this.#said.push(line);
  }

  get metadata(): Metadata {
    return this.#running.boot.metadata;
  }

  get producerIds(): ProducerIds {
    return this.#running.producerIds;
  }

  get replicas(): Replicas {
    return this.#running.replicas;
  }

  configsOf(resource: { type: number; name: string }): ReadonlyMap<string, string> {
    return configsOf(this.metadata.image, resource);
  }

  tell(line: string): void {
    this.say(this.#readable(line));
  }

  /** Says what an answer says, when it leaves. */
  answer<T>(deferred: Deferred<T>, lines: (value: T) => readonly string[]): void {
    deferred.whenComplete(value => {
      for (const line of lines(value)) this.tell(line);
    });
  }

  start(): void {
    const directory = DataDirectory.open({
      fileSystem: this.#fileSystem,
      path: '/data',
      nodeId: 1,
      newUuid: () => this.#newUuid(),
    });
    const store = LogStore.open({
      fileSystem: this.#fileSystem,
      directory,
      durability: 'always',
      clock: this.#time,
      timers: this.#time,
      report: ({ message }) => this.tell(`report: ${message}`),
    });
    let boot: MetadataBoot | null = null;
    const settings = new BrokerSettings({
      nodeId: 1,
      properties: new Map([
        ['node.id', '1'],
        ['offsets.topic.num.partitions', '2'],
        ['transaction.state.log.num.partitions', '2'],
      ]),
      configOf: resource => (boot?.isLoaded ? configsOf(boot.metadata.image, resource) : undefined),
    });
    const environment = {
      nodeId: 1,
      directoryId: directory.directoryId,
      settings,
      newUuid: () => this.#newUuid(),
    };
    // A power cut may have taken records that were shown before.
    if (this.#isAfterCrash) this.#printedOffset = store.metadataLog().logEndOffset;
    this.#isAfterCrash = false;
    boot = new MetadataBoot({
      directory,
      log: store.metadataLog(),
      environment,
      clock: this.#time,
      report: message => this.tell(`report: ${message}`),
    });
    boot.load();
    const { metadata } = boot;
    const replicas = new Replicas({ store, settings, nodeId: 1 });
    metadata.onChange((changes, whenDurable) => {
      settings.forget(null);
      replicas.changed(metadata.image, changes, whenDurable);
    });
    replicas.start(metadata.image);
    this.#node = { directory, store, boot, replicas, producerIds: new ProducerIds(metadata, 1) };
    boot.register(
      {
        nodeId: 1,
        incarnationId: this.#newUuid(),
        endpoints: [{ name: 'PLAINTEXT', host: 'localhost', port: 9092, securityProtocol: 0 }],
        rack: null,
        directoryId: directory.directoryId,
      },
      { electEveryPartition: directory.kind !== 'new' && !directory.wasCleanShutdown },
    );
  }

  /** A start whose records are not what the transcript is about. */
  startQuietly(): void {
    this.start();
    this.#printedOffset = this.#running.store.metadataLog().logEndOffset;
  }

  async stop(): Promise<void> {
    const { boot, store } = this.#running;
    const brokerEpoch = boot.fence();
    this.#collectRecords();
    let isClosed = false;
    const closed = store.close({ clean: true, brokerEpoch }).then(() => {
      isClosed = true;
    });
    while (!isClosed) await this.#turn();
    await closed;
    this.#node = null;
    this.say(`stopped, broker epoch ${brokerEpoch}`);
  }

  /** The machine loses power: only what was synced is left. */
  crash(): void {
    this.#collectRecords();
    this.#node = null;
    this.#fileSystem = this.#fileSystem.crash({ seed: 1 });
    this.#isHeld = false;
    this.#isAfterCrash = true;
    this.say('crashed');
  }

  holdDisk(): void {
    this.#isHeld = true;
  }

  releaseDisk(): void {
    this.#isHeld = false;
  }

  /** The next sync of the metadata log fails, and with it the log. */
  failNextSync(): void {
    this.#fileSystem.failOn({ operation: 'sync', code: 'EIO', path: '__cluster_metadata' });
  }

  async takeOutput(): Promise<string[]> {
    for (let turn = 0; turn < SETTLE_TURNS; turn++) await this.#turn();
    this.#collectRecords();
    const said = this.#said;
    this.#said = [];
    return said;
  }

  async #turn(): Promise<void> {
    await new Promise(resolve => setImmediate(resolve));
    if (!this.#isHeld) while (this.#fileSystem.pendingSyncs > 0) this.#fileSystem.finishSync();
  }

  get #running(): Node {
    if (this.#node === null) throw new Error('the node does not run');
    return this.#node;
  }

  #collectRecords(): void {
    if (this.#node === null) return;
    const log = this.#node.store.metadataLog();
    for (const line of recordsFrom(log, this.#printedOffset)) this.tell(line);
    this.#printedOffset = log.logEndOffset;
  }

  #newUuid(): string {
    const bytes = Buffer.alloc(16);
    this.#uuids += 1;
    bytes.writeUInt32BE(this.#uuids, 0);
    bytes.writeUInt32BE(this.#uuids, 12);
    const uuid = bytes.toString('base64url');
    this.#names.set(uuid, `<${this.#uuids}>`);
    return uuid;
  }

  #readable(line: string): string {
    // Directories that are set aside get a random name.
    let readable = line.replace(/\.[0-9a-f]{32}-/g, '.<random>-');
    for (const [uuid, name] of this.#names) readable = readable.replaceAll(uuid, name);
    return readable;
  }
}

function recordsFrom(log: PartitionLog, fromOffset: number): string[] {
  const lines: string[] = [];
  const controlNames = new Map(Object.entries(ControlType).map(([name, type]) => [type as number, name]));
  const state = {
    replay: (record: MetadataRecord, { offset }: { offset: number }) => {
      lines.push(`${offset} ${record.type} v${record.version} ${fieldsOf(record.data)}`.trimEnd());
    },
    replayControl: ({ type }: { type: number }, { offset }: { offset: number }) => {
      lines.push(`${offset} ${controlNames.get(type)}`);
    },
  };
  replayLog({ log, codec: metadataRecordCodec, state, fromOffset, isolation: 'log_end' });
  return lines;
}

/** Fields that say something: no nulls, no empty lists, no features of the program. */
function fieldsOf(data: object): string {
  const shown: string[] = [];
  for (const [name, value] of Object.entries(data)) {
    if (value === null || name === 'features' || (Array.isArray(value) && value.length === 0)) continue;
    if (name === 'endPoints') continue;
    shown.push(`${name}=${textOf(value)}`);
  }
  return shown.join(' ');
}

/** Bytes in hex, the parts of a struct between slashes. */
function textOf(value: unknown): string {
  if (Buffer.isBuffer(value)) return value.toString('hex');
  if (Array.isArray(value)) return `[${value.map(textOf).join(',')}]`;
  if (value !== null && typeof value === 'object') return Object.values(value).map(textOf).join('/');
  return String(value);
}
