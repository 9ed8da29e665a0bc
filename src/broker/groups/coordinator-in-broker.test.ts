// The group coordinator inside a whole broker: its topic appears when somebody looks for a coordinator, committed offsets
// outlive a power cut, and go with their topic.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createTopic } from '../../../test/support/raw-client.ts';
import { decodeResponse, type RawConnection } from '../../../test/support/raw-connection.ts';
import { openTestBroker } from '../../../test/support/test-broker.ts';
import { DeleteTopics } from '../../protocol/messages/apis/delete-topics.ts';
import { FindCoordinator } from '../../protocol/messages/apis/find-coordinator.ts';
import { Heartbeat } from '../../protocol/messages/apis/heartbeat.ts';
import { JoinGroup } from '../../protocol/messages/apis/join-group.ts';
import { OffsetCommit } from '../../protocol/messages/apis/offset-commit.ts';
import { OffsetFetch } from '../../protocol/messages/apis/offset-fetch.ts';
import { SyncGroup } from '../../protocol/messages/apis/sync-group.ts';
import { ZERO_UUID } from '../../protocol/wire/reader.ts';
import { ManualTime } from '../runtime/clock.ts';

const TOPIC = 'orders';

async function findCoordinator(connection: RawConnection): Promise<void> {
  const { coordinators } = await connection.request(FindCoordinator, 4, {
    keyType: 0,
    coordinatorKeys: ['g'],
  });
  assert.equal(coordinators[0]?.errorCode, 0);
}

async function commit(connection: RawConnection, committedOffset: number): Promise<number> {
  const partitions = [{ partitionIndex: 0, committedOffset, committedMetadata: null }];
  const request = { groupId: 'g', memberId: '', topics: [{ name: TOPIC, partitions }] };
  const { topics } = await connection.request(OffsetCommit, 9, request);
  return topics[0]!.partitions[0]!.errorCode;
}

async function committed(connection: RawConnection): Promise<number[]> {
  const request = { groups: [{ groupId: 'g', topics: null }], requireStable: true };
  const { groups } = await connection.request(OffsetFetch, 9, request);
  return groups[0]!.topics.flatMap(topic => topic.partitions.map(partition => partition.committedOffset));
}

describe('the group coordinator in a broker', () => {
  it('is not there before somebody looks for it, and is there at once when somebody does', async context => {
    const broker = await openTestBroker(context);
    const connection = await broker.connect();
    await createTopic(connection, { name: TOPIC });
    assert.equal(await commit(connection, 5), 16);
    await findCoordinator(connection);
    assert.equal(await commit(connection, 5), 0);
    assert.deepEqual(await committed(connection), [5]);
  });

  it('keeps committed offsets and members over a power cut', async context => {
    for (const seed of [1, 2, 3]) {
      const first = await openTestBroker(context);
      const connection = await first.connect();
      await createTopic(connection, { name: TOPIC });
      await findCoordinator(connection);
      assert.equal(await commit(connection, 7), 0);
      const { memberId, generationId } = await joinAlone(connection);

      const second = await openTestBroker(context, { fileSystem: first.fileSystem.crash({ seed }) });
      const again = await second.connect();
      assert.deepEqual(await committed(again), [7]);
      const heartbeat = await again.request(Heartbeat, 3, { groupId: 'g', generationId, memberId });
      assert.equal(heartbeat.errorCode, 0);
    }
  });

  it('forgets the offsets of a topic that is deleted, also when it is created again', async context => {
    const broker = await openTestBroker(context);
    const connection = await broker.connect();
    await createTopic(connection, { name: TOPIC });
    await findCoordinator(connection);
    assert.equal(await commit(connection, 5), 0);
    const topics = [{ name: TOPIC, topicId: ZERO_UUID }];
    await connection.request(DeleteTopics, 6, { topics, topicNames: [], timeoutMs: 10_000 });
    assert.deepEqual(await committed(connection), []);
    await createTopic(connection, { name: TOPIC });
    assert.deepEqual(await committed(connection), []);
  });

  it('lets who waits in a JoinGroup go at once when the broker stops', { timeout: 10_000 }, async context => {
    // Time stands still: whoever is not answered is not cut off either.
    const { broker, connect } = await openTestBroker(context, { time: new ManualTime() });
    const first = await connect();
    await findCoordinator(first);
    const request = {
      groupId: 'g',
      sessionTimeoutMs: 10_000,
      rebalanceTimeoutMs: 60_000,
      memberId: '',
      protocolType: 'consumer',
      protocols: [{ name: 'range', metadata: Buffer.alloc(0) }],
    };
    assert.equal((await first.request(JoinGroup, 3, request)).errorCode, 0);
    const second = await connect();
    second.send(JoinGroup, 3, request);
    second.send(JoinGroup, 3, request);
    // Answered behind what the second one sent.
    const third = await connect();
    await third.request(Heartbeat, 4, { groupId: 'g', generationId: 1, memberId: 'nobody' });
    const stopped = broker.stop();
    assert.equal(decodeResponse(JoinGroup, 3, await second.frame()).errorCode, 16);
    await stopped;
  });
});

async function joinAlone(connection: RawConnection) {
  const request = {
    groupId: 'g',
    sessionTimeoutMs: 30_000,
    rebalanceTimeoutMs: 30_000,
    memberId: '',
    protocolType: 'consumer',
    protocols: [{ name: 'range', metadata: Buffer.from('00000000000000000000', 'hex') }],
  };
  const { memberId } = await connection.request(JoinGroup, 4, request);
  const { generationId } = await connection.request(JoinGroup, 4, { ...request, memberId });
  const assignments = [{ memberId, assignment: Buffer.from('all') }];
  const synced = await connection.request(SyncGroup, 3, {
    groupId: 'g',
    generationId,
    memberId,
    assignments,
  });
  assert.equal(synced.errorCode, 0);
  return { memberId, generationId };
}
