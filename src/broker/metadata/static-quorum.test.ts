// kraft.version 0 to 1 on a directory that Apache Kafka formatted with static voters: from then on the voters stand in the
// log, and there is no way back. What Apache Kafka 4.3.1 was seen to answer and write.

import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { loadGoldenDisk } from '../../../test/support/golden-disk.ts';
import type { RawConnection } from '../../../test/support/raw-connection.ts';
import { openTestBroker } from '../../../test/support/test-broker.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import { ApiVersions } from '../../protocol/messages/apis/api-versions.ts';
import { DescribeQuorum } from '../../protocol/messages/apis/describe-quorum.ts';
import { UpdateFeatures } from '../../protocol/messages/apis/update-features.ts';
import type { MemoryFileSystem } from '../../storage/fs/memory.ts';

const [UPGRADE, SAFE_DOWNGRADE] = [1, 2];
const ZERO_ID = 'AAAAAAAAAAAAAAAAAAAAAA';

const open = (context: TestContext, fileSystem: MemoryFileSystem) => openTestBroker(context, { fileSystem });

async function update(connection: RawConnection, level: number, upgradeType: number, validateOnly = false) {
  const { errorCode } = await connection.request(UpdateFeatures, 2, {
    timeoutMs: 5_000,
    validateOnly,
    featureUpdates: [
      { feature: 'kraft.version', maxVersionLevel: level, upgradeType, allowDowngrade: false },
    ],
  });
  return errorCode;
}

async function finalizedLevel(connection: RawConnection): Promise<number> {
  const { finalizedFeatures } = await connection.request(ApiVersions, 4, {
    clientSoftwareName: 'raw',
    clientSoftwareVersion: '1',
  });
  return finalizedFeatures.find(({ name }) => name === 'kraft.version')?.maxVersionLevel ?? 0;
}

async function votersOf(connection: RawConnection) {
  const { topics } = await connection.request(DescribeQuorum, 2, {
    topics: [{ topicName: '__cluster_metadata', partitions: [{ partitionIndex: 0 }] }],
  });
  return topics[0]!.partitions[0]!.currentVoters.map(({ replicaId, replicaDirectoryId }) => ({
    replicaId,
    hasDirectory: replicaDirectoryId !== ZERO_ID,
  }));
}

describe('a static quorum', () => {
  it('ends with kraft.version 1, also across a restart', async context => {
    const fileSystem = loadGoldenDisk('clean-static');
    const broker = await open(context, fileSystem);
    const connection = await broker.connect();
    assert.equal(await update(connection, 1, UPGRADE, true), ErrorCode.NONE);
    assert.equal(await finalizedLevel(connection), 0);
    assert.equal(await update(connection, 2, UPGRADE), ErrorCode.INVALID_UPDATE_VERSION);
    assert.equal(await update(connection, 0, SAFE_DOWNGRADE), ErrorCode.NONE);
    assert.equal(await update(connection, 1, UPGRADE), ErrorCode.NONE);
    assert.equal(await finalizedLevel(connection), 1);
    assert.equal(await update(connection, 1, UPGRADE), ErrorCode.NONE);
    assert.equal(await update(connection, 0, SAFE_DOWNGRADE), ErrorCode.INVALID_UPDATE_VERSION);
    const voters = await votersOf(connection);
    assert.deepEqual(voters, [{ replicaId: 1, hasDirectory: true }]);
    await broker.broker.stop();
    const again = await (await open(context, fileSystem)).connect();
    assert.equal(await finalizedLevel(again), 1);
    assert.deepEqual(await votersOf(again), voters);
  });
});
