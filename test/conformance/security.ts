// Logins by Apache Kafka's own client against Apache Kafka and against Millrace, both with the same listener properties:
// TLS with and without a certificate, PLAIN, SCRAM, OAUTHBEARER with tokens made here, wrong passwords and mechanisms,
// sessions that are renewed and that are not. The lines that the client prints must be the same. Certificates:
// test/golden/certificates.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { freePort } from '../support/free-port.ts';
import { startTestBroker } from '../support/test-broker.ts';
import { clients, linesOf, loginsOf } from './logins/logins.ts';
import { javaClassPath, missingJavaToolchain, SHORT_LIVED_JVM, startReference } from './reference.ts';

const run = promisify(execFile);
const RUN_TIMEOUT_MS = 240_000;
const certificates = fileURLToPath(new URL('../golden/certificates', import.meta.url));
const LISTENERS = ['SASL', 'SHORT', 'TLS', 'MUTUAL', 'BOTH', 'TOKEN', 'FREE'] as const;
type Ports = Readonly<Record<(typeof LISTENERS)[number], number>>;
const PLAIN = 'org.apache.kafka.common.security.plain.PlainLoginModule required';
const SCRAM = 'org.apache.kafka.common.security.scram.ScramLoginModule required';
const BEARER = 'org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required';
const VALIDATOR = 'org.apache.kafka.common.security.oauthbearer.OAuthBearerValidatorCallbackHandler';

async function freePorts(): Promise<Ports> {
  const ports: [string, number][] = [];
  for (const name of LISTENERS) ports.push([name, await freePort()]);
  return Object.fromEntries(ports) as Ports;
}

function brokerProperties(ports: Ports, keySet: string): Record<string, string> {
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
    'listener.name.mutual.ssl.truststore.type': 'PKCS12',
    'listener.name.mutual.ssl.truststore.location': join(certificates, 'trusted.p12'),
    'listener.name.mutual.ssl.truststore.password': 'secret',
    ...Object.fromEntries(sasl),
    ...Object.fromEntries(['token', 'free'].flatMap(name => bearerProperties(name, keySet))),
    'listener.name.token.oauthbearer.sasl.oauthbearer.expected.audience': 'kafka',
    'listener.name.token.oauthbearer.sasl.oauthbearer.expected.issuer': 'https://issuer',
    listeners: LISTENERS.map(name => `${name}://127.0.0.1:${ports[name]}`).join(','),
    'listener.security.protocol.map':
      'SASL:SASL_PLAINTEXT,SHORT:SASL_PLAINTEXT,TOKEN:SASL_PLAINTEXT,FREE:SASL_PLAINTEXT,TLS:SSL,MUTUAL:SSL,BOTH:SASL_SSL,PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
  };
}

function bearerProperties(name: string, keySet: string): [string, string][] {
  const prefix = `listener.name.${name}`;
  return [
    [`${prefix}.sasl.enabled.mechanisms`, 'OAUTHBEARER'],
    [`${prefix}.oauthbearer.sasl.jaas.config`, `${BEARER};`],
    [`${prefix}.oauthbearer.sasl.server.callback.handler.class`, VALIDATOR],
    [`${prefix}.oauthbearer.sasl.oauthbearer.jwks.endpoint.url`, keySet],
  ];
}

/** A key set, and one file per token that it signed, or did not. */
function writeTokens(directory: string): void {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const { privateKey: stranger } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid: 'k', use: 'sig', alg: 'RS256' };
  writeFileSync(join(directory, 'keys.json'), JSON.stringify({ keys: [jwk] }));
  const seconds = Math.floor(Date.now() / 1000);
  const good = { sub: 'carol', aud: 'kafka', iss: 'https://issuer', iat: seconds, exp: seconds + 3600 };
  const { aud: _aud, iss: _iss, ...plain } = good;
  const signed = (claims: object, key: KeyObject) => {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const text = `${part({ alg: 'RS256', kid: 'k' })}.${part(claims)}`;
    return `${text}.${sign('sha256', Buffer.from(text), key).toString('base64url')}`;
  };
  const tokens = {
    good: signed(good, privateKey),
    stranger: signed(good, stranger),
    'other-audience': signed({ ...good, aud: 'other' }, privateKey),
    'other-issuer': signed({ ...good, iss: 'other' }, privateKey),
    'no-issuer': signed(plain, privateKey),
    plain: signed(plain, privateKey),
    expired: signed({ ...good, iat: seconds - 90, exp: seconds - 60 }, privateKey),
  };
  for (const [name, token] of Object.entries(tokens)) writeFileSync(join(directory, `${name}.jwt`), token);
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
  const bearer = (token: string) => [
    'sasl.mechanism=OAUTHBEARER',
    `sasl.jaas.config=${BEARER};`,
    'sasl.login.callback.handler.class=org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginCallbackHandler',
    `sasl.oauthbearer.token.endpoint.url=file://${join(directory, `${token}.jwt`)}`,
  ];
  // Without a handler of its own the client writes the token itself, and nobody signs it.
  const unsecured = [
    'sasl.mechanism=OAUTHBEARER',
    `sasl.jaas.config=${BEARER} unsecuredLoginStringClaim_sub="carol";`,
  ];
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
    login('plain-instead-of-a-token', 'TOKEN', 'SASL_PLAINTEXT', sasl('PLAIN', 'alice', 'secret')),
    login('scram-not-offered', 'TOKEN', 'SASL_PLAINTEXT', sasl('SCRAM-SHA-256', 'bob', 'pencil')),
    ...['good', 'stranger', 'other-audience', 'other-issuer', 'no-issuer', 'expired'].map(token =>
      login(`token-${token}`, 'TOKEN', 'SASL_PLAINTEXT', bearer(token)),
    ),
    ...['good', 'plain'].map(token =>
      login(`token-${token}-nothing-expected`, 'FREE', 'SASL_PLAINTEXT', bearer(token)),
    ),
    login('token-unsecured', 'TOKEN', 'SASL_PLAINTEXT', unsecured),
    login('tls', 'TLS', 'SSL', trust),
    login('tls-certificate', 'MUTUAL', 'SSL', [...trust, ...key]),
    login('tls-no-certificate', 'MUTUAL', 'SSL', trust),
    login('tls-plain', 'BOTH', 'SASL_SSL', [...trust, ...sasl('PLAIN', 'alice', 'secret')]),
    login('tls-scram-wrong-password', 'BOTH', 'SASL_SSL', [...trust, ...sasl('SCRAM-SHA-256', 'bob', 'x')]),
  ];
}

/** What each client prints of its logins, the Java client first, because it makes the users of SCRAM. */
async function linesBy(directory: string, ports: Ports): Promise<string[]> {
  const lines = await linesByJava(directory, ports);
  const logins = loginsOf(ports, certificates);
  const byClient = await Promise.all(
    clients
      .filter(({ missing }) => missing() === null)
      .map(async client => {
        const printed = await linesOf(client, logins, join(directory, `${client.name}.json`));
        return printed.map(line => `${client.name}, ${line}`);
      }),
  );
  return [...lines, ...byClient.flat()];
}

async function linesByJava(directory: string, ports: Ports): Promise<string[]> {
  const options = [
    '-Dorg.slf4j.simpleLogger.defaultLogLevel=off',
    `-Dorg.apache.kafka.sasl.oauthbearer.allowed.urls=${logins(directory, ports)
      .map(login => login.split('=')[0]!)
      .filter(name => name.startsWith('token-'))
      .map(name => `file://${join(directory, `${tokenOf(name)}.jwt`)}`)
      .join(',')}`,
  ];
  const words = [
    ...SHORT_LIVED_JVM,
    ...options,
    '-cp',
    javaClassPath(),
    'Security',
    ...logins(directory, ports),
  ];
  const { stdout } = await run('java', words, { timeout: RUN_TIMEOUT_MS });
  return stdout.trim().split('\n');
}

function tokenOf(login: string): string {
  return login.replace(/^token-/, '').replace(/-nothing-expected$/, '');
}

async function linesOfReference(directory: string): Promise<string[]> {
  const ports = await freePorts();
  const {
    listeners,
    'listener.security.protocol.map': map,
    ...properties
  } = brokerProperties(ports, `file://${join(directory, 'keys.json')}`);
  const [port, controllerPort] = [await freePort(), await freePort()];
  const node = await startReference({
    jvm: [`-Dorg.apache.kafka.sasl.oauthbearer.allowed.urls=file://${join(directory, 'keys.json')}`],
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
    return await linesBy(directory, ports);
  } finally {
    await node.stop();
  }
}

async function linesOfMillrace(directory: string): Promise<string[]> {
  const ports = await freePorts();
  const broker = await startTestBroker({
    properties: brokerProperties(ports, `file://${join(directory, 'keys.json')}`),
  });
  try {
    return await linesBy(directory, ports);
  } finally {
    await broker.stop();
  }
}

const missing = missingJavaToolchain();

test('logins end as at Apache Kafka', { skip: missing ?? false }, async context => {
  const directory = mkdtempSync(join(tmpdir(), 'millrace-logins-'));
  context.after(() => rmSync(directory, { recursive: true, force: true }));
  const [ours, theirs] = [join(directory, 'ours'), join(directory, 'theirs')];
  mkdirSync(ours);
  writeTokens(ours);
  cpSync(ours, theirs, { recursive: true });
  const [lines, expected] = await Promise.all([linesOfMillrace(ours), linesOfReference(theirs)]);
  context.diagnostic(lines.join('\n'));
  assert.ok(lines.length >= 25);
  assert.deepEqual(lines, expected);
});
