// Streams groups inside a whole broker, over the wire: internal topics that appear by themselves, members and tasks that
// outlive a power cut, and what a member may not do where ACLs are kept.

import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { createTopic } from '../../../../test/support/raw-client.ts';
import type { RawConnection } from '../../../../test/support/raw-connection.ts';
import {
  internalTopic,
  NO_TASKS,
  streamsHeartbeat,
  streamsJoin,
  streamsTopology,
} from '../../../../test/support/streams-member.ts';
import { openTestBroker } from '../../../../test/support/test-broker.ts';
import { ErrorCode } from '../../../protocol/errors.ts';
import { CreateAcls } from '../../../protocol/messages/apis/create-acls.ts';
import { FindCoordinator } from '../../../protocol/messages/apis/find-coordinator.ts';
import { SaslAuthenticate } from '../../../protocol/messages/apis/sasl-authenticate.ts';
import { SaslHandshake } from '../../../protocol/messages/apis/sasl-handshake.ts';
import { StreamsGroupDescribe } from '../../../protocol/messages/apis/streams-group-describe.ts';
import { StreamsGroupHeartbeat } from '../../../protocol/messages/apis/streams-group-heartbeat.ts';
import type { HeartbeatRequest } from './streams-decision.ts';

/** 4.3: where streams.version is 1 from the beginning. */
const METADATA_VERSION = 30;
const COUNTING = streamsTopology(
  { sourceTopics: ['lines'], repartitionSinkTopics: ['words'] },
  { repartitionSourceTopics: [internalTopic('words')], stateChangelogTopics: [internalTopic('counts')] },
);
const EVERY_TASK = ['0', '1'].map(subtopologyId => ({ subtopologyId, partitions: [0, 1] }));

const beat = (connection: RawConnection, request: HeartbeatRequest) =>
  connection.request(StreamsGroupHeartbeat, 0, request);

async function stateOf(connection: RawConnection): Promise<string> {
  const { groups } = await connection.request(StreamsGroupDescribe, 0, {
    groupIds: ['g'],
    includeAuthorizedOperations: false,
  });
  const { errorCode, errorMessage, groupState, members } = groups[0]!;
  return errorCode === 0 ? `${groupState}, ${members.length} members` : `${errorCode} ${errorMessage}`;
}

async function open(context: TestContext) {
  const broker = await openTestBroker(context, { metadataVersion: METADATA_VERSION });
  const connection = await broker.connect();
  await createTopic(connection, { name: 'lines', partitions: 2 });
  await connection.request(FindCoordinator, 4, { keyType: 0, coordinatorKeys: ['g'] });
  return { broker, connection };
}

describe('streams groups in a broker', () => {
  it('are not there before streams.version is 1', async context => {
    const { connect } = await openTestBroker(context);
    const connection = await connect();
    assert.equal((await beat(connection, streamsJoin(COUNTING))).errorCode, ErrorCode.UNSUPPORTED_VERSION);
    assert.equal(await stateOf(connection), `${ErrorCode.UNSUPPORTED_VERSION} null`);
  });

  it('are not there where the list of protocols leaves them out', async context => {
    const properties = { 'group.coordinator.rebalance.protocols': 'classic,consumer' };
    const { connect } = await openTestBroker(context, { metadataVersion: METADATA_VERSION, properties });
    const answer = await beat(await connect(), streamsJoin(COUNTING));
    assert.equal(answer.errorCode, ErrorCode.UNSUPPORTED_VERSION);
  });

  it('have their topics made, and outlive a power cut', async context => {
    for (const seed of [1, 2, 3]) {
      const { broker, connection } = await open(context);
      const first = await beat(connection, streamsJoin(COUNTING));
      assert.deepEqual(
        first.status?.map(({ statusDetail }) => statusDetail),
        ['Internal topics are missing: counts, words'],
      );
      const second = await beat(
        connection,
        streamsHeartbeat({ memberEpoch: first.memberEpoch, ...NO_TASKS }),
      );
      assert.deepEqual(second.status, []);
      assert.deepEqual(second.activeTasks, EVERY_TASK);

      const after = await openTestBroker(context, { fileSystem: broker.fileSystem.crash({ seed }) });
      const again = await after.connect();
      assert.equal(await stateOf(again), 'Stable, 1 members');
      const owning = { ...NO_TASKS, activeTasks: EVERY_TASK };
      const third = await beat(again, streamsHeartbeat({ memberEpoch: second.memberEpoch, ...owning }));
      assert.equal(third.errorCode, 0);
      assert.deepEqual(third.status, []);
    }
  });
});

const SECURED = {
  'listener.security.protocol.map': 'PLAINTEXT:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT',
  'sasl.enabled.mechanisms': 'PLAIN',
  'listener.name.plaintext.plain.sasl.jaas.config':
    'org.apache.kafka.common.security.plain.PlainLoginModule required ' +
    'user_admin="secret" user_alice="secret";',
  'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
  'super.users': 'User:admin;User:ANONYMOUS',
};
const TOPIC = 2;
const GROUP = 3;
const READ = 3;
const CREATE = 5;
const DESCRIBE = 8;

async function login(connection: RawConnection, user: string): Promise<RawConnection> {
  await connection.request(SaslHandshake, 1, { mechanism: 'PLAIN' });
  const authBytes = Buffer.from(`\0${user}\0secret`);
  assert.equal((await connection.request(SaslAuthenticate, 2, { authBytes })).errorCode, 0);
  return connection;
}

describe('streams groups where ACLs are kept', () => {
  it('let a member do what it may, step by step', async context => {
    const { connect } = await openTestBroker(context, {
      metadataVersion: METADATA_VERSION,
      properties: SECURED,
    });
    const admin = await login(await connect(), 'admin');
    const alice = await login(await connect(), 'alice');
    await createTopic(admin, { name: 'lines', partitions: 2 });
    await admin.request(FindCoordinator, 4, { keyType: 0, coordinatorKeys: ['g'] });
    const allow = (resourceType: number, resourceName: string, operation: number) =>
      admin.request(CreateAcls, 3, {
        creations: [
          {
            resourceType,
            resourceName,
            resourcePatternType: 3,
            principal: 'User:alice',
            host: '*',
            operation,
            permissionType: 3,
          },
        ],
      });
    const join = () => beat(alice, streamsJoin(COUNTING));

    assert.equal((await join()).errorCode, ErrorCode.GROUP_AUTHORIZATION_FAILED);
    assert.equal(await stateOf(alice), `${ErrorCode.GROUP_AUTHORIZATION_FAILED} null`);
    await allow(GROUP, 'g', READ);
    assert.equal((await join()).errorCode, ErrorCode.TOPIC_AUTHORIZATION_FAILED);
    for (const topic of ['lines', 'words', 'counts']) await allow(TOPIC, topic, DESCRIBE);
    assert.deepEqual(
      (await join()).status?.map(({ statusDetail }) => statusDetail),
      ['Internal topics are missing: counts, words; Unauthorized to CREATE on topics counts, words.'],
    );
    await allow(TOPIC, 'words', CREATE);
    assert.match(
      (await join()).status?.[0]?.statusDetail ?? '',
      /Unauthorized to CREATE on topics counts\.$/,
    );
    await allow(TOPIC, 'counts', CREATE);
    await join();
    const ready = await beat(alice, streamsHeartbeat({ memberEpoch: 2, ...NO_TASKS }));
    assert.deepEqual(ready.activeTasks, EVERY_TASK);
    assert.equal(await stateOf(alice), 'Stable, 1 members');
  });

  it('are not told of to whom may not see their topics', async context => {
    const { connect } = await openTestBroker(context, {
      metadataVersion: METADATA_VERSION,
      properties: SECURED,
    });
    const admin = await login(await connect(), 'admin');
    await createTopic(admin, { name: 'lines', partitions: 2 });
    await admin.request(FindCoordinator, 4, { keyType: 0, coordinatorKeys: ['g'] });
    await beat(admin, streamsJoin(COUNTING));
    await admin.request(CreateAcls, 3, {
      creations: [
        {
          resourceType: GROUP,
          resourceName: 'g',
          resourcePatternType: 3,
          principal: 'User:alice',
          host: '*',
          operation: DESCRIBE,
          permissionType: 3,
        },
      ],
    });
    const alice = await login(await connect(), 'alice');
    assert.equal(
      await stateOf(alice),
      `${ErrorCode.TOPIC_AUTHORIZATION_FAILED} The described group uses topics that the client is not authorized to describe.`,
    );
  });
});
