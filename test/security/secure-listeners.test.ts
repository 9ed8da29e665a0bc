import assert from 'node:assert/strict';
import { createHmac, generateKeyPairSync, pbkdf2Sync, randomBytes, sign } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { KafkaClient } from '../../src/client/kafka-client.ts';
import type { ConnectionSettings } from '../../src/client/options.ts';
import { AlterUserScramCredentials } from '../../src/protocol/messages/apis/alter-user-scram-credentials.ts';
import { ApiVersions } from '../../src/protocol/messages/apis/api-versions.ts';
import { DescribeCluster } from '../../src/protocol/messages/apis/describe-cluster.ts';
import { SaslAuthenticate } from '../../src/protocol/messages/apis/sasl-authenticate.ts';
import { SaslHandshake } from '../../src/protocol/messages/apis/sasl-handshake.ts';
import { encodeRequest, RawConnection } from '../support/raw-connection.ts';
import { openTestBroker, type TestBroker } from '../support/test-broker.ts';

const certificates = new URL('../golden/certificates/', import.meta.url).pathname;
const pem = (name: string) => readFileSync(join(certificates, name), 'utf8');
const PLAIN_USERS = 'org.apache.kafka.common.security.plain.PlainLoginModule required user_alice="secret";';
const software = { clientSoftwareName: 'raw', clientSoftwareVersion: '1' };
const DESCRIBE = { includeClusterAuthorizedOperations: false, includeFencedBrokers: false };
/** Long enough for what is to be answered in it, on a machine that has much else to do. */
const SESSION_MS = 3_000;
const plainMessage = (name: string, password: string) => Buffer.from(`\0${name}\0${password}`);

function start(context: TestContext, properties: Record<string, string>): Promise<TestBroker> {
  return openTestBroker(context, { properties });
}

async function clusterIdBy(port: number, settings: ConnectionSettings): Promise<string> {
  const client = new KafkaClient({ bootstrapServers: `127.0.0.1:${port}`, clientId: 'test', ...settings });
  try {
    return String((await client.cluster()).clusterId);
  } finally {
    client.close();
  }
}

function saslListener(mechanisms: string, more: Record<string, string> = {}) {
  return {
    listeners: 'SASL_PLAINTEXT://127.0.0.1:0,PLAINTEXT://127.0.0.1:0',
    'sasl.enabled.mechanisms': mechanisms,
    'connection.failed.authentication.delay.ms': '1',
    'listener.name.sasl_plaintext.plain.sasl.jaas.config': PLAIN_USERS,
    ...more,
  };
}

test('PLAIN lets the right password in and no other', async context => {
  const { broker, portOf } = await start(context, saslListener('PLAIN'));
  const port = portOf('SASL_PLAINTEXT');
  const sasl = { mechanism: 'PLAIN', username: 'alice', password: 'secret' } as const;
  assert.equal(await clusterIdBy(port, { sasl }), broker.identity.clusterId);
  const wrong = clusterIdBy(port, { sasl: { ...sasl, password: 'wrong' } });
  await assert.rejects(wrong, /Authentication failed: Invalid username or password/);
  const other = clusterIdBy(port, { sasl: { ...sasl, mechanism: 'SCRAM-SHA-256' } });
  await assert.rejects(other, /does not accept SCRAM-SHA-256; it offers: PLAIN/);
});

test('SCRAM lets in whom AlterUserScramCredentials stored; an unknown user is told no more than a wrong password', async context => {
  const { portOf } = await start(context, saslListener('SCRAM-SHA-256,SCRAM-SHA-512'));
  const open = await RawConnection.open(portOf('PLAINTEXT'));
  context.after(() => open.close());
  const salt = randomBytes(16);
  for (const [mechanism, hash] of [
    [1, 'sha256'],
    [2, 'sha512'],
  ] as const) {
    const saltedPassword = pbkdf2Sync('pencil', salt, 4096, hash === 'sha256' ? 32 : 64, hash);
    const upsertions = [{ name: 'bob', mechanism, iterations: 4096, salt, saltedPassword }];
    await open.request(AlterUserScramCredentials, 0, { deletions: [], upsertions });
  }
  const port = portOf('SASL_PLAINTEXT');
  for (const mechanism of ['SCRAM-SHA-256', 'SCRAM-SHA-512'] as const) {
    const sasl = { mechanism, username: 'bob', password: 'pencil' };
    assert.notEqual(await clusterIdBy(port, { sasl }), '');
    const refusal = new RegExp(`due to invalid credentials with SASL mechanism ${mechanism}`);
    await assert.rejects(clusterIdBy(port, { sasl: { ...sasl, password: 'pen' } }), refusal);
    await assert.rejects(clusterIdBy(port, { sasl: { ...sasl, username: 'nobody' } }), refusal);
  }
});

test('before the login only ApiVersions and SaslHandshake are looked at', async context => {
  const { portOf } = await start(context, saslListener('PLAIN'));
  const connection = await RawConnection.open(portOf('SASL_PLAINTEXT'));
  assert.equal((await connection.request(ApiVersions, 3, software)).errorCode, 0);
  connection.send(DescribeCluster, 0, DESCRIBE);
  await connection.closed();
  const second = await RawConnection.open(portOf('SASL_PLAINTEXT'));
  assert.equal((await second.request(ApiVersions, 3, software)).errorCode, 0);
  second.send(ApiVersions, 3, software);
  await second.closed();
});

test('a session ends unless it is renewed, by the same mechanism and principal', async context => {
  const { portOf } = await start(
    context,
    saslListener('PLAIN', {
      'connections.max.reauth.ms': String(SESSION_MS),
      'listener.name.sasl_plaintext.plain.sasl.jaas.config': PLAIN_USERS.replace(';', ' user_bob="bob";'),
    }),
  );
  const connection = await RawConnection.open(portOf('SASL_PLAINTEXT'));
  const logIn = async (name: string, password: string) => {
    await connection.request(SaslHandshake, 1, { mechanism: 'PLAIN' });
    return connection.request(SaslAuthenticate, 2, { authBytes: plainMessage(name, password) });
  };
  assert.equal((await logIn('alice', 'secret')).sessionLifetimeMs, BigInt(SESSION_MS));
  assert.equal((await logIn('alice', 'secret')).errorCode, 0);
  assert.equal((await connection.request(DescribeCluster, 0, DESCRIBE)).errorCode, 0);
  // A second renewal within one second is an ordinary request, and refused as one.
  assert.equal((await connection.request(SaslHandshake, 1, { mechanism: 'PLAIN' })).errorCode, 34);
  // The first request after its end closes it.
  while (!connection.isClosed) {
    connection.send(DescribeCluster, 0, DESCRIBE);
    await new Promise(resolve => setTimeout(resolve, 50));
  }
  const other = await RawConnection.open(portOf('SASL_PLAINTEXT'));
  await other.request(SaslHandshake, 1, { mechanism: 'PLAIN' });
  await other.request(SaslAuthenticate, 2, { authBytes: plainMessage('alice', 'secret') });
  await other.request(SaslHandshake, 1, { mechanism: 'PLAIN' });
  const changed = await other.request(SaslAuthenticate, 2, { authBytes: plainMessage('bob', 'bob') });
  assert.equal(changed.errorCode, 58);
  assert.match(
    changed.errorMessage!,
    /Cannot change principals during re-authentication from User.alice: User.bob/,
  );
  await other.closed();
});

test('SaslHandshake version 0 is followed by bare tokens', async context => {
  const { portOf } = await start(context, saslListener('PLAIN'));
  const socket = connect(portOf('SASL_PLAINTEXT'), '127.0.0.1');
  context.after(() => socket.destroy());
  const header = { version: 0, correlationId: 7, clientId: 'raw' };
  socket.write(encodeRequest(SaslHandshake, header, { mechanism: 'PLAIN' }));
  // Length 17: correlation id, no error, one mechanism; its name has 5 letters.
  const [answer] = (await once(socket, 'data')) as [Buffer];
  assert.equal(
    answer.toString('hex'),
    `${'00000011'}${'00000007'}${'0000'}${'00000001'}${'0005'}${'504c41494e'}`,
  );
  const token = plainMessage('alice', 'secret');
  const length = Buffer.alloc(4);
  length.writeInt32BE(token.length);
  socket.write(Buffer.concat([length, token]));
  assert.deepEqual(await once(socket, 'data'), [Buffer.alloc(4)]);
});

function tokenBy(
  key: Parameters<typeof sign>[2],
  claims: object,
  header: object = { alg: 'RS256', kid: 'k' },
) {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${part(header)}.${part(claims)}`;
  return `${signed}.${sign('sha256', Buffer.from(signed), key).toString('base64url')}`;
}

test('OAUTHBEARER takes a token that the key set signed for this cluster, and no other', async context => {
  const directory = mkdtempSync(join(tmpdir(), 'millrace-jwks-'));
  context.after(() => rmSync(directory, { recursive: true }));
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid: 'k', use: 'sig', alg: 'RS256' };
  const file = join(directory, 'keys.json');
  writeFileSync(file, JSON.stringify({ keys: [jwk] }));
  const { portOf } = await start(
    context,
    saslListener('OAUTHBEARER', {
      'sasl.oauthbearer.jwks.endpoint.url': `file://${file}`,
      'sasl.oauthbearer.expected.audience': 'kafka',
      'sasl.oauthbearer.expected.issuer': 'https://issuer',
    }),
  );
  const seconds = Math.floor(Date.now() / 1000);
  const good = { sub: 'carol', aud: 'kafka', iss: 'https://issuer', iat: seconds, exp: seconds + 600 };
  const errorOf = async (token: string) => {
    const connection = await RawConnection.open(portOf('SASL_PLAINTEXT'));
    await connection.request(SaslHandshake, 1, { mechanism: 'OAUTHBEARER' });
    const first = Buffer.from(`n,,\x01auth=Bearer ${token}\x01\x01`);
    const answer = await connection.request(SaslAuthenticate, 2, { authBytes: first });
    if (answer.authBytes.length === 0) {
      connection.close();
      return answer.errorCode === 0 && answer.sessionLifetimeMs > 0n ? null : 'refused';
    }
    const last = await connection.request(SaslAuthenticate, 2, { authBytes: Buffer.from([1]) });
    assert.equal(last.errorCode, 58);
    await connection.closed();
    return last.errorMessage;
  };
  const invalid = '{"status":"invalid_token"}';
  const { privateKey: stranger } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  assert.equal(await errorOf(tokenBy(privateKey, good)), null);
  assert.equal(await errorOf(tokenBy(stranger, good)), invalid);
  assert.equal(await errorOf(tokenBy(privateKey, { ...good, aud: 'other' })), invalid);
  assert.equal(await errorOf(tokenBy(privateKey, { ...good, iss: 'other' })), invalid);
  assert.equal(
    await errorOf(tokenBy(privateKey, { ...good, exp: seconds - 60, iat: seconds - 90 })),
    invalid,
  );
  assert.equal(await errorOf(tokenBy(privateKey, good, { alg: 'RS256', kid: 'unknown' })), invalid);
  const [header, claims] = tokenBy(privateKey, good, { alg: 'none' }).split('.');
  assert.equal(await errorOf(`${header}.${claims}.`), invalid);
  const shared = tokenBy(privateKey, good, { alg: 'HS256', kid: 'k' }).split('.').slice(0, 2).join('.');
  const secret = publicKey.export({ type: 'spki', format: 'pem' });
  assert.equal(
    await errorOf(`${shared}.${createHmac('sha256', secret).update(shared).digest('base64url')}`),
    invalid,
  );
});

const tlsProperties = {
  listeners: 'SSL://127.0.0.1:0',
  'ssl.keystore.type': 'PEM',
  'ssl.keystore.location': join(certificates, 'broker-store.pem'),
  'ssl.truststore.type': 'PEM',
  'ssl.truststore.location': join(certificates, 'ca.pem'),
};
const trusting = { ca: pem('ca.pem'), serverName: 'localhost' };
const owning = { ...trusting, cert: pem('client-store.pem'), key: pem('client-store.pem') };

test('TLS serves without a client certificate, and with ssl.client.auth=required only with one', async context => {
  const open = await start(context, tlsProperties);
  assert.notEqual(await clusterIdBy(open.portOf('SSL'), { tls: trusting }), '');
  const closed = await start(context, { ...tlsProperties, 'ssl.client.auth': 'required' });
  assert.notEqual(await clusterIdBy(closed.portOf('SSL'), { tls: owning }), '');
  await assert.rejects(clusterIdBy(closed.portOf('SSL'), { tls: trusting }));
});

test('TLS takes a PKCS#12 key store, and SASL inside', async context => {
  const { portOf } = await start(context, {
    ...saslListener('PLAIN', { 'listener.name.secure.plain.sasl.jaas.config': PLAIN_USERS }),
    listeners: 'SECURE://127.0.0.1:0',
    'listener.security.protocol.map': 'SECURE:SASL_SSL',
    'listener.name.secure.ssl.keystore.type': 'PKCS12',
    'listener.name.secure.ssl.keystore.location': join(certificates, 'broker.p12'),
    'listener.name.secure.ssl.keystore.password': 'secret',
  });
  const sasl = { mechanism: 'PLAIN', username: 'alice', password: 'secret' } as const;
  assert.notEqual(await clusterIdBy(portOf('SECURE'), { tls: trusting, sasl }), '');
});

test('a listener that nobody, or everybody, could log in to is refused with the key to set', async context => {
  const refused = (properties: Record<string, string>, reason: RegExp) =>
    assert.rejects(start(context, { listeners: 'SASL_PLAINTEXT://127.0.0.1:0', ...properties }), reason);
  await refused(
    { 'sasl.enabled.mechanisms': 'PLAIN' },
    /listener.name.sasl_plaintext.plain.sasl.jaas.config/,
  );
  await refused({}, /GSSAPI, which Millrace does not have/);
  await refused({ 'sasl.enabled.mechanisms': 'OAUTHBEARER' }, /sasl.oauthbearer.jwks.endpoint.url/);
  await refused({ listeners: 'SSL://127.0.0.1:0' }, /set ssl.keystore.location/);
  await refused({ ...tlsProperties, 'ssl.keystore.type': 'BKS' }, /keytool -importkeystore/);
});
