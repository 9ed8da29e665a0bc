// Snapshots that Apache Kafka wrote in the middle of a log, against ours of the same log up to there: the same records,
// in the same versions.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadGoldenDisk } from '../../../test/support/golden-disk.ts';
import * as header from '../../protocol/records/batch-header.ts';
import { scanBatches } from '../../protocol/records/batch-scan.ts';
import { readRecords } from '../../protocol/records/read-records.ts';
import { DataDirectory } from '../../storage/data-dir/data-directory.ts';
import { readWholeFile } from '../../storage/fs/whole-file.ts';
import { replayBatches } from '../runtime/log-replay.ts';
import { imageRecords } from './image-records.ts';
import { metadataRecordCodec } from './metadata-record.ts';
import { MetadataState } from './metadata-state.ts';

/** Type, version and fields as text. A registration names its features in the order of a Java hash map. */
function textOf(value: Buffer): string {
  const record = metadataRecordCodec.decode(null, value)!;
  if (record.type === 'RegisterBrokerRecord')
    record.data.features.sort((one, other) => (one.name < other.name ? -1 : 1));
  return JSON.stringify(record, (_name, field) => (typeof field === 'bigint' ? String(field) : field));
}

/** Every record of the data batches. */
function recordsIn(batches: Buffer): string[] {
  return scanBatches(batches).batches.flatMap(({ position, sizeInBytes }) => {
    const batch = batches.subarray(position, position + sizeInBytes);
    if (header.isControl(batch, 0)) return [];
    return [...readRecords(batch)].map(({ value }) => textOf(value!));
  });
}

/** The log below an offset. */
function logBelow(log: Buffer, endOffset: number): Buffer {
  const { batches } = scanBatches(log);
  const first = batches.find(({ position }) => header.baseOffset(log, position) >= endOffset);
  return log.subarray(0, first?.position ?? log.length);
}

describe('the records of an image', () => {
  for (const tree of ['rich-standalone', 'rich-static'] as const) {
    it(`${tree}: what Apache Kafka's snapshot holds`, () => {
      const fileSystem = loadGoldenDisk(tree, { onlyPartition: '__cluster_metadata-0' });
      const directory = DataDirectory.open({ fileSystem, path: '/data', nodeId: 1 });
      const snapshot = directory.metadataSnapshots().at(-1)!;
      assert.ok(snapshot.endOffset > 0);
      const log = readWholeFile(fileSystem, `${directory.metadataPath}/00000000000000000000.log`)!;
      const state = new MetadataState();
      replayBatches(logBelow(log, snapshot.endOffset), { codec: metadataRecordCodec, state, fromOffset: 0 });
      assert.equal(state.image.lastOffset, snapshot.endOffset - 1);
      const ours = [...imageRecords(state.image)].map(each =>
        textOf(metadataRecordCodec.encode(each).value!),
      );
      const theirs = recordsIn(directory.readMetadataSnapshot(snapshot));
      assert.deepEqual(ours.toSorted(), theirs.toSorted());
      const typesOf = (records: readonly string[]) => [...new Set(records.map(each => each.slice(0, 20)))];
      assert.deepEqual(typesOf(ours), typesOf(theirs), 'nouns in the same order');
    });
  }
});
