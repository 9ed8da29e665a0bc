// Delegation tokens over real sockets: given, seen, renewed, ended, swept when their time is over, and logged in with. What
// Apache Kafka answers to each is held beside it in test/conformance/access.ts.

import assert from 'node:assert/strict';
import { createHash, createHmac, pbkdf2Sync } from 'node:crypto';
import { describe, it, type TestContext } from 'node:test';
import type { RawConnection } from '../../../../test/support/raw-connection.ts';
import { openTestBroker, type TestBroker } from '../../../../test/support/test-broker.ts';
import { ErrorCode } from '../../../protocol/errors.ts';
import { CreateDelegationToken } from '../../../protocol/messages/apis/create-delegation-token.ts';
import { DescribeDelegationToken } from '../../../protocol/messages/apis/describe-delegation-token.ts';
import { ExpireDelegationToken } from '../../../protocol/messages/apis/expire-delegation-token.ts';
import { RenewDelegationToken } from '../../../protocol/messages/apis/renew-delegation-token.ts';
import { SaslAuthenticate } from '../../../protocol/messages/apis/sasl-authenticate.ts';
import { SaslHandshake } from '../../../protocol/messages/apis/sasl-handshake.ts';
import { MemoryFileSystem } from '../../../storage/fs/memory.ts';
import { ManualTime } from '../../runtime/clock.ts';

const DAY_MS = 86_400_000;
const PLAIN = 'org.apache.kafka.common.security.plain.PlainLoginModule required';
const SECRET = { 'delegation.token.secret.key': 'a secret key' };
const NOBODY = { ownerPrincipalType: null, ownerPrincipalName: null };
const BOB = { principalType: 'User', principalName: 'bob' };

interface Opened extends TestBroker {
  readonly time: ManualTime;
}

async function open(
  context: TestContext,
  more: Readonly<Record<string, string>> = SECRET,
  fileSystem = new MemoryFileSystem(),
): Promise<Opened> {
  const time = new ManualTime();
  const broker = await openTestBroker(context, {
    time,
    fileSystem,
    properties: {
      listeners: 'SASL://127.0.0.1:0',
      'listener.security.protocol.map': 'SASL:SASL_PLAINTEXT',
      'inter.broker.listener.name': 'SASL',
      'sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-256',
      'listener.name.sasl.plain.sasl.jaas.config': `${PLAIN} user_alice="secret" user_bob="secret";`,
      ...more,
    },
  });
  return Object.assign(broker, { time });
}

async function connectAs(broker: TestBroker, user: string): Promise<RawConnection> {
  const connection = await broker.connect();
  await connection.request(SaslHandshake, 1, { mechanism: 'PLAIN' });
  const authBytes = Buffer.from(`\0${user}\0secret`);
  assert.equal((await connection.request(SaslAuthenticate, 2, { authBytes })).errorCode, ErrorCode.NONE);
  return connection;
}

const create = (connection: RawConnection, maxLifetimeMs = -1n) =>
  connection.request(CreateDelegationToken, 3, { ...NOBODY, renewers: [BOB], maxLifetimeMs });
const tokensOf = async (connection: RawConnection) =>
  (await connection.request(DescribeDelegationToken, 3, { owners: null })).tokens;

/** SCRAM-SHA-256 with the token as the password; the code of the last answer. */
async function logIn(broker: TestBroker, tokenId: string, hmac: Buffer) {
  const connection = await broker.connect();
  await connection.request(SaslHandshake, 1, { mechanism: 'SCRAM-SHA-256' });
  const bare = `n=${tokenId},r=abc,tokenauth=true`;
  const first = { authBytes: Buffer.from(`n,,${bare}`) };
  const challenge = (await connection.request(SaslAuthenticate, 2, first)).authBytes.toString();
  const [, nonce = '', salt = '', iterations = ''] = /^r=(.+),s=(.+),i=(\d+)$/.exec(challenge) ?? [];
  const password = hmac.toString('base64');
  const salted = pbkdf2Sync(password, Buffer.from(salt, 'base64'), Number(iterations), 32, 'sha256');
  const clientKey = createHmac('sha256', salted).update('Client Key').digest();
  const storedKey = createHash('sha256').update(clientKey).digest();
  const withoutProof = `c=biws,r=${nonce}`;
  const signature = createHmac('sha256', storedKey).update(`${bare},${challenge},${withoutProof}`).digest();
  const proof = Buffer.from(clientKey.map((byte, index) => byte ^ signature[index]!)).toString('base64');
  const last = await connection.request(SaslAuthenticate, 2, {
    authBytes: Buffer.from(`${withoutProof},p=${proof}`),
  });
  return { connection, ...last };
}

describe('delegation tokens', () => {
  it('are not given without a key', async context => {
    const alice = await connectAs(await open(context, {}), 'alice');
    assert.equal((await create(alice)).errorCode, ErrorCode.DELEGATION_TOKEN_AUTH_DISABLED);
    const { errorCode } = await alice.request(DescribeDelegationToken, 3, { owners: null });
    assert.equal(errorCode, ErrorCode.DELEGATION_TOKEN_AUTH_DISABLED);
  });

  it('log their owner in for as long as they last, and beget no others', async context => {
    const broker = await open(context);
    const { tokenId, hmac } = await create(await connectAs(broker, 'alice'));
    const login = await logIn(broker, tokenId, hmac);
    assert.equal(login.errorCode, ErrorCode.NONE);
    assert.equal(login.sessionLifetimeMs, BigInt(DAY_MS));
    const refused = await create(login.connection);
    assert.equal(refused.errorCode, ErrorCode.DELEGATION_TOKEN_REQUEST_NOT_ALLOWED);
    assert.equal(refused.principalName, 'alice');
  });

  it('are seen, renewed and ended by their owner and renewers, and kept across a restart', async context => {
    const fileSystem = new MemoryFileSystem();
    const broker = await open(context, SECRET, fileSystem);
    const [alice, bob] = [await connectAs(broker, 'alice'), await connectAs(broker, 'bob')];
    const { tokenId, hmac, issueTimestampMs } = await create(alice);
    const [seen] = await tokensOf(bob);
    assert.deepEqual([seen?.tokenId, seen?.hmac], [tokenId, hmac]);
    broker.time.advance(1_000);
    const renewed = await bob.request(RenewDelegationToken, 2, { hmac, renewPeriodMs: 60_000n });
    assert.equal(renewed.expiryTimestampMs, issueTimestampMs + 61_000n);
    await broker.broker.stop();
    const again = await open(context, SECRET, fileSystem);
    const alive = await connectAs(again, 'alice');
    const [kept] = await tokensOf(alive);
    assert.deepEqual([kept?.hmac, kept?.expiryTimestamp], [hmac, renewed.expiryTimestampMs]);
    const ended = await alive.request(ExpireDelegationToken, 2, { hmac, expiryTimePeriodMs: -1n });
    assert.equal(ended.errorCode, ErrorCode.NONE);
    assert.deepEqual(await tokensOf(alive), []);
  });

  it('are swept when their time is over', async context => {
    const broker = await open(context);
    const alice = await connectAs(broker, 'alice');
    const { hmac } = await create(alice, 1_000n);
    await create(alice);
    broker.time.advance(2_000);
    const { errorCode } = await alice.request(RenewDelegationToken, 2, { hmac, renewPeriodMs: 1_000n });
    assert.equal(errorCode, ErrorCode.DELEGATION_TOKEN_EXPIRED);
    assert.equal((await tokensOf(alice)).length, 2);
    broker.time.advance(3_600_000);
    assert.equal((await tokensOf(await connectAs(broker, 'alice'))).length, 1);
  });
});
