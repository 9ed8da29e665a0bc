import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MemoryFileSystem } from '../fs/memory.ts';
import { readTextFile, writeWholeFile } from '../fs/whole-file.ts';
import { DataDirectory, DataDirectoryError, type DataDirectoryOptions } from './data-directory.ts';
import { kafkaLockHolder } from './lock.ts';

const CLUSTER = 'Y-t_TjR9Q3GFuYt28wDq8A';

function open(fileSystem: MemoryFileSystem, options: Partial<DataDirectoryOptions> = {}): DataDirectory {
  return DataDirectory.open({
    fileSystem,
    path: '/home/data',
    nodeId: 1,
    defaultClusterId: CLUSTER,
    newUuid: () => 'ORlneusRQn-08naQiicAPA',
    nowMs: () => 0,
    processes: { pid: 10, isAlive: () => false, wait: () => {} },
    ...options,
  });
}

function refusal(reason: DataDirectoryError['reason'], text: RegExp): (error: unknown) => boolean {
  return error => {
    assert.ok(error instanceof DataDirectoryError, String(error));
    assert.equal(error.reason, reason);
    assert.match(error.message, text);
    assert.match(error.message, /--data|node\.id|upgrade/, 'names a way out');
    return true;
  };
}

describe('a data directory', () => {
  it('is made with an identity, and keeps it', () => {
    const disk = new MemoryFileSystem();
    const first = open(disk);
    assert.deepEqual(
      [first.kind, first.clusterId, first.directoryId, first.wasCleanShutdown],
      ['new', CLUSTER, 'ORlneusRQn-08naQiicAPA', false],
    );
    assert.equal(
      readTextFile(disk, '/home/data/meta.properties'),
      `#\n#Thu, 01 Jan 1970 00:00:00 GMT\ncluster.id=${CLUSTER}\ndirectory.id=ORlneusRQn-08naQiicAPA\nnode.id=1\nversion=1\n`,
    );
    first.close();
    const again = open(disk, { defaultClusterId: 'another', newUuid: () => 'another' });
    assert.deepEqual([again.clusterId, again.directoryId], [CLUSTER, 'ORlneusRQn-08naQiicAPA']);
  });

  it('knows who wrote it last, also when that was an Apache Kafka that was killed at once', () => {
    const disk = new MemoryFileSystem();
    const state = { leaderId: 1, leaderEpoch: 4, votedId: -1, votedDirectoryId: 'AAAAAAAAAAAAAAAAAAAAAA' };
    const first = open(disk);
    disk.makeDirectory('/home/data/__cluster_metadata-0');
    first.writeQuorumState(state);
    writeWholeFile(disk, '/home/data/recovery-point-offset-checkpoint', '0\n1\n__cluster_metadata 0 7\n');
    first.close();
    const second = open(disk);
    assert.equal(second.kind, 'millrace');
    second.close();
    // It had no time for a checkpoint of its own.
    const later = JSON.stringify({ ...state, leaderEpoch: 5, data_version: 1 });
    writeWholeFile(disk, '/home/data/__cluster_metadata-0/quorum-state', later);
    assert.equal(open(disk).kind, 'kafka');
  });

  it('reads the properties as Java writes them, and adds a missing directory id', () => {
    const disk = new MemoryFileSystem();
    open(disk).close();
    writeWholeFile(
      disk,
      '/home/data/meta.properties',
      `#\n#Tue Nov 24\nnode.id = 1\r\nversion:1\ncluster.id=a\\=b\n`,
    );
    const directory = open(disk);
    assert.equal(directory.clusterId, 'a=b');
    assert.match(readTextFile(disk, '/home/data/meta.properties')!, /directory\.id=ORlneusRQn-08naQiicAPA/);
  });

  it('of another cluster or node is refused, untouched', () => {
    const disk = new MemoryFileSystem();
    open(disk).close();
    const before = readTextFile(disk, '/home/data/meta.properties');
    assert.throws(
      () => open(disk, { clusterId: 'wanted' }),
      refusal('other-cluster', /belongs to cluster Y-t_.*not to wanted/),
    );
    assert.throws(() => open(disk, { nodeId: 7 }), refusal('other-node', /belongs to node 1, not to node 7/));
    assert.equal(readTextFile(disk, '/home/data/meta.properties'), before);
    assert.equal(disk.stat('/home/data/.millrace-lock'), null);
    assert.equal(open(disk, { clusterId: CLUSTER }).clusterId, CLUSTER);
  });

  it('of a newer format, damaged, or with foreign directories is refused', () => {
    const disk = new MemoryFileSystem();
    open(disk).close();
    writeWholeFile(disk, '/home/data/meta.properties', 'version=2\ncluster.id=x\nnode.id=1\n');
    assert.throws(() => open(disk), refusal('newer-version', /version 2/));
    writeWholeFile(disk, '/home/data/meta.properties', 'version=1\nnode.id=1\n');
    assert.throws(() => open(disk), refusal('damaged', /cluster\.id/));
    disk.remove('/home/data/meta.properties');
    disk.makeDirectory('/home/data/orders-0');
    assert.throws(() => open(disk), refusal('damaged', /holds topic partitions but no meta\.properties/));
    disk.makeDirectory('/home/data/lost+found');
    assert.throws(() => open(disk), refusal('foreign-entry', /"lost\+found"/));
  });

  it('that cannot be written, or is a file, is refused', () => {
    const disk = new MemoryFileSystem();
    disk.makeDirectory('/home');
    disk.failOn({ operation: 'mkdir', code: 'EACCES' });
    assert.throws(() => open(disk), refusal('not-writable', /cannot be made \(EACCES\)/));
    open(disk).close();
    disk.failOn({ operation: 'open', code: 'EROFS', path: '.millrace-lock' });
    assert.throws(() => open(disk), refusal('not-writable', /cannot be written \(EROFS\)/));
    writeWholeFile(disk, '/home/file', '');
    assert.throws(() => open(disk, { path: '/home/file' }), refusal('not-writable', /is a file/));
  });

  it('tells a clean stop once, with its broker epoch', () => {
    const disk = new MemoryFileSystem();
    const first = open(disk);
    first.writeCleanShutdown(13);
    first.close();
    const second = open(disk);
    assert.deepEqual([second.wasCleanShutdown, second.previousBrokerEpoch], [true, 13]);
    second.close();
    const third = open(disk.crash({ seed: 1 }));
    assert.deepEqual([third.wasCleanShutdown, third.previousBrokerEpoch], [false, -1]);
    third.close();
  });

  it('takes an empty marker of an older version as clean', () => {
    const disk = new MemoryFileSystem();
    open(disk).close();
    writeWholeFile(disk, '/home/data/.kafka_cleanshutdown', '');
    const directory = open(disk);
    assert.deepEqual([directory.wasCleanShutdown, directory.previousBrokerEpoch], [true, -1]);
  });
});

describe('the lock', () => {
  const alive = (pid: number): { pid: number; isAlive(other: number): boolean; wait(): void } => ({
    wait: () => {},
    pid,
    isAlive: other => other === 10,
  });

  it('keeps a second process out, and names the first', () => {
    const disk = new MemoryFileSystem();
    const first = open(disk);
    assert.throws(
      () => open(disk, { processes: alive(11) }),
      refusal('locked', /another Millrace \(process 10\)/),
    );
    first.close();
    open(disk, { processes: alive(11) }).close();
  });

  it('left by a process that is gone, or whose id was given to another, does not hold', () => {
    const disk = new MemoryFileSystem();
    open(disk);
    open(disk, { processes: { pid: 11, isAlive: () => false, wait: () => {} } });
    disk.makeDirectory('/proc');
    disk.makeDirectory('/proc/11');
    writeWholeFile(
      disk,
      '/proc/11/stat',
      '11 (some (name) x) S 1 1 1 0 -1 4194560 1 0 0 0 0 0 0 0 20 0 1 0 777 1 1',
    );
    open(disk, { processes: { pid: 12, isAlive: pid => pid === 11, wait: () => {} } });
  });

  it('is given a moment when its holder is just ending, and does not hold once that is a zombie', () => {
    const disk = new MemoryFileSystem();
    open(disk);
    let looks = 0;
    const ending = { pid: 11, isAlive: () => ++looks < 3, wait: () => {} };
    open(disk, { processes: ending });
    assert.equal(looks, 3);
    disk.makeDirectory('/proc');
    disk.makeDirectory('/proc/11');
    writeWholeFile(disk, '/proc/11/stat', '11 (node) Z 1 1 1 0 -1 4194560 1 0 0 0 0 0 0 0 20 0 1 0 777 1 1');
    open(disk, { processes: { pid: 12, isAlive: () => true, wait: () => {} } });
  });

  it('with the same start time holds', () => {
    const disk = new MemoryFileSystem();
    disk.makeDirectory('/proc');
    disk.makeDirectory('/proc/10');
    writeWholeFile(disk, '/proc/10/stat', '10 (node) S 1 1 1 0 -1 4194560 1 0 0 0 0 0 0 0 20 0 1 0 777 1 1');
    open(disk);
    assert.throws(() => open(disk, { processes: alive(12) }), refusal('locked', /process 10/));
  });

  it('of Apache Kafka is found in /proc/locks', () => {
    const locks =
      '1: POSIX  ADVISORY  WRITE 13636 fe:00:9981296 0 EOF\n2: FLOCK  ADVISORY  WRITE 13876 fe:00:9986052 0 EOF\n';
    const device = (0xfe << 8) | 0;
    assert.equal(kafkaLockHolder(locks, { device, inode: 9981296 }), 13636);
    assert.equal(kafkaLockHolder(locks, { device, inode: 9986052 }), null);
    assert.equal(kafkaLockHolder(locks, { device: (0xfd << 8) | 0, inode: 9981296 }), null);
  });
});
