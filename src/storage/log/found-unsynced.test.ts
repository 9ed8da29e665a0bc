// A process is killed before it has synced the files of a new partition; the next one finds them in the system's cache,
// takes records, and then the power goes. Whatever it acknowledged rests on those files, too.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readPartitionMetadata } from '../data-dir/partition-metadata.ts';
import { MemoryFileSystem } from '../fs/memory.ts';
import { batchOf, Harness, readAll } from '../test-support/harness.ts';
import { readLeaderEpochs } from './leader-epochs.ts';

const SEEDS = 60;

for (const syncsLater of [false, true]) {
  describe(`files that a killed process left unsynced (${syncsLater ? 'synced side by side' : 'synced at once'})`, () => {
    it('are on disk before anything is acknowledged that needs them', async () => {
      for (let seed = 1; seed <= SEEDS; seed++) {
        const first = new Harness({ fileSystem: new MemoryFileSystem({ manualSyncs: true }) });
        first.log().append(batchOf({ values: ['not acknowledged'] }), { leaderEpoch: 3, origin: 'client' });
        first.turn();
        first.fileSystem.kill();

        const second = new Harness({ fileSystem: first.fileSystem, syncsLater });
        second.log().append(batchOf({ values: ['acknowledged'] }), { leaderEpoch: 3, origin: 'client' });
        second.settleAll();
        const acknowledged = second.log().highWatermark;
        assert.ok(acknowledged >= 1);

        const disk = second.fileSystem.crash({ seed });
        assert.notEqual(readPartitionMetadata(disk, '/data/a-0'), null, `seed ${seed}: partition.metadata`);
        assert.equal(readLeaderEpochs(disk, '/data/a-0').malformed, null, `seed ${seed}: leader epochs`);
        const third = new Harness({ fileSystem: disk });
        assert.equal(readAll(third.log()).length, acknowledged, `seed ${seed}`);
      }
    });
  });
}

describe('a disk that cannot make safe what a killed process left', () => {
  it('ends the start in a sentence, instead of showing shorter logs, and costs nothing', async () => {
    const first = new Harness({ fileSystem: new MemoryFileSystem() });
    first.log().append(batchOf({ values: ['acknowledged'] }), { leaderEpoch: 3, origin: 'client' });
    first.turn();
    await new Promise<void>(done => first.log().whenSynced(done));
    const acknowledged = first.log().highWatermark;
    first.fileSystem.kill();

    first.fileSystem.failOn({ operation: 'syncDirectory', code: 'EIO', path: 'a-0' });
    const second = new Harness({ fileSystem: first.fileSystem, syncsLater: true });
    await assert.rejects(
      second.store.recovered(),
      /^DataDirectoryError: The disk failed while what was found in a-0 was made safe\. .*EIO.* Check the disk/,
    );
    second.fileSystem.kill();

    const third = new Harness({ fileSystem: second.fileSystem, syncsLater: true });
    await third.store.recovered();
    assert.equal(third.log().highWatermark, acknowledged);
  });
});
