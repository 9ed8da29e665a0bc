// Directories that must not be led: what a person is told, and that nothing was written.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadGoldenDisk } from '../../../test/support/golden-disk.ts';
import { buildBatch } from '../../protocol/records/build-batch.ts';
import { buildControlBatch } from '../../protocol/records/control-records.ts';
import { DataDirectory } from '../../storage/data-dir/data-directory.ts';
import type { MemoryFileSystem } from '../../storage/fs/memory.ts';
import { LogStore } from '../../storage/log/log-store.ts';
import { BrokerSettings } from '../config/settings.ts';
import { ManualTime } from '../runtime/clock.ts';
import { newUuid } from '../runtime/uuids.ts';
import { MetadataBoot } from './boot.ts';
import { type MetadataRecord, metadataRecordCodec, record } from './metadata-record.ts';
import { leaderChange, selfAsVoter, votersRecord } from './quorum.ts';

const UNKNOWN_TYPE = Buffer.from([1, 99, 0, 0]);

function bootAfter(
  change: (append: (batch: Buffer) => void) => void,
  fileSystem = loadGoldenDisk('rich-standalone', { onlyPartition: '__cluster_metadata-0' }),
): {
  boot: MetadataBoot;
  logEndOffset: () => number;
} {
  const time = new ManualTime();
  const directory = DataDirectory.open({ fileSystem, path: '/data', nodeId: 1 });
  const report = () => {};
  const store = LogStore.open({
    fileSystem,
    directory,
    durability: 'always',
    clock: time,
    timers: time,
    report,
  });
  const log = store.metadataLog();
  change(batch => void log.append(batch, { leaderEpoch: 1, origin: 'coordinator' }));
  const environment = {
    nodeId: 1,
    directoryId: directory.directoryId,
    settings: new BrokerSettings({ nodeId: 1, properties: new Map() }),
    newUuid,
  };
  const boot = new MetadataBoot({ directory, log, environment, clock: time, report });
  return { boot, logEndOffset: () => log.logEndOffset };
}

/** What `kafka-storage format --standalone` left, before any start. */
function onlyFormatted(): MemoryFileSystem {
  const fileSystem = loadGoldenDisk('rich-standalone', { onlyPartition: '__cluster_metadata-0' });
  const folder = '/data/__cluster_metadata-0';
  for (const { name } of fileSystem.list(folder)) {
    if (name !== '00000000000000000000-0000000000.checkpoint') fileSystem.remove(`${folder}/${name}`);
  }
  return fileSystem;
}

function batchOf(value: Buffer): Buffer {
  return buildBatch({ records: [{ key: null, value, timestamp: 0 }] });
}

function encoded(written: MetadataRecord): Buffer {
  return batchOf(metadataRecordCodec.encode(written).value!);
}

describe('MetadataBoot', () => {
  const refusals: [string, (append: (batch: Buffer) => void) => void, RegExp][] = [
    ['a record of an unknown type', append => append(batchOf(UNKNOWN_TYPE)), /unknown type 99.*newer Kafka/],
    [
      'a feature level above ours',
      append => append(encoded(record('FeatureLevelRecord', { name: 'metadata.version', featureLevel: 99 }))),
      /metadata\.version to level 99.*newer Kafka/,
    ],
    [
      'a topic that is created twice',
      append => append(encoded(record('TopicRecord', { name: 'codecs', topicId: newUuid() }))),
      /creates the topic codecs twice.*backup/,
    ],
    [
      'a quorum of several nodes',
      append => {
        const voters = [1, 2, 3].map(nodeId => selfAsVoter({ nodeId, directoryId: newUuid() }));
        append(buildControlBatch({ records: [votersRecord(voters)], timestamp: 0 }));
      },
      /quorum of the nodes 1, 2, 3/,
    ],
  ];
  for (const [what, change, told] of refusals) {
    it(`refuses ${what}, and writes nothing`, () => {
      const { boot, logEndOffset } = bootAfter(change);
      const before = logEndOffset();
      assert.throws(() => boot.load(), { name: 'DataDirectoryError', message: told });
      assert.equal(logEndOffset(), before);
    });
  }

  it('leads a log whose only voter it is', () => {
    const { boot } = bootAfter(() => {});
    boot.load();
    assert.equal(boot.isLoaded, true);
  });

  it('takes kraft.version from the control record alone', () => {
    const fileSystem = loadGoldenDisk('rich-static', { onlyPartition: '__cluster_metadata-0' });
    const { boot } = bootAfter(
      append => append(encoded(record('FeatureLevelRecord', { name: 'kraft.version', featureLevel: 1 }))),
      fileSystem,
    );
    boot.load();
    assert.equal(boot.metadata.image.features.has('kraft.version'), false);
    assert.deepEqual(boot.quorum().voters, []);
  });

  it('goes on from a first start that was cut off behind its first record', () => {
    const fileSystem = onlyFormatted();
    const { boot } = bootAfter(append => {
      append(buildControlBatch({ records: [leaderChange(1)], timestamp: 0 }));
    }, fileSystem);
    boot.load();
    assert.equal(boot.metadata.image.features.get('metadata.version'), 30);
  });

  it('goes on from a directory that Apache Kafka formatted and never started', () => {
    const fileSystem = onlyFormatted();
    const { boot } = bootAfter(() => {}, fileSystem);
    boot.load();
    const { features, configs } = boot.metadata.image;
    assert.deepEqual(Object.fromEntries(features), {
      'eligible.leader.replicas.version': 1,
      'group.version': 1,
      'kraft.version': 1,
      'metadata.version': 30,
      'share.version': 1,
      'streams.version': 1,
      'transaction.version': 2,
    });
    assert.deepEqual(
      [...configs.values()].map(values => [...values]),
      [[['min.insync.replicas', '1']]],
    );
  });
});
