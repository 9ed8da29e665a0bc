// ShareFetch and ShareAcknowledge over sockets: what wakes a waiting request, what ends with a connection or a topic, and
// who is turned away.

import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { batchOf, createTopic, produceTo } from '../../../test/support/raw-client.ts';
import type { RawConnection } from '../../../test/support/raw-connection.ts';
import {
  openTestBroker,
  type TestBroker,
  type TestBrokerOptions,
} from '../../../test/support/test-broker.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import { AlterClientQuotas } from '../../protocol/messages/apis/alter-client-quotas.ts';
import { CreateAcls } from '../../protocol/messages/apis/create-acls.ts';
import { DeleteTopics } from '../../protocol/messages/apis/delete-topics.ts';
import { FindCoordinator } from '../../protocol/messages/apis/find-coordinator.ts';
import { IncrementalAlterConfigs } from '../../protocol/messages/apis/incremental-alter-configs.ts';
import { InitializeShareGroupState } from '../../protocol/messages/apis/initialize-share-group-state.ts';
import { ShareAcknowledge } from '../../protocol/messages/apis/share-acknowledge.ts';
import { ShareFetch } from '../../protocol/messages/apis/share-fetch.ts';
import type { RequestDraft } from '../../protocol/schema/field.ts';
import { ManualTime } from '../runtime/clock.ts';

/** Share groups are on from here. */
const LEVEL = 30;
const LONG_MS = 600_000;
const GROUP = 'g';
const TURNS_MAX = 1_000;

interface Shared {
  readonly test: TestBroker;
  readonly connection: RawConnection;
  readonly topicId: string;
  fetchOf(
    memberId: string,
    epoch: number,
    more?: Partial<RequestDraft<typeof ShareFetch>>,
  ): RequestDraft<typeof ShareFetch>;
}

async function open(context: TestContext, options: TestBrokerOptions = {}): Promise<Shared> {
  const test = await openTestBroker(context, { metadataVersion: LEVEL, ...options });
  const connection = await test.connect();
  const topicId = await createTopic(connection, { name: 'orders' });
  await connection.request(FindCoordinator, 6, {
    key: '',
    keyType: 2,
    coordinatorKeys: [`${GROUP}:${topicId}:0`],
  });
  await connection.request(InitializeShareGroupState, 0, {
    groupId: GROUP,
    topics: [{ topicId, partitions: [{ partition: 0, stateEpoch: 0, startOffset: 0 }] }],
  });
  return {
    test,
    connection,
    topicId,
    fetchOf: (memberId, shareSessionEpoch, more = {}) => ({
      groupId: GROUP,
      memberId,
      shareSessionEpoch,
      maxWaitMs: LONG_MS,
      minBytes: 1,
      maxBytes: 1_000_000,
      maxRecords: 500,
      batchSize: 500,
      topics: [{ topicId, partitions: [{ partitionIndex: 0, acknowledgementBatches: [] }] }],
      forgottenTopicsData: [],
      ...more,
    }),
  };
}

const acquired = ({ responses }: Awaited<ReturnType<typeof ask>>) =>
  responses.flatMap(({ partitions }) =>
    partitions.flatMap(({ acquiredRecords }) =>
      acquiredRecords.map(
        ({ firstOffset, lastOffset, deliveryCount }) => `${firstOffset}-${lastOffset}:${deliveryCount}`,
      ),
    ),
  );

const ask = (connection: RawConnection, body: RequestDraft<typeof ShareFetch>) =>
  connection.request(ShareFetch, 2, body);

test('a fetch that waits is woken by records, and by those that come back', async context => {
  const { test, fetchOf, connection } = await open(context);
  const [first, second] = [await test.connect(), await test.connect()];
  const waiting = ask(first, fetchOf('m1', 0));
  await produceTo(connection, { topic: 'orders', records: batchOf(['a', 'b']) });
  assert.deepEqual(acquired(await waiting), ['0-1:1']);
  const again = ask(second, fetchOf('m2', 0));
  first.close();
  assert.deepEqual(acquired(await again), ['0-1:2'], 'the session of the first ended with its connection');
});

test('what is acknowledged with a fetch is told with it, and does not come again', async context => {
  const { fetchOf, connection, topicId } = await open(context);
  await produceTo(connection, { topic: 'orders', records: batchOf(['a', 'b', 'c']) });
  assert.deepEqual(acquired(await ask(connection, fetchOf('m1', 0))), ['0-2:1']);
  const acknowledgementBatches = [{ firstOffset: 0, lastOffset: 2, acknowledgeTypes: [1, 2, 1] }];
  const topics = [{ topicId, partitions: [{ partitionIndex: 0, acknowledgementBatches }] }];
  const answer = await ask(connection, fetchOf('m1', 1, { topics }));
  assert.deepEqual(acquired(answer), ['1-1:2']);
  const last = await connection.request(ShareAcknowledge, 2, {
    groupId: GROUP,
    memberId: 'm1',
    shareSessionEpoch: -1,
    topics: [
      {
        topicId,
        partitions: [
          {
            partitionIndex: 0,
            acknowledgementBatches: [{ firstOffset: 1, lastOffset: 1, acknowledgeTypes: [1] }],
          },
        ],
      },
    ],
  });
  assert.equal(last.responses[0]?.partitions[0]?.errorCode, ErrorCode.NONE);
  const none = await ask(connection, fetchOf('m2', 0, { maxWaitMs: 0 }));
  assert.deepEqual(acquired(none), []);
});

test('a topic that goes takes its share partitions along', async context => {
  const { test, fetchOf, connection, topicId } = await open(context);
  await produceTo(connection, { topic: 'orders', records: batchOf(['a']) });
  await ask(connection, fetchOf('m1', 0));
  assert.equal(test.broker.node.sharePartitions.size, 1);
  await connection.request(DeleteTopics, 6, {
    topics: [{ name: null, topicId }],
    topicNames: [],
    timeoutMs: 10_000,
  });
  assert.equal(test.broker.node.sharePartitions.size, 0);
  const answer = await ask(connection, fetchOf('m1', 1, { maxWaitMs: 0 }));
  assert.equal(answer.responses[0]?.partitions[0]?.errorCode, ErrorCode.UNKNOWN_TOPIC_ID);
});

test('share partitions are let go with the last session of their group', async context => {
  const { test, fetchOf, connection } = await open(context);
  const member = await test.connect();
  await produceTo(connection, { topic: 'orders', records: batchOf(['a']) });
  await ask(member, fetchOf('m1', 0));
  member.close();
  const other = await test.connect();
  // Each question gives the node a turn in which it may notice that a connection has ended.
  for (let turn = 0; turn < TURNS_MAX && test.broker.node.sharePartitions.size > 0; turn++)
    await ask(other, fetchOf('x', 7));
  assert.equal(test.broker.node.sharePartitions.size, 0);
  assert.equal(test.broker.node.sharePartitions.sessions.size, 0);
});

test('without share.version there are no share groups', async context => {
  const { connection, fetchOf } = await open(context, { metadataVersion: 25 });
  const answer = await ask(connection, fetchOf('m1', 0));
  assert.equal(answer.errorCode, ErrorCode.UNSUPPORTED_VERSION);
});

test('one session more than the broker has room for waits as long as it would have, and is refused', async context => {
  const { test, connection, fetchOf } = await open(context, {
    properties: { 'group.share.max.share.sessions': '1' },
  });
  await ask(connection, fetchOf('m1', 0, { maxWaitMs: 0 }));
  const other = await test.connect();
  const answer = await ask(other, fetchOf('m2', 0, { maxWaitMs: 1 }));
  assert.equal(answer.errorCode, ErrorCode.SHARE_SESSION_LIMIT_REACHED);
});

test('records that a quota holds back were not delivered, and come after the wait', async context => {
  const time = new ManualTime();
  const { connection, fetchOf } = await open(context, { time });
  for (let count = 0; count < 4; count++)
    await produceTo(connection, { topic: 'orders', records: batchOf(['x'.repeat(6_000)]) });
  const entity = [{ entityType: 'client-id', entityName: 'raw' }];
  await connection.request(AlterClientQuotas, 1, {
    entries: [{ entity, ops: [{ key: 'consumer_byte_rate', value: 1_000, remove: false }] }],
    validateOnly: false,
  });
  const facts = { maxRecords: 1, maxBytes: 7_000 };
  assert.deepEqual(acquired(await ask(connection, fetchOf('m1', 0, facts))), ['0-0:1']);
  const held = await ask(connection, fetchOf('m1', 1, facts));
  assert.deepEqual([held.throttleTimeMs > 0, acquired(held)], [true, []]);
  // The window has passed; the lock of the first record has not.
  time.advance(held.throttleTimeMs + 11_000);
  assert.deepEqual(acquired(await ask(connection, fetchOf('m1', 2, facts))), ['1-1:1']);
});

test("a group's own settings hold for the next delivery", async context => {
  const { connection, fetchOf } = await open(context);
  const configs = [{ name: 'share.record.lock.duration.ms', configOperation: 0, value: '20000' }];
  await connection.request(IncrementalAlterConfigs, 1, {
    resources: [{ resourceType: 32, resourceName: GROUP, configs }],
    validateOnly: false,
  });
  const answer = await ask(connection, fetchOf('m1', 0, { maxWaitMs: 0 }));
  assert.equal(answer.acquisitionLockTimeoutMs, 20_000);
});

test('who may not read the group is refused, and who may not read the topic gets none of it', async context => {
  const { connection, fetchOf, topicId } = await open(context, {
    properties: {
      'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
      'allow.everyone.if.no.acl.found': 'true',
    },
  });
  const deny = (resourceType: number, resourceName: string) =>
    connection.request(CreateAcls, 3, {
      creations: [
        {
          resourceType,
          resourceName,
          resourcePatternType: 3,
          principal: 'User:ANONYMOUS',
          host: '*',
          operation: 3,
          permissionType: 2,
        },
      ],
    });
  await deny(2, 'orders');
  const answer = await ask(connection, fetchOf('m1', 0, { maxWaitMs: 0 }));
  assert.equal(answer.responses[0]?.partitions[0]?.errorCode, ErrorCode.TOPIC_AUTHORIZATION_FAILED);
  const acknowledgementBatches = [{ firstOffset: 0, lastOffset: 0, acknowledgeTypes: [1] }];
  const body = {
    groupId: GROUP,
    memberId: 'm1',
    shareSessionEpoch: 1,
    topics: [{ topicId, partitions: [{ partitionIndex: 0, acknowledgementBatches }] }],
  };
  const acknowledged = await connection.request(ShareAcknowledge, 2, body);
  assert.equal(acknowledged.responses[0]?.partitions[0]?.errorCode, ErrorCode.TOPIC_AUTHORIZATION_FAILED);
  await deny(3, GROUP);
  const refused = await ask(connection, fetchOf('m1', 2, { maxWaitMs: 0 }));
  assert.equal(refused.errorCode, ErrorCode.GROUP_AUTHORIZATION_FAILED);
  const again = await connection.request(ShareAcknowledge, 2, { ...body, shareSessionEpoch: 2 });
  assert.equal(again.errorCode, ErrorCode.GROUP_AUTHORIZATION_FAILED);
});
