// Logins by Apache Kafka's own client against Apache Kafka and against Millrace, both with the same listener properties:
// TLS with and without a certificate, PLAIN, SCRAM, wrong passwords and mechanisms, sessions that are renewed. The lines
// that the client prints must be the same. Certificates: test/golden/certificates.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Broker } from '../../src/broker/broker.ts';
import { MemoryFileSystem } from '../../src/storage/fs/memory.ts';
import { javaClassPath, missingJavaToolchain, startReference } from './reference.ts';

const run = promisify(execFile);
const RUN_TIMEOUT_MS = 120_000;
const certificates = fileURLToPath(new URL('../golden/certificates', import.meta.url));
const LISTENERS = ['SASL', 'SHORT', 'TLS', 'MUTUAL', 'BOTH'] as const;
type Ports = Readonly<Record<(typeof LISTENERS)[number], number>>;
const PLAIN = 'org.apache.kafka.common.security.plain.PlainLoginModule required';
const SCRAM = 'org.apache.kafka.common.security.scram.ScramLoginModule required';

async function freePorts(): Promise<Ports> {
  const servers = LISTENERS.map(() => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map(server => new Promise(done => server.once('listening', done))));
  const ports = servers.map(server => (server.address() as { port: number }).port);
  await Promise.all(servers.map(server => new Promise(done => server.close(done))));
  return Object.fromEntries(LISTENERS.map((name, index) => [name, ports[index]!])) as Ports;
}

function brokerProperties(ports: Ports): Record<string, string> {
  const sasl = ['sasl', 'short', 'both'].flatMap(name => [
    [`listener.name.${name}.plain.sasl.jaas.config`, `${PLAIN} user_alice="secret";`],
    [`listener.name.${name}.scram-sha-256.sasl.jaas.config`, `${SCRAM};`],
    [`listener.name.${name}.scram-sha-512.sasl.jaas.config`, `${SCRAM};`],
  ]);
  return {
    'sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512',
    'listener.name.short.connections.max.reauth.ms': '1500',
    'ssl.keystore.type': 'PEM',
    'ssl.keystore.location': join(certificates, 'broker-store.pem'),
    'ssl.truststore.type': 'PEM',
    'ssl.truststore.location': join(certificates, 'ca.pem'),
    'listener.name.mutual.ssl.client.auth': 'required',
    ...Object.fromEntries(sasl),
    listeners: LISTENERS.map(name => `${name}://127.0.0.1:${ports[name]}`).join(','),
    'listener.security.protocol.map':
      'SASL:SASL_PLAINTEXT,SHORT:SASL_PLAINTEXT,TLS:SSL,MUTUAL:SSL,BOTH:SASL_SSL,PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
  };
}

/** One properties file per login; returns the Java program's arguments. */
function logins(directory: string, ports: Ports): string[] {
  const trust = ['ssl.truststore.type=PEM', `ssl.truststore.location=${join(certificates, 'ca.pem')}`];
  const key = ['ssl.keystore.type=PEM', `ssl.keystore.location=${join(certificates, 'client-store.pem')}`];
  const sasl = (mechanism: string, name: string, password: string) => [
    `sasl.mechanism=${mechanism}`,
    `sasl.jaas.config=${mechanism === 'PLAIN' ? PLAIN : SCRAM} username="${name}" password="${password}";`,
  ];
  const login = (name: string, listener: keyof Ports, protocol: string, more: readonly string[]) => {
    const file = join(directory, `${name}.properties`);
    const common = [`bootstrap.servers=127.0.0.1:${ports[listener]}`, `security.protocol=${protocol}`];
    const bounds = ['default.api.timeout.ms=15000', 'request.timeout.ms=10000'];
    writeFileSync(file, [...common, ...bounds, ...more].join('\n'));
    return `${name}=${file}`;
  };
  return [
    login('plain', 'SASL', 'SASL_PLAINTEXT', sasl('PLAIN', 'alice', 'secret')),
    login('plain-wrong-password', 'SASL', 'SASL_PLAINTEXT', sasl('PLAIN', 'alice', 'wrong')),
    login('plain-unknown-user', 'SASL', 'SASL_PLAINTEXT', sasl('PLAIN', 'nobody', 'secret')),
    login('scram-256', 'SASL', 'SASL_PLAINTEXT', sasl('SCRAM-SHA-256', 'bob', 'pencil')),
    login('scram-512', 'SASL', 'SASL_PLAINTEXT', sasl('SCRAM-SHA-512', 'bob', 'pencil')),
    login('scram-wrong-password', 'SASL', 'SASL_PLAINTEXT', sasl('SCRAM-SHA-512', 'bob', 'pen')),
    login('scram-unknown-user', 'SASL', 'SASL_PLAINTEXT', sasl('SCRAM-SHA-256', 'nobody', 'pencil')),
    login('plain-renewed', 'SHORT', 'SASL_PLAINTEXT', sasl('PLAIN', 'alice', 'secret')),
    login('scram-renewed', 'SHORT', 'SASL_PLAINTEXT', sasl('SCRAM-SHA-256', 'bob', 'pencil')),
    login('tls', 'TLS', 'SSL', trust),
    login('tls-certificate', 'MUTUAL', 'SSL', [...trust, ...key]),
    login('tls-no-certificate', 'MUTUAL', 'SSL', trust),
    login('tls-plain', 'BOTH', 'SASL_SSL', [...trust, ...sasl('PLAIN', 'alice', 'secret')]),
    login('tls-scram-wrong-password', 'BOTH', 'SASL_SSL', [...trust, ...sasl('SCRAM-SHA-256', 'bob', 'x')]),
  ];
}

async function linesBy(ports: Ports): Promise<string[]> {
  const directory = mkdtempSync(join(tmpdir(), 'millrace-logins-'));
  try {
    const quiet = '-Dorg.slf4j.simpleLogger.defaultLogLevel=off';
    const words = [quiet, '-cp', javaClassPath(), 'Security', ...logins(directory, ports)];
    const { stdout } = await run('java', words, { timeout: RUN_TIMEOUT_MS });
    return stdout.trim().split('\n');
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function linesOfReference(): Promise<string[]> {
  const ports = await freePorts();
  const { listeners, 'listener.security.protocol.map': map, ...properties } = brokerProperties(ports);
  const [port, controllerPort] = Object.values(await freePorts()) as [number, number];
  const node = await startReference({
    properties: {
      ...properties,
      listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort},${listeners}`,
      'advertised.listeners': `PLAINTEXT://127.0.0.1:${port},${listeners}`,
      'listener.security.protocol.map': map!,
      'inter.broker.listener.name': 'PLAINTEXT',
      'controller.quorum.bootstrap.servers': `127.0.0.1:${controllerPort}`,
    },
  });
  try {
    return await linesBy(ports);
  } finally {
    await node.stop();
  }
}

async function linesOfMillrace(): Promise<string[]> {
  const ports = await freePorts();
  const broker = await Broker.start({
    fileSystem: new MemoryFileSystem({ tracksDurability: false }),
    dataPath: '/kafka',
    properties: new Map([['node.id', '1'], ...Object.entries(brokerProperties(ports))]),
    profile: 'dev',
    clusterId: null,
    durability: 'always',
    report: () => {},
  });
  try {
    return await linesBy(ports);
  } finally {
    await broker.stop();
  }
}

const missing = missingJavaToolchain();

test('logins end as at Apache Kafka', { skip: missing ?? false }, async () => {
  const lines = await linesOfMillrace();
  console.log(lines.join('\n'));
  assert.equal(lines.length, 14);
  assert.deepEqual(lines, await linesOfReference());
});
