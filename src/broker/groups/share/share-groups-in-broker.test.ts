// Share groups inside a whole broker, over the wire: partitions are initialized through the share coordinator, whose topic
// appears by itself; members, offsets and the end of a group outlive a power cut.

import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { createTopic } from '../../../../test/support/raw-client.ts';
import type { RawConnection } from '../../../../test/support/raw-connection.ts';
import { openTestBroker } from '../../../../test/support/test-broker.ts';
import { ErrorCode } from '../../../protocol/errors.ts';
import { AlterShareGroupOffsets } from '../../../protocol/messages/apis/alter-share-group-offsets.ts';
import { DeleteGroups } from '../../../protocol/messages/apis/delete-groups.ts';
import { DeleteShareGroupOffsets } from '../../../protocol/messages/apis/delete-share-group-offsets.ts';
import { DeleteTopics } from '../../../protocol/messages/apis/delete-topics.ts';
import { DescribeShareGroupOffsets } from '../../../protocol/messages/apis/describe-share-group-offsets.ts';
import { FindCoordinator } from '../../../protocol/messages/apis/find-coordinator.ts';
import { ListGroups } from '../../../protocol/messages/apis/list-groups.ts';
import { ShareGroupDescribe } from '../../../protocol/messages/apis/share-group-describe.ts';
import { ShareGroupHeartbeat } from '../../../protocol/messages/apis/share-group-heartbeat.ts';
import { ZERO_UUID } from '../../../protocol/wire/reader.ts';

const TOPIC = 'orders';
const GROUP = 'sharers';
/** 4.3: where share.version is 1 from the beginning. */
const METADATA_VERSION = 30;

async function open(context: TestContext) {
  const broker = await openTestBroker(context, { metadataVersion: METADATA_VERSION });
  const connection = await broker.connect();
  await createTopic(connection, { name: TOPIC, partitions: 2 });
  await connection.request(FindCoordinator, 4, { keyType: 0, coordinatorKeys: [GROUP] });
  return { broker, connection };
}

function beat(connection: RawConnection, memberEpoch: number) {
  const subscribedTopicNames = memberEpoch < 0 ? null : [TOPIC];
  return connection.request(ShareGroupHeartbeat, 1, {
    groupId: GROUP,
    memberId: 'm',
    memberEpoch,
    subscribedTopicNames,
  });
}

/** Joins, and is given both partitions once they are initialized. */
async function join(connection: RawConnection): Promise<number> {
  let { memberEpoch } = await beat(connection, 0);
  for (let beats = 0; beats < 20; beats++) {
    const answer = await beat(connection, memberEpoch);
    memberEpoch = answer.memberEpoch;
    if (answer.assignment?.topicPartitions[0]?.partitions.length === 2) return memberEpoch;
  }
  return assert.fail('the member was given nothing');
}

async function stateOf(connection: RawConnection): Promise<string> {
  const { groups } = await connection.request(ShareGroupDescribe, 1, {
    groupIds: [GROUP],
    includeAuthorizedOperations: false,
  });
  const { errorMessage, groupState, members } = groups[0]!;
  return errorMessage ?? `${groupState}, ${members.length} members`;
}

async function offsets(connection: RawConnection): Promise<string[]> {
  const request = { groups: [{ groupId: GROUP, topics: null }] };
  const { groups } = await connection.request(DescribeShareGroupOffsets, 1, request);
  return groups[0]!.topics.flatMap(({ topicName, partitions }) =>
    partitions.map(({ partitionIndex, startOffset }) => `${topicName}-${partitionIndex} ${startOffset}`),
  );
}

function alter(connection: RawConnection, startOffset: number) {
  const topics = [{ topicName: TOPIC, partitions: [{ partitionIndex: 1, startOffset }] }];
  return connection.request(AlterShareGroupOffsets, 0, { groupId: GROUP, topics });
}

describe('share groups in a broker', () => {
  it('are not there before share.version is 1', async context => {
    const { connect } = await openTestBroker(context);
    const connection = await connect();
    assert.equal((await beat(connection, 0)).errorCode, ErrorCode.UNSUPPORTED_VERSION);
    assert.equal((await alter(connection, 1)).errorCode, ErrorCode.UNSUPPORTED_VERSION);
  });

  it('assign what is initialized, and show it', async context => {
    const { connection } = await open(context);
    assert.equal(await join(connection), 3);
    assert.equal(await stateOf(connection), 'Stable, 1 members');
    assert.deepEqual(await offsets(connection), ['orders-0 -1', 'orders-1 -1']);
    const { groups } = await connection.request(ListGroups, 5, { statesFilter: [], typesFilter: ['share'] });
    assert.deepEqual(groups, [
      { groupId: GROUP, protocolType: 'share', groupState: 'Stable', groupType: 'share' },
    ]);
  });

  it('keep members and offsets over a power cut', async context => {
    for (const seed of [1, 2, 3]) {
      const { broker, connection } = await open(context);
      assert.equal((await alter(connection, 7)).errorCode, 0);
      const memberEpoch = await join(connection);

      const second = await openTestBroker(context, { fileSystem: broker.fileSystem.crash({ seed }) });
      const again = await second.connect();
      assert.deepEqual((await offsets(again)).sort(), ['orders-0 -1', 'orders-1 7']);
      assert.equal((await beat(again, memberEpoch)).errorCode, 0);
      assert.equal((await beat(again, -1)).errorCode, 0);
      assert.equal(await stateOf(again), 'Empty, 0 members');
    }
  });

  it('forget offsets and topics, and end', async context => {
    const { connection } = await open(context);
    await alter(connection, 7);
    const topics = [{ topicName: TOPIC }];
    const deleted = await connection.request(DeleteShareGroupOffsets, 0, { groupId: GROUP, topics });
    assert.deepEqual(
      deleted.responses.map(({ errorCode }) => errorCode),
      [0],
    );
    assert.deepEqual(await offsets(connection), []);

    await alter(connection, 7);
    await connection.request(DeleteTopics, 6, {
      topics: [{ name: TOPIC, topicId: ZERO_UUID }],
      timeoutMs: 1_000,
    });
    await createTopic(connection, { name: TOPIC, partitions: 2 });
    assert.deepEqual(await offsets(connection), []);

    await alter(connection, 3);
    const { results } = await connection.request(DeleteGroups, 2, { groupsNames: [GROUP] });
    assert.equal(results[0]!.errorCode, 0);
    assert.equal(await stateOf(connection), `Group ${GROUP} not found.`);
  });
});
