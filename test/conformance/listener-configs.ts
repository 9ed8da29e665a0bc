// Connection limits and values of listeners that change while running, the same requests to Millrace and to Apache Kafka
// 4.3.1: which are taken, with what words they are refused, who is served, who waits, and who is closed.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { ApiVersions } from '../../src/protocol/messages/apis/api-versions.ts';
import { IncrementalAlterConfigs } from '../../src/protocol/messages/apis/incremental-alter-configs.ts';
import { freePort } from '../support/free-port.ts';
import { RawConnection } from '../support/raw-connection.ts';
import { openTestBroker } from '../support/test-broker.ts';
import { missingJavaToolchain, startReference } from './reference.ts';

/** Apache Kafka applies a value a moment after it answered, and closes what is too much in its own time. */
const APPLIED_MS = 700;
const CONFIG_BROKER = 4;
const certificates = fileURLToPath(new URL('../golden/certificates', import.meta.url));
const NAMES = ['PLAINTEXT', 'SASL', 'TLS', 'OTHER', 'CONTROLLER'] as const;
type Ports = Readonly<Record<(typeof NAMES)[number], number>>;
const PLAIN = 'org.apache.kafka.common.security.plain.PlainLoginModule required';

const ALTERED: readonly (readonly [string, string])[] = [
  ['listener.name.sasl.plain.sasl.jaas.config', `${PLAIN} user_alice="other";`],
  ['listener.name.sasl.sasl.enabled.mechanisms', 'PLAIN,SCRAM-SHA-256'],
  ['listener.name.sasl.plain.connections.max.reauth.ms', 'x'],
  ['listener.name.tls.ssl.keystore.location', '/nowhere'],
  ['listener.name.tls.ssl.keystore.location', join(certificates, 'client-store.pem')],
  ['listener.name.tls.ssl.keystore.location', join(certificates, 'broker-store.pem')],
  ['listener.name.tls.ssl.keystore.type', 'NOPE'],
  ['listener.name.tls.ssl.truststore.location', '/nowhere'],
  ['listener.name.tls.ssl.client.auth', 'required'],
  ['listener.name.tls.ssl.client.auth', 'nonsense'],
  ['listener.name.tls.ssl.enabled.protocols', 'nonsense'],
  ['listener.name.nowhere.ssl.keystore.location', '/nowhere'],
  ['ssl.keystore.location', '/nowhere'],
  ['ssl.principal.mapping.rules', 'DEFAULT'],
  ['sasl.enabled.mechanisms', 'PLAIN'],
  ['connections.max.reauth.ms', '1'],
  ['listener.name.other.max.connections', '0'],
  ['listener.name.other.max.connections', '-1'],
  ['listener.name.other.max.connections', '5'],
  ['listener.name.other.max.connection.creation.rate', '0'],
  ['listener.name.other.max.connections.per.ip', '5'],
  ['max.connections', '0'],
  ['max.connection.creation.rate', '0'],
  ['max.connections.per.ip', '0'],
  ['max.connections.per.ip.overrides', 'nonsense'],
  ['max.connections.per.ip.overrides', 'a b:5'],
  ['max.connections.per.ip.overrides', '127.0.0.1:x'],
  ['max.connections.per.ip.overrides', '127.0.0.1:500'],
];

test('connection limits and listener values change as at Apache Kafka', {
  skip: missingJavaToolchain() ?? false,
}, async context => {
  const ports = await freePorts();
  await openTestBroker(context, { properties: propertiesOf(ports, false) });
  const ours = await talk(ports);
  const theirPorts = await freePorts();
  const reference = await startReference({
    port: theirPorts.PLAINTEXT,
    properties: propertiesOf(theirPorts, true),
  });
  context.after(() => reference.stop());
  const theirs = await talk(theirPorts);
  for (const [index, line] of theirs.entries())
    await context.test(line, () => assert.equal(ours[index], line));
  assert.equal(ours.length, theirs.length);
});

function propertiesOf(ports: Ports, hasController: boolean): Record<string, string> {
  const addresses = NAMES.map(name => `${name}://127.0.0.1:${ports[name]}`);
  const advertised = addresses.slice(0, -1).join(',');
  return {
    listeners: hasController ? addresses.join(',') : advertised,
    'advertised.listeners': advertised,
    'listener.security.protocol.map':
      'PLAINTEXT:PLAINTEXT,SASL:SASL_PLAINTEXT,TLS:SSL,OTHER:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'inter.broker.listener.name': 'PLAINTEXT',
    ...(hasController ? { 'controller.quorum.bootstrap.servers': `127.0.0.1:${ports.CONTROLLER}` } : {}),
    'sasl.enabled.mechanisms': 'PLAIN',
    'listener.name.sasl.plain.sasl.jaas.config': `${PLAIN} user_alice="secret";`,
    'ssl.keystore.type': 'PEM',
    'ssl.keystore.location': join(certificates, 'broker-store.pem'),
    'ssl.truststore.type': 'PEM',
    'ssl.truststore.location': join(certificates, 'ca.pem'),
  };
}

async function talk(ports: Ports): Promise<string[]> {
  const admin = await RawConnection.open(ports.PLAINTEXT);
  const lines: string[] = [];
  try {
    for (const [name, value] of ALTERED) {
      lines.push(`of the broker, ${name}=${value}: ${await alter(admin, '1', name, value)}`);
      await alter(admin, '1', name, null);
      lines.push(`of all brokers, ${name}=${value}: ${await alter(admin, '', name, value)}`);
      await alter(admin, '', name, null);
    }
    await wait(APPLIED_MS);
    await limitOfOneListener(admin, ports, lines);
    await limitOverAll(admin, ports, lines);
    await limitLowered(admin, ports, lines);
    await limitPerAddress(admin, ports, lines);
  } finally {
    admin.close();
  }
  return lines;
}

async function alter(
  admin: RawConnection,
  resourceName: string,
  name: string,
  value: string | null,
): Promise<string> {
  const configs = [{ name, configOperation: value === null ? 1 : 0, value }];
  const resources = [{ resourceType: CONFIG_BROKER, resourceName, configs }];
  const { responses } = await admin.request(IncrementalAlterConfigs, 1, { validateOnly: false, resources });
  const { errorCode, errorMessage } = responses[0]!;
  // How a store could not be read is said in each one's own words.
  const words = (errorMessage ?? '').replace(
    /(InvalidConfigurationException: ).*(?= for configuration)/,
    '$1…',
  );
  return `${errorCode} ${words}`;
}

interface Asked {
  readonly connection: RawConnection;
  readonly outcome: 'served' | 'closed' | 'waits';
}

async function ask(port: number): Promise<Asked> {
  const connection = await RawConnection.open(port);
  const answer = connection
    .request(ApiVersions, 0, { clientSoftwareName: '', clientSoftwareVersion: '' })
    .then(
      () => 'served' as const,
      () => 'closed' as const,
    );
  const outcome = await Promise.race([answer, wait(APPLIED_MS, 'waits' as const)]);
  return { connection, outcome };
}

async function askTimes(port: number, times: number): Promise<Asked[]> {
  const asked: Asked[] = [];
  for (let count = 0; count < times; count += 1) asked.push(await ask(port));
  return asked;
}

async function closeAll(asked: readonly Asked[]): Promise<void> {
  for (const { connection } of asked) connection.close();
  await wait(APPLIED_MS);
}

const outcomes = (asked: readonly Asked[]) => asked.map(({ outcome }) => outcome).join(' ');
const states = (asked: readonly Asked[]) =>
  asked.map(({ connection }) => (connection.isClosed ? 'closed' : 'open')).join(' ');

async function limitOfOneListener(admin: RawConnection, { OTHER }: Ports, lines: string[]): Promise<void> {
  const key = 'listener.name.other.max.connections';
  await alter(admin, '1', key, '2');
  await wait(APPLIED_MS);
  const asked = await askTimes(OTHER, 4);
  lines.push(`two for one listener, four come: ${outcomes(asked)}`);
  asked[0]!.connection.close();
  await wait(APPLIED_MS);
  lines.push(`one goes, the third has its answer: ${asked[2]!.connection.pending.length}`);
  await alter(admin, '1', key, null);
  await closeAll(asked);
}

async function limitOverAll(
  admin: RawConnection,
  { OTHER, PLAINTEXT }: Ports,
  lines: string[],
): Promise<void> {
  await alter(admin, '', 'max.connections', '4');
  await wait(APPLIED_MS);
  const others = await askTimes(OTHER, 4);
  lines.push(`four for all, one is there, four come: ${outcomes(others)}`);
  const between = await askTimes(PLAINTEXT, 4);
  await wait(APPLIED_MS);
  lines.push(`four come by the listener between brokers: ${outcomes(between)}`);
  lines.push(`the four others: ${states(others)}`);
  await closeAll([...others, ...between]);
  await alter(admin, '', 'max.connections', null);
  await wait(APPLIED_MS);
}

async function limitLowered(admin: RawConnection, { OTHER }: Ports, lines: string[]): Promise<void> {
  const asked = await askTimes(OTHER, 5);
  await alter(admin, '', 'max.connections', '3');
  await wait(2 * APPLIED_MS);
  lines.push(`six are there, three are allowed: ${states(asked)}`);
  await alter(admin, '', 'max.connections', null);
  await closeAll(asked);
}

async function limitPerAddress(admin: RawConnection, { OTHER }: Ports, lines: string[]): Promise<void> {
  await alter(admin, '', 'max.connections.per.ip', '3');
  await wait(APPLIED_MS);
  const asked = await askTimes(OTHER, 3);
  lines.push(`three per address, one is there: ${outcomes(asked)}`);
  await alter(admin, '', 'max.connections.per.ip.overrides', '127.0.0.1:4');
  await wait(APPLIED_MS);
  const more = await askTimes(OTHER, 2);
  lines.push(`an override of four: ${outcomes(more)}`);
  await alter(admin, '', 'max.connections.per.ip', null);
  await alter(admin, '', 'max.connections.per.ip.overrides', null);
  await closeAll([...asked, ...more]);
}

async function freePorts(): Promise<Ports> {
  const ports: [string, number][] = [];
  for (const name of NAMES) ports.push([name, await freePort()]);
  return Object.fromEntries(ports) as Ports;
}
