// Directories of a Kafka that is newer than this program: metadata.version 31, in the log, in a snapshot, or only
// formatted. They are refused with a sentence that says so, and not a byte of them is changed.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadGoldenDisk } from '../../../test/support/golden-disk.ts';
import { openTestBroker } from '../../../test/support/test-broker.ts';
import { buildBatch } from '../../protocol/records/build-batch.ts';
import { DataDirectory } from '../../storage/data-dir/data-directory.ts';
import type { MemoryFileSystem } from '../../storage/fs/memory.ts';
import { readWholeFile } from '../../storage/fs/whole-file.ts';
import { LogStore } from '../../storage/log/log-store.ts';
import { ManualTime } from '../runtime/clock.ts';
import { bootstrapCheckpoint } from './bootstrap.ts';
import { type MetadataRecord, metadataRecordCodec, record } from './metadata-record.ts';

const REFUSED =
  'The metadata log in /data cannot be understood: it sets the feature metadata.version to level 31, and this program ' +
  'knows 7 to 30. Nothing was changed. A newer Kafka may have written it: open the directory with that version, or with a ' +
  'newer Millrace.';
const METADATA_PATH = '/data/__cluster_metadata-0';

const raised: MetadataRecord = record('FeatureLevelRecord', { name: 'metadata.version', featureLevel: 31 });

function stoppedTree(): MemoryFileSystem {
  return loadGoldenDisk('rich-standalone');
}

/** As kafka-features --upgrade leaves it, stopped cleanly. */
async function raisedInLog(): Promise<MemoryFileSystem> {
  const fileSystem = stoppedTree();
  const time = new ManualTime();
  const directory = DataDirectory.open({ fileSystem, path: '/data', nodeId: 1 });
  const store = LogStore.open({
    fileSystem,
    directory,
    durability: 'always',
    clock: time,
    timers: time,
    report: () => {},
  });
  const records = [{ ...metadataRecordCodec.encode(raised), timestamp: 0 }];
  store.metadataLog().append(buildBatch({ records }), { leaderEpoch: 1, origin: 'coordinator' });
  store.metadataLog().flushNow();
  await store.close({ clean: true, brokerEpoch: 1 });
  return fileSystem;
}

/** What `kafka-storage format` leaves, before any start. */
function onlyFormatted(): MemoryFileSystem {
  const fileSystem = loadGoldenDisk('rich-standalone', { onlyPartition: '__cluster_metadata-0' });
  for (const { name } of fileSystem.list(METADATA_PATH)) {
    if (name !== '00000000000000000000-0000000000.checkpoint') fileSystem.remove(`${METADATA_PATH}/${name}`);
  }
  fileSystem.remove('/data/bootstrap.checkpoint');
  const file = fileSystem.open('/data/bootstrap.checkpoint', 'create');
  file.write([bootstrapCheckpoint(31, 0)], 0);
  file.close();
  return fileSystem;
}

/** Every file by its path, without the lock, which every start takes. */
function filesIn(fileSystem: MemoryFileSystem, path = '/data'): Map<string, string> {
  const files = new Map<string, string>();
  for (const { name, kind } of fileSystem.list(path)) {
    const below = `${path}/${name}`;
    if (name === '.lock') continue;
    if (kind === 'directory') for (const [file, bytes] of filesIn(fileSystem, below)) files.set(file, bytes);
    else files.set(below, readWholeFile(fileSystem, below)!.toString('base64'));
  }
  return files;
}

describe('a directory of metadata.version 31', () => {
  const trees: readonly [string, () => MemoryFileSystem | Promise<MemoryFileSystem>][] = [
    ['raised while it ran', raisedInLog],
    ['only formatted', onlyFormatted],
  ];
  for (const [what, tree] of trees) {
    it(`${what}: is refused, and untouched`, async context => {
      const fileSystem = await tree();
      const before = filesIn(fileSystem);
      await assert.rejects(openTestBroker(context, { fileSystem }), {
        name: 'DataDirectoryError',
        reason: 'newer-version',
        message: REFUSED,
      });
      const after = filesIn(fileSystem);
      assert.deepEqual([...after.keys()].sort(), [...before.keys()].sort());
      for (const [path, bytes] of before) assert.equal(after.get(path), bytes, path);
    });
  }
});
