// Snapshots of a living metadata log over a disk that forgets: when they are written, what is given up for them, and what
// a power cut at any operation of the disk leaves. More by hand: SNAPSHOT_SEEDS=100.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DataDirectory } from '../../storage/data-dir/data-directory.ts';
import { MemoryFileSystem } from '../../storage/fs/memory.ts';
import { DEFAULT_LOG_SETTINGS } from '../../storage/log/log-settings.ts';
import { LogStore } from '../../storage/log/log-store.ts';
import { BrokerSettings } from '../config/settings.ts';
import { ManualTime } from '../runtime/clock.ts';
import { MetadataBoot } from './boot.ts';
import { configsOf } from './configs.ts';
import { ZERO_UUID } from './image.ts';
import type { Metadata } from './metadata.ts';
import type { SnapshotGenerator, SnapshotSettings } from './snapshot-generator.ts';

const SEEDS = Number(process.env['SNAPSHOT_SEEDS'] ?? 3);
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const AS_APACHE_KAFKA: SnapshotSettings = {
  recordBytesMax: 20 * 1024 * 1024,
  intervalMs: HOUR_MS,
  retentionBytes: 100 * 1024 * 1024,
  retentionMs: 7 * DAY_MS,
};
/** Every few topics a snapshot, and as little as possible kept. */
const EAGER: SnapshotSettings = {
  recordBytesMax: 600,
  intervalMs: 0,
  retentionBytes: 0,
  retentionMs: -1,
};
const FOLDER = '/data/__cluster_metadata-0';

let uuids = 0;

/** Never the same one again, whichever node asks. */
function newUuid(): string {
  uuids += 1;
  const bytes = Buffer.alloc(16, 7);
  bytes.writeUInt32BE(uuids, 12);
  return bytes.toString('base64url');
}

/** A node's metadata, nothing else of it. */
class Node {
  readonly fileSystem: MemoryFileSystem;
  readonly time: ManualTime;
  readonly reports: string[] = [];
  readonly metadata: Metadata;
  readonly #store: LogStore;
  readonly #generator: SnapshotGenerator;
  #deferred: (() => void)[] = [];

  constructor(
    settings: SnapshotSettings,
    fileSystem = new MemoryFileSystem({ manualSyncs: true }),
    time = new ManualTime(),
  ) {
    this.fileSystem = fileSystem;
    this.time = time;
    const directory = DataDirectory.open({
      fileSystem,
      path: '/data',
      nodeId: 1,
      newUuid,
      processes: { pid: 1, isAlive: () => false, wait: () => {} },
    });
    const defer = (callback: () => void): void => void this.#deferred.push(callback);
    this.#store = LogStore.open({
      fileSystem,
      directory,
      durability: 'always',
      clock: time,
      timers: time,
      defer,
      report: ({ message }) => this.reports.push(message),
    });
    const log = this.#store.metadataLog({
      ...DEFAULT_LOG_SETTINGS,
      segmentBytes: 3_000,
      retentionMs: -1,
      retentionBytes: -1,
    });
    const brokerSettings = new BrokerSettings({ nodeId: 1, properties: new Map() });
    const environment = { nodeId: 1, directoryId: directory.directoryId, settings: brokerSettings, newUuid };
    const report = (message: string) => this.reports.push(message);
    const boot = new MetadataBoot({ directory, log, environment, clock: time, report });
    boot.load();
    brokerSettings.readDynamicFrom(resource => configsOf(boot.metadata.image, resource));
    const registration = { nodeId: 1, incarnationId: newUuid(), endpoints: [], rack: null };
    boot.register({ ...registration, directoryId: directory.directoryId }, { electEveryPartition: false });
    this.metadata = boot.metadata;
    this.#generator = boot.startSnapshots({ settings, timers: time, defer });
  }

  createTopic(name: string, isAcknowledged: () => void): void {
    const topic = { name, numPartitions: 3, replicationFactor: 1, configs: [], assignments: [] };
    this.metadata
      .createTopics({ topics: [topic], validateOnly: false }, () => [])
      .whenComplete(([created]) => created?.error.code === 0 && isAcknowledged());
  }

  deleteTopic(name: string, isAcknowledged: () => void): void {
    this.metadata
      .deleteTopics([{ name, topicId: ZERO_UUID }], () => [])
      .whenComplete(([deleted]) => deleted?.error.code === 0 && isAcknowledged());
  }

  /** Turns and syncs until nothing is left to do. */
  settle(): void {
    while (this.#deferred.length > 0 || this.fileSystem.pendingSyncs > 0) {
      for (const callback of this.#deferred.splice(0)) callback();
      if (this.fileSystem.pendingSyncs > 0) this.fileSystem.finishSync();
    }
  }

  get topics(): string[] {
    return [...this.metadata.image.topicsByName.keys()].sort();
  }

  get files(): string[] {
    return this.fileSystem
      .list(FOLDER)
      .map(({ name }) => name)
      .sort();
  }

  /** End offsets, but that of the zero checkpoint. */
  get snapshots(): number[] {
    const names = this.files.filter(name => name.endsWith('.checkpoint'));
    return names.map(name => Number(name.slice(0, 20))).filter(endOffset => endOffset > 0);
  }

  get logStartOffset(): number {
    return this.#store.metadataLog().logStartOffset;
  }

  restart(settings: SnapshotSettings): Node {
    this.#generator.close();
    void this.#store.close({ clean: false, brokerEpoch: -1 });
    return new Node(settings, this.fileSystem, this.time);
  }
}

function fill(node: Node, names: readonly string[]): void {
  for (const name of names) {
    node.createTopic(name, () => {});
    node.settle();
  }
}

const names = (count: number): string[] => Array.from({ length: count }, (_, index) => `topic-${index}`);

describe('snapshots of the metadata', () => {
  it('one after an hour in which something was written, none after one in which nothing was', () => {
    const node = new Node(AS_APACHE_KAFKA);
    fill(node, names(2));
    assert.deepEqual(node.snapshots, []);
    node.time.advance(HOUR_MS);
    node.settle();
    assert.equal(node.snapshots.length, 1);
    node.time.advance(HOUR_MS);
    node.settle();
    assert.equal(node.snapshots.length, 1);
  });

  it('one after so many bytes of records, also counted over a restart', () => {
    const settings = { ...AS_APACHE_KAFKA, recordBytesMax: 2_700 };
    let node = new Node(settings);
    fill(node, names(8));
    assert.deepEqual(node.snapshots, []);
    node = node.restart(settings);
    fill(node, ['more', 'and-more', 'yet-more']);
    assert.equal(node.snapshots.length, 1, String(node.snapshots));
    assert.deepEqual(node.restart(settings).topics, node.topics);
  });

  it('the log before the newest goes when it is too large, segments and older snapshots with it', () => {
    const node = new Node(EAGER);
    fill(node, names(60));
    assert.equal(node.snapshots.length, 1);
    assert.equal(node.logStartOffset, node.snapshots[0]);
    assert.equal(node.files.includes('00000000000000000000.log'), false, String(node.files));
    assert.deepEqual(node.reports, []);
    const again = node.restart(EAGER);
    assert.deepEqual(again.topics, names(60).sort());
    assert.deepEqual(again.reports, []);
  });

  it('the log before the newest goes when the oldest is too old', () => {
    const node = new Node(AS_APACHE_KAFKA);
    for (let day = 0; day < 9; day++) {
      fill(node, [`day-${day}`]);
      node.time.advance(DAY_MS);
      node.settle();
    }
    assert.ok(node.snapshots.length >= 6 && node.snapshots.length <= 8, String(node.snapshots));
    assert.equal(node.logStartOffset, node.snapshots[0]);
    assert.equal(node.restart(AS_APACHE_KAFKA).topics.length, 9);
  });

  it('what an interrupted writer left is removed at the next start', () => {
    const node = new Node(AS_APACHE_KAFKA);
    const leftovers = [
      '00000000000000000077-0000000001.checkpoint.part',
      '00000000000000000011-0000000001.checkpoint.deleted',
    ];
    for (const name of leftovers) node.fileSystem.open(`${FOLDER}/${name}`, 'create').close();
    const again = node.restart(AS_APACHE_KAFKA);
    again.settle();
    assert.deepEqual(
      again.files.filter(name => /\.(part|deleted)$/.test(name)),
      [],
    );
  });

  it('a full disk costs a snapshot, and nothing else', () => {
    const node = new Node(EAGER);
    fill(node, names(1));
    node.fileSystem.failOn({ operation: 'write', code: 'ENOSPC', path: '.checkpoint.part' });
    fill(node, ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']);
    assert.match(node.reports.join(), /could not be written.*ENOSPC.*No data is affected/);
    assert.equal(
      node.files.some(name => name.endsWith('.part')),
      false,
    );
    assert.equal(node.restart(EAGER).topics.length, 9);
  });

  it('a snapshot of what the log does not have is refused', () => {
    const node = new Node(EAGER);
    fill(node, names(20));
    const [newest] = node.files.filter(name => name.endsWith('.checkpoint'));
    const ahead = newest!.replace(/^\d{20}/, '00000000000000009999');
    node.fileSystem.rename(`${FOLDER}/${newest}`, `${FOLDER}/${ahead}`);
    assert.throws(() => node.restart(EAGER), { name: 'DataDirectoryError', message: /does not have/ });
  });
});

describe('a power cut at any operation of the disk', () => {
  for (let seed = 1; seed <= SEEDS; seed++) {
    it(`loses no acknowledged topic, and brings no deleted one back (seed ${seed})`, () => {
      for (let cutAt = 1; ; cutAt++) {
        const { node, isCut, present, absent } = runUntilCut(cutAt, seed);
        const where = `seed ${seed}, cut at operation ${cutAt}`;
        verify(node, { present, absent, where });
        node.settle();
        verify(node, { present, absent, where: `${where}, tidied up` });
        fill(node, ['after-1', 'after-2', 'after-3', 'after-4']);
        const again = node.restart(EAGER);
        verify(again, { present: new Set([...present, 'after-4']), absent, where: `${where}, again` });
        again.settle();
        assert.deepEqual(
          again.files.filter(name => /\.(part|tmp)$/.test(name)),
          [],
          where,
        );
        assert.ok(
          again.snapshots.every(endOffset => endOffset >= again.logStartOffset),
          where,
        );
        assert.deepEqual(
          node.reports.filter(report => /damage|newer|not used/.test(report)),
          [],
          where,
        );
        if (!isCut) {
          assert.ok(cutAt > 150, `only ${cutAt} operations`);
          return;
        }
      }
    });
  }
});

function runUntilCut(cutAt: number, seed: number) {
  const before = new Node(EAGER);
  const present = new Set<string>();
  const absent = new Set<string>();
  let left = cutAt;
  before.fileSystem.onOperation = () => {
    left -= 1;
    if (left <= 0) throw new Error('power cut');
  };
  try {
    for (const name of names(14)) {
      before.createTopic(name, () => present.add(name));
      before.settle();
      const old = name === 'topic-9' ? 'topic-2' : name === 'topic-12' ? 'topic-9' : null;
      if (old === null) continue;
      // Until it is acknowledged it may be there or not.
      present.delete(old);
      before.deleteTopic(old, () => absent.add(old));
      before.settle();
    }
  } catch (error) {
    assert.equal((error as Error).message, 'power cut');
  }
  before.fileSystem.onOperation = null;
  before.fileSystem.kill();
  const node = new Node(EAGER, before.fileSystem.crash({ seed: seed * 1_000 + cutAt }), before.time);
  return { node, isCut: left <= 0, present, absent };
}

function verify(
  node: Node,
  { present, absent, where }: { present: ReadonlySet<string>; absent: ReadonlySet<string>; where: string },
): void {
  const topics = new Set(node.topics);
  for (const name of present) assert.ok(topics.has(name), `${name} is lost: ${where}`);
  for (const name of absent) assert.ok(!topics.has(name), `${name} is back: ${where}`);
}
