import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { RawConnection } from '../../../test/support/raw-connection.ts';
import { openTestBroker, type TestBroker } from '../../../test/support/test-broker.ts';
import { ApiVersions } from '../../protocol/messages/apis/api-versions.ts';
import { IncrementalAlterConfigs } from '../../protocol/messages/apis/incremental-alter-configs.ts';
import type { Api, RequestDraft } from '../../protocol/schema/field.ts';

function start(context: TestContext, properties: Record<string, string>): Promise<TestBroker> {
  return openTestBroker(context, {
    properties: {
      listeners: 'PLAINTEXT://127.0.0.1:0,OTHER://127.0.0.1:0',
      'listener.security.protocol.map': 'OTHER:PLAINTEXT,PLAINTEXT:PLAINTEXT',
      ...properties,
    },
  });
}

const hello: RequestDraft<typeof ApiVersions> = { clientSoftwareName: '', clientSoftwareVersion: '' };

/** Ends when it is served. */
async function ask(connection: RawConnection): Promise<void> {
  const { errorCode } = await connection.request(ApiVersions, 0, hello);
  assert.equal(errorCode, 0);
}

async function alter(connection: RawConnection, name: string, value: string): Promise<void> {
  const configs = [{ name, configOperation: 0, value }];
  const { responses } = (await connection.request(IncrementalAlterConfigs as Api, 1, {
    validateOnly: false,
    resources: [{ resourceType: 4, resourceName: '', configs }],
  })) as { responses: { errorCode: number }[] };
  assert.equal(responses[0]?.errorCode, 0);
}

test('one connection too many waits, and is served when another closes', async context => {
  const { connect, reports } = await start(context, { 'listener.name.other.max.connections': '1' });
  const first = await connect('OTHER');
  await ask(first);
  const second = await connect('OTHER');
  const served = ask(second);
  await ask(await connect('PLAINTEXT'));
  while (reports.every(line => !line.includes('wait: max.connections=1'))) {
    await new Promise(resolve => setImmediate(resolve));
  }
  assert.equal(second.pending.length, 0);
  first.close();
  await served;
});

test('a limit that is raised serves those that wait', async context => {
  const { connect, reports } = await start(context, { 'listener.name.other.max.connections': '1' });
  await ask(await connect('OTHER'));
  const waiting = ask(await connect('OTHER'));
  while (reports.length === 0) await new Promise(resolve => setImmediate(resolve));
  await alter(await connect('PLAINTEXT'), 'listener.name.other.max.connections', '2');
  await waiting;
});

test('the listener between brokers takes the place of the least recently used connection', async context => {
  const { connect } = await start(context, { 'max.connections': '2' });
  const first = await connect('OTHER');
  await ask(first);
  const second = await connect('OTHER');
  await ask(second);
  await ask(await connect('PLAINTEXT'));
  await first.closed();
  assert.equal(second.isClosed, false);
});

test('a limit that is lowered closes the least recently used', async context => {
  const { connect } = await start(context, {});
  const admin = await connect('PLAINTEXT');
  const first = await connect('OTHER');
  await ask(first);
  const second = await connect('OTHER');
  await ask(second);
  await alter(admin, 'max.connections', '2');
  await first.closed();
  await ask(second);
  await ask(admin);
});

test('an override counts for its address, and zero for all others is allowed with it', async context => {
  const { connect } = await start(context, {
    'max.connections.per.ip': '0',
    'max.connections.per.ip.overrides': '127.0.0.1:1',
  });
  await ask(await connect('PLAINTEXT'));
  await (await connect('PLAINTEXT')).closed();
});

test('the login of the workbench is never refused and takes no place', async context => {
  const { broker, port } = await openTestBroker(context, {
    properties: {
      'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
      'max.connections': '1',
      'max.connections.per.ip': '1',
    },
    internalLogin: { username: 'workbench', password: 'secret' },
  });
  const user = await RawConnection.open(port);
  await ask(user);
  const internal = await Promise.all([1, 2].map(() => RawConnection.open(broker.internalListener!.port)));
  for (const connection of internal) await ask(connection);
  assert.equal(user.isClosed, false);
  for (const connection of [user, ...internal]) connection.close();
});

test('limits that Apache Kafka does not start with are refused', async context => {
  const refusal = (properties: Record<string, string>) =>
    assert.rejects(openTestBroker(context, { properties }), /max\.connections\.per\.ip/);
  await refusal({ 'max.connections.per.ip': '0' });
  await refusal({ 'max.connections.per.ip.overrides': 'nonsense' });
  await refusal({ 'max.connections.per.ip.overrides': 'a b:5' });
});
