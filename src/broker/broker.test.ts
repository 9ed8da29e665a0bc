// A whole broker over a disk in memory: what it acknowledged is there after a stop, after a crash, and after a crash in
// the middle of anything.

import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { loadGoldenDisk } from '../../test/support/golden-disk.ts';
import { batchOf, produceTo } from '../../test/support/raw-client.ts';
import { RawConnection } from '../../test/support/raw-connection.ts';
import { CreateTopics } from '../protocol/messages/apis/create-topics.ts';
import { DeleteTopics } from '../protocol/messages/apis/delete-topics.ts';
import { Metadata } from '../protocol/messages/apis/metadata.ts';
import { MemoryFileSystem } from '../storage/fs/memory.ts';
import { Broker } from './broker.ts';
import { ManualTime, systemTimers } from './runtime/clock.ts';

const NO_ID = 'AAAAAAAAAAAAAAAAAAAAAA';
/** Not every operation, for the sake of the time; which ones, moves with every change of the code. */
const CUT_STRIDE = 4;

async function start(
  fileSystem: MemoryFileSystem,
  options: { nowMs?: number; reports?: string[] } = {},
): Promise<Broker> {
  return Broker.start({
    fileSystem,
    dataPath: '/data',
    properties: new Map([['listeners', 'PLAINTEXT://127.0.0.1:0']]),
    profile: 'dev',
    clusterId: null,
    durability: 'always',
    report: message => options.reports?.push(message),
    ...(options.nowMs === undefined ? {} : { clock: new ManualTime(options.nowMs), timers: systemTimers }),
  });
}

async function connectable(context: TestContext): Promise<Broker> {
  const broker = await start(new MemoryFileSystem());
  context.after(() => broker.stop());
  return broker;
}

async function connect(context: TestContext, broker: Broker): Promise<RawConnection> {
  const connection = await RawConnection.open(broker.listeners[0]!.port);
  context.after(() => connection.close());
  return connection;
}

function newTopic(name: string, numPartitions = 1) {
  return {
    name,
    numPartitions,
    replicationFactor: 1,
    assignments: [],
    configs: [{ name: 'retention.ms', value: '5000' }],
  };
}

async function create(connection: RawConnection, ...topics: ReturnType<typeof newTopic>[]): Promise<void> {
  const answer = await connection.request(CreateTopics, 7, { topics, timeoutMs: 1_000, validateOnly: false });
  for (const { name, errorCode } of answer.topics) assert.equal(errorCode, 0, name);
}

async function remove(connection: RawConnection, name: string): Promise<void> {
  const body = { topics: [{ name, topicId: NO_ID }], topicNames: [], timeoutMs: 1_000 };
  const { responses } = await connection.request(DeleteTopics, 6, body);
  assert.equal(responses[0]?.errorCode, 0, name);
}

async function topicsOf(connection: RawConnection) {
  const { topics } = await connection.request(Metadata, 12, {
    topics: null,
    allowAutoTopicCreation: false,
    includeTopicAuthorizedOperations: false,
  });
  return topics.map(({ name, topicId, partitions }) => ({ name, topicId, partitions: partitions.length }));
}

describe('Broker', () => {
  it('keeps everything over a stop', async context => {
    const fileSystem = new MemoryFileSystem();
    const first = await start(fileSystem);
    const connection = await connect(context, first);
    await create(connection, newTopic('orders', 3), newTopic('payments'));
    const topics = await topicsOf(connection);
    await first.stop();
    const second = await start(fileSystem);
    assert.deepEqual(second.identity, first.identity);
    assert.deepEqual(await topicsOf(await connect(context, second)), topics);
    await second.stop();
  });

  it('keeps the records of a topic that was deleted and made again, at every start', async context => {
    const fileSystem = new MemoryFileSystem();
    const first = await start(fileSystem);
    const connection = await connect(context, first);
    for (const value of ['old', 'new']) {
      await create(connection, newTopic('orders'));
      assert.equal(
        (await produceTo(connection, { topic: 'orders', records: batchOf([value]) })).errorCode,
        0,
      );
      if (value === 'old') await remove(connection, 'orders');
    }
    await first.stop();
    for (const _ of ['second', 'third']) {
      const again = await start(fileSystem);
      const log = again.node.partitions.log('orders', 0);
      const seen = [log?.isClosed, log?.logEndOffset];
      await again.stop();
      assert.deepEqual(seen, [false, 1]);
    }
  });

  it('leaves a directory that says it was closed cleanly, and takes the word away at the next start', async () => {
    const fileSystem = new MemoryFileSystem();
    const broker = await start(fileSystem);
    assert.equal(fileSystem.stat('/data/.kafka_cleanshutdown'), null);
    await broker.stop();
    assert.notEqual(fileSystem.stat('/data/.kafka_cleanshutdown'), null);
    assert.equal(fileSystem.stat('/data/.lock'), null);
    const again = await start(fileSystem);
    assert.equal(fileSystem.stat('/data/.kafka_cleanshutdown'), null);
    await again.stop();
  });

  it('says that a port is taken before it touches the data directory', async context => {
    const { port } = (await connectable(context)).listeners[0]!;
    const fileSystem = new MemoryFileSystem();
    const taken = Broker.start({
      fileSystem,
      dataPath: '/data',
      properties: new Map([['listeners', `PLAINTEXT://127.0.0.1:${port}`]]),
      profile: 'dev',
      clusterId: null,
      durability: 'always',
      report: () => {},
    });
    await assert.rejects(taken, { name: 'ListenError' });
    assert.equal(fileSystem.stat('/data'), null);
  });

  it('stops once, however often it is asked', async () => {
    const broker = await start(new MemoryFileSystem());
    await Promise.all([broker.stop(), broker.stop()]);
  });

  it('is refused a directory that another broker has open', async () => {
    const fileSystem = new MemoryFileSystem();
    const broker = await start(fileSystem);
    const other = Broker.start({
      fileSystem,
      dataPath: '/data',
      properties: new Map([
        ['listeners', 'PLAINTEXT://127.0.0.1:0'],
        ['node.id', '2'],
      ]),
      profile: 'dev',
      clusterId: null,
      durability: 'always',
      report: () => {},
    });
    await assert.rejects(other, { name: 'DataDirectoryError' });
    await broker.stop();
  });

  for (const seed of [1, 2, 3, 4, 5]) {
    it(`has every acknowledged topic after a power cut (seed ${seed})`, async context => {
      const fileSystem = new MemoryFileSystem();
      const broker = await start(fileSystem);
      const connection = await connect(context, broker);
      await create(connection, newTopic('kept', 2));
      await create(connection, newTopic('removed'));
      const names = [{ name: 'removed', topicId: NO_ID }];
      await connection.request(DeleteTopics, 6, { topics: names, timeoutMs: 1_000 });
      await create(connection, newTopic('late'));
      const acknowledged = await topicsOf(connection);
      // Asked for, and not yet answered when the power goes.
      connection.send(CreateTopics, 7, {
        topics: [newTopic('perhaps')],
        timeoutMs: 1_000,
        validateOnly: false,
      });
      const survivor = fileSystem.crash({ seed });
      const restarted = await start(survivor);
      const found = await topicsOf(await connect(context, restarted));
      assert.deepEqual(
        found.filter(({ name }) => name !== 'perhaps'),
        acknowledged,
      );
      await restarted.stop();
      await broker.stop();
    });
  }

  it('has every acknowledged topic, and no deleted one, after a power cut at any operation of the disk', async context => {
    for (let cutAt = 1; ; cutAt += CUT_STRIDE) {
      const cut = await cutPowerAt(context, cutAt);
      if (cut === null) {
        assert.ok(cutAt > 50, 'the conversation is long enough to be cut in many places');
        break;
      }
      const restarted = await start(cut.survivor);
      const found = new Set((await topicsOf(await connect(context, restarted))).map(({ name }) => name));
      for (const name of cut.created)
        assert.ok(found.has(name), `${name} is gone after a cut at operation ${cutAt}`);
      for (const name of cut.written) {
        const log = restarted.node.partitions.log(name, 0);
        assert.equal(log?.logEndOffset, 1, `the record of ${name} is gone after a cut at operation ${cutAt}`);
      }
      for (const name of cut.deleted)
        assert.ok(!found.has(name), `${name} is back after a cut at operation ${cutAt}`);
      await restarted.stop();
    }
  });

  it('starts over a power cut at any operation of its first start', async () => {
    for (let cutAt = 1; ; cutAt++) {
      const fileSystem = new MemoryFileSystem();
      let survivor: MemoryFileSystem | null = null;
      fileSystem.onOperation = () => {
        if (fileSystem.operations === cutAt) survivor = fileSystem.crash({ seed: cutAt });
      };
      const broker = await start(fileSystem);
      fileSystem.onOperation = null;
      await broker.stop();
      if (survivor === null) break;
      const restarted = await start(survivor);
      const { features } = restarted.node.metadata.image;
      assert.deepEqual(
        Object.fromEntries(features),
        { 'group.version': 1, 'kraft.version': 1, 'metadata.version': 25, 'transaction.version': 2 },
        `after a cut at operation ${cutAt}`,
      );
      await restarted.stop();
    }
  });

  it('opens a directory that Apache Kafka closed, leads its partitions, and stays in its cluster', async context => {
    const reports: string[] = [];
    const broker = await start(loadGoldenDisk('clean-static'), { nowMs: 1_795_523_000_000, reports });
    const topics = await topicsOf(await connect(context, broker));
    assert.deepEqual(
      topics.map(({ name, partitions }) => `${name}:${partitions}`),
      ['__consumer_offsets:4', 'empty:1', 'orders:2'],
    );
    await broker.stop();
    assert.deepEqual(reports, []);
  });
});

interface PowerCut {
  readonly survivor: MemoryFileSystem;
  /** Topics that must be there, topics that must have their record, topics that must be gone. */
  readonly created: readonly string[];
  readonly written: readonly string[];
  readonly deleted: readonly string[];
}

/** What a power cut leaves at one operation of the disk, and what had been acknowledged by then; null: it was too late. */
async function cutPowerAt(context: TestContext, cutAt: number): Promise<PowerCut | null> {
  const fileSystem = new MemoryFileSystem();
  const broker = await start(fileSystem);
  const connection = await connect(context, broker);
  const created = new Set<string>();
  const written = new Set<string>();
  const deleted = new Set<string>();
  let cut: PowerCut | null = null;
  const first = fileSystem.operations;
  fileSystem.onOperation = () => {
    if (fileSystem.operations - first !== cutAt) return;
    const survivor = fileSystem.crash({ seed: cutAt });
    cut = { survivor, created: [...created], written: [...written], deleted: [...deleted] };
  };
  for (let index = 0; index < 6; index++) {
    const name = `topic-${index}`;
    await create(connection, newTopic(name));
    created.add(name);
    const { errorCode } = await produceTo(connection, { topic: name, records: batchOf(['a record']) });
    assert.equal(errorCode, 0);
    written.add(name);
    if (index % 3 !== 2) continue;
    const gone = `topic-${index - 1}`;
    // From here on it may be gone, and once acknowledged it must be.
    created.delete(gone);
    written.delete(gone);
    await connection.request(DeleteTopics, 6, { topics: [{ name: gone, topicId: NO_ID }], timeoutMs: 1_000 });
    deleted.add(gone);
  }
  fileSystem.onOperation = null;
  connection.close();
  await broker.stop();
  return cut;
}
