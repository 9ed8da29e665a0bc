// A disk that is really full: a small tmpfs under the real program, in npm run test:conformance. Records are refused while
// there is still room for what makes room again; reading, offset commits and deletions go on; once there is room, records
// are taken again, without a restart; kill -9 on the full disk loses nothing that was acknowledged. Then the same with not
// one byte left. Where tmpfs may not be mounted it says why it is skipped.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { DeleteTopics } from '../../src/protocol/messages/apis/delete-topics.ts';
import { FindCoordinator } from '../../src/protocol/messages/apis/find-coordinator.ts';
import { OffsetCommit } from '../../src/protocol/messages/apis/offset-commit.ts';
import * as header from '../../src/protocol/records/batch-header.ts';
import { readRecords } from '../../src/protocol/records/read-records.ts';
import {
  type RunningMillrace,
  removeDirectory,
  startMillrace,
  temporaryDirectory,
} from '../support/millrace-process.ts';
import { batchOf, createTopic, fetchFrom, produceTo } from '../support/raw-client.ts';
import { RawConnection } from '../support/raw-connection.ts';

const DISK_BYTES = 48 * 1024 * 1024;
const VALUE_BYTES = 200 * 1024;
const STORAGE_ERROR = 56;
const PATIENCE_MS = 20_000;

function mount(path: string): string | null {
  const words = ['-t', 'tmpfs', '-o', `size=${DISK_BYTES}`, 'millrace-full-disk', path];
  const { error, status, stderr } = spawnSync('mount', words, { encoding: 'utf8' });
  if (error !== undefined) return 'mount cannot be started';
  return status === 0 ? null : stderr.trim();
}

/** Why it cannot be run here; null when it can. */
function whyNoDisk(): string | null {
  const directory = temporaryDirectory();
  const why = mount(directory);
  if (why === null) spawnSync('umount', [directory]);
  removeDirectory(directory);
  return why;
}

describe('a full disk', { skip: whyNoDisk() ?? false, timeout: 120_000 }, () => {
  const home = temporaryDirectory();
  const disk = join(home, 'disk');
  const ballast = join(disk, 'ballast');
  let broker: RunningMillrace;
  let connection: RawConnection;
  /** Acknowledged values by topic, in order. */
  const acknowledged = new Map<string, string[]>();
  let count = 0;

  async function start(): Promise<void> {
    const words = ['--home', home, '--data', join(disk, 'data'), '--http-port', 'off', '--api-port', 'off'];
    broker = await startMillrace({ directory: home, words });
    connection = await RawConnection.open(Number(broker.ready.broker!.split(':').at(-1)));
    // Makes the topic of offsets, as every consumer does.
    const coordinator = { key: 'group', keyType: 0, coordinatorKeys: [] };
    await until('there is a coordinator', async () => {
      const answer = await connection.request(FindCoordinator, 3, coordinator);
      return answer.errorCode === 0;
    });
  }

  async function makeTopic(name: string): Promise<void> {
    const configs = { 'segment.bytes': '1048576', 'file.delete.delay.ms': '0' };
    await createTopic(connection, { name, configs });
    acknowledged.set(name, []);
  }

  async function produce(topic: string): Promise<number> {
    const value = `${count++} ${'x'.repeat(VALUE_BYTES)}`;
    const { errorCode } = await produceTo(connection, { topic, records: batchOf([value]) });
    if (errorCode === 0) acknowledged.get(topic)!.push(value);
    return errorCode;
  }

  async function fill(topic: string): Promise<void> {
    for (let batch = 0; batch < DISK_BYTES / VALUE_BYTES; batch++) {
      const errorCode = await produce(topic);
      if (errorCode === 0) continue;
      assert.equal(errorCode, STORAGE_ERROR);
      return;
    }
    assert.fail('more was taken than the disk can hold');
  }

  async function readAll(topic: string): Promise<string[]> {
    const values: string[] = [];
    for (let offset = 0; ; ) {
      const fetched = await fetchFrom(connection, { topic, offset, partitionMaxBytes: 8 * 1024 * 1024 });
      assert.equal(fetched.errorCode, 0);
      if (fetched.records === null || fetched.records.length === 0) return values;
      for (let at = 0; at + header.BATCH_OVERHEAD <= fetched.records.length; ) {
        const size = header.sizeInBytes(fetched.records, at);
        if (at + size > fetched.records.length) break;
        const batch = fetched.records.subarray(at, at + size);
        values.push(...readRecords(batch).map(record => String(record.value)));
        offset = header.lastOffset(batch, 0) + 1;
        at += size;
      }
    }
  }

  async function check(): Promise<void> {
    for (const [topic, values] of acknowledged) assert.deepEqual(await readAll(topic), values);
  }

  async function commit(offset: number): Promise<number> {
    const partitions = [{ partitionIndex: 0, committedOffset: offset, committedMetadata: '' }];
    const answer = await connection.request(OffsetCommit, 8, {
      groupId: 'group',
      generationIdOrMemberEpoch: -1,
      memberId: '',
      topics: [{ name: 'kept', partitions }],
    });
    return answer.topics[0]!.partitions[0]!.errorCode;
  }

  async function deleteTopic(name: string): Promise<void> {
    const { responses } = await connection.request(DeleteTopics, 5, {
      topics: [],
      topicNames: [name],
      timeoutMs: 30_000,
    });
    assert.equal(responses[0]!.errorCode, 0);
    acknowledged.delete(name);
  }

  async function takesAgain(): Promise<void> {
    await until('records are taken again', async () => (await produce('kept')) === 0);
  }

  before(async () => {
    mkdirSync(disk);
    assert.equal(mount(disk), null);
    await start();
    await makeTopic('kept');
    await makeTopic('given-up');
  });

  after(async () => {
    await broker?.end('SIGKILL');
    connection?.close();
    spawnSync('umount', [disk]);
    removeDirectory(home);
  });

  it('refuses records while there is a reserve, and reads, commits and deletes all the same', async () => {
    for (let batch = 0; batch < 60; batch++) assert.equal(await produce('given-up'), 0);
    await fill('kept');
    assert.ok(freeBytes(disk) > 2 * 1024 * 1024, `${freeBytes(disk)} bytes were left`);
    assert.equal(await produce('given-up'), STORAGE_ERROR);
    await check();
    assert.equal(await commit(7), 0);
    await deleteTopic('given-up');
    await takesAgain();
    await check();
  });

  it('loses nothing to kill -9 while it is full, and goes on when there is room', async () => {
    await makeTopic('given-up');
    for (let batch = 0; batch < 20; batch++) assert.equal(await produce('given-up'), 0);
    await fill('kept');
    await broker.end('SIGKILL');
    await start();
    await check();
    assert.equal(await produce('kept'), STORAGE_ERROR);
    await deleteTopic('given-up');
    await takesAgain();
    await check();
  });

  it('reads with not one byte left, also after kill -9, and goes on when there is room', async () => {
    fillUp(ballast);
    assert.equal(await produce('kept'), STORAGE_ERROR);
    await check();
    await broker.end('SIGKILL');
    await assert.rejects(start(), /The disk is full: .*Nothing acknowledged is lost/);
    rmSync(ballast);
    await start();
    await takesAgain();
    await check();
    assert.equal((await broker.end('SIGTERM')).exitCode, 0);
    await start();
    await check();
  });
});

function freeBytes(path: string): number {
  const { bavail, bsize } = statfsSync(path);
  return bavail * bsize;
}

function fillUp(path: string): void {
  const file = openSync(path, 'w');
  const block = Buffer.alloc(4096, 1);
  try {
    for (;;) writeSync(file, block);
  } catch (error) {
    assert.equal((error as NodeJS.ErrnoException).code, 'ENOSPC');
  } finally {
    closeSync(file);
  }
}

async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error(`it did not happen: ${what}`);
    await new Promise(done => setTimeout(done, 50));
  }
}
