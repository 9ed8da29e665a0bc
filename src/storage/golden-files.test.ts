// Every file of the directories that Apache Kafka made reads as Apache Kafka's own classes read it.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  baseOffset,
  crc,
  lastOffset,
  partitionLeaderEpoch,
  verifyCrc,
} from '../protocol/records/batch-header.ts';
import { checkpointText, readCheckpointLines } from './data-dir/checkpoint-file.ts';
import { takeCleanShutdown, writeCleanShutdown } from './data-dir/clean-shutdown.ts';
import { readMetaProperties } from './data-dir/meta-properties.ts';
import { partitionMetadataText, readPartitionMetadata } from './data-dir/partition-metadata.ts';
import { readQuorumState, writeQuorumState } from './data-dir/quorum-state.ts';
import { FileCache } from './fs/file-cache.ts';
import type { MemoryFileSystem } from './fs/memory.ts';
import { readTextFile, readWholeFile } from './fs/whole-file.ts';
import { BatchCursor } from './log/batch-cursor.ts';
import { LeaderEpochs, readLeaderEpochs } from './log/leader-epochs.ts';
import { OffsetIndex } from './log/offset-index.ts';
import { decodeProducerSnapshot, encodeProducerSnapshot } from './log/producer-snapshot.ts';
import { TimeIndex } from './log/time-index.ts';
import { decodeAbortedTransactions, encodeAbortedTransactions } from './log/transaction-index.ts';
import { GOLDEN_TREES, type GoldenFile, goldenDisk, goldenExpectation } from './test-support/golden-disk.ts';

function baseOffsetOf(path: string): number {
  return Number(/(\d{20})\.\w+$/.exec(path)![1]);
}

function checkBatches(disk: MemoryFileSystem, path: string, expected: GoldenFile): void {
  const file = disk.open(path, 'read');
  const cursor = new BatchCursor({ bufferBytes: 256, wholeBatches: true });
  cursor.start(file, 0, expected.validBytes ?? expected.bytes);
  for (const batch of expected.batches!) {
    assert.equal(cursor.next(), 'batch', path);
    const { buffer, at } = cursor;
    assert.deepEqual(
      [
        baseOffset(buffer, at),
        lastOffset(buffer, at),
        cursor.sizeInBytes,
        partitionLeaderEpoch(buffer, at),
        crc(buffer, at),
      ],
      [batch.baseOffset, batch.lastOffset, batch.sizeInBytes, batch.partitionLeaderEpoch, batch.crc],
      path,
    );
    assert.ok(verifyCrc(buffer, at), path);
  }
  assert.equal(cursor.next(), 'end', path);
}

function checkOffsetIndex(disk: MemoryFileSystem, path: string, expected: GoldenFile): void {
  const index = new OffsetIndex(new FileCache(disk).file(path), baseOffsetOf(path));
  const entries = Array.from({ length: index.count }, (_, at) => [index.offsetAt(at), index.positionAt(at)]);
  assert.deepEqual(entries, expected.offsetPosition, path);
  assert.ok(index.isSane(2 ** 31), path);
  for (const [offset, position] of expected.offsetPosition!) {
    assert.equal(index.positionFor(offset), position);
    assert.equal(index.positionFor(offset + 1) >= position, true);
  }
}

function checkTimeIndex(disk: MemoryFileSystem, path: string, expected: GoldenFile): void {
  const index = new TimeIndex(new FileCache(disk).file(path), baseOffsetOf(path));
  const entries = Array.from({ length: index.count }, (_, at) => [index.timestampAt(at), index.offsetAt(at)]);
  assert.deepEqual(entries, expected.timestampOffset, path);
  assert.ok(index.isSane(), path);
}

function checkTransactionIndex(disk: MemoryFileSystem, path: string, expected: GoldenFile): void {
  const bytes = readWholeFile(disk, path)!;
  const entries = decodeAbortedTransactions(bytes);
  assert.deepEqual(
    entries.map(entry => ({ version: 0, ...entry, producerId: Number(entry.producerId) })),
    expected.abortedTxns,
    path,
  );
  assert.deepEqual(encodeAbortedTransactions(entries), bytes, path);
}

function checkSnapshot(disk: MemoryFileSystem, path: string, expected: GoldenFile): void {
  const bytes = readWholeFile(disk, path)!;
  const entries = decodeProducerSnapshot(bytes);
  assert.ok(Array.isArray(entries), path);
  assert.deepEqual(
    entries.map(entry => [
      Number(entry.producerId),
      entry.producerEpoch,
      entry.coordinatorEpoch,
      entry.lastTimestamp,
      entry.currentTransactionFirstOffset,
      entry.batches.map(batch => [
        batch.lastSequence,
        batch.lastOffset - batch.offsetDelta,
        batch.lastOffset,
        batch.timestamp,
      ]),
    ]),
    expected.producers!.map(producer => [
      producer.producerId,
      producer.producerEpoch,
      producer.coordinatorEpoch,
      producer.lastTimestamp,
      producer.currentTxnFirstOffset,
      producer.batches.map(batch => [batch.lastSeq, batch.firstOffset, batch.lastOffset, batch.timestamp]),
    ]),
    path,
  );
  assert.deepEqual(encodeProducerSnapshot(entries, entries.length), bytes, path);
}

function checkText(disk: MemoryFileSystem, path: string): void {
  const text = readTextFile(disk, path)!;
  const directory = path.slice(0, path.lastIndexOf('/'));
  const name = path.slice(directory.length + 1);
  if (name === 'leader-epoch-checkpoint') {
    const { epochs, malformed } = readLeaderEpochs(disk, directory);
    assert.equal(malformed, null);
    const copy = new LeaderEpochs(epochs.entries());
    copy.save(disk, directory, { isNew: true });
    assert.equal(readTextFile(disk, path), text);
  } else if (name.endsWith('-checkpoint')) {
    const { lines, malformed } = readCheckpointLines(disk, path);
    assert.equal(malformed, null);
    if (text !== '') assert.equal(checkpointText(lines), text);
  } else if (name === 'partition.metadata') {
    assert.equal(partitionMetadataText(readPartitionMetadata(disk, directory)!.topicId), text);
  } else if (name === 'quorum-state') {
    writeQuorumState(disk, directory, readQuorumState(disk, directory)!);
    assert.equal(readTextFile(disk, path), text);
  } else if (name === 'meta.properties') {
    const { version, clusterId, nodeId, directoryId } = readMetaProperties(disk, directory)!;
    const lines = [
      `version=${version}`,
      `cluster.id=${clusterId}`,
      `node.id=${nodeId}`,
      `directory.id=${directoryId}`,
    ];
    assert.deepEqual(
      lines.sort(),
      text
        .trim()
        .split('\n')
        .filter(line => !line.startsWith('#'))
        .sort(),
    );
  } else if (name === '.kafka_cleanshutdown') {
    const taken = takeCleanShutdown(disk, directory)!;
    writeCleanShutdown(disk, directory, taken.brokerEpoch);
    assert.equal(readTextFile(disk, path), text);
  } else assert.equal(text, '', `${path}: nobody reads it`);
}

for (const tree of GOLDEN_TREES) {
  describe(`the files of ${tree}`, () => {
    const disk = goldenDisk(tree);
    const { files } = goldenExpectation(tree);
    for (const [name, expected] of Object.entries(files)) {
      const path = `/data/${name}`;
      if (expected.batches !== undefined) it(name, () => checkBatches(disk, path, expected));
      else if (expected.offsetPosition !== undefined) it(name, () => checkOffsetIndex(disk, path, expected));
      else if (expected.timestampOffset !== undefined) it(name, () => checkTimeIndex(disk, path, expected));
      else if (expected.abortedTxns !== undefined)
        it(name, () => checkTransactionIndex(disk, path, expected));
      else if (expected.producers !== undefined) it(name, () => checkSnapshot(disk, path, expected));
      else if (expected.text !== undefined) it(name, () => checkText(disk, path));
    }
  });
}
