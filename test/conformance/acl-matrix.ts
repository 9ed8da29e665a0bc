// The ACL matrix against Apache Kafka itself, with StandardAuthorizer and users of SASL/PLAIN: what is committed in
// test/golden/acl/matrix.json must be what it answers. With RECORD=1 it is written anew. Millrace, with the same users of
// SASL/PLAIN, is held against the same file, which needs no Java; so is its dispatch alone, with made-up principals and more
// quickly, by src/broker/security/acl/acl-matrix.test.ts.

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { SaslAuthenticate } from '../../src/protocol/messages/apis/sasl-authenticate.ts';
import { SaslHandshake } from '../../src/protocol/messages/apis/sasl-handshake.ts';
import type { Api } from '../../src/protocol/schema/field.ts';
import {
  type Ask,
  grant,
  grants,
  type Matrix,
  type Outcomes,
  outcomesOf,
} from '../support/acl/acl-matrix.ts';
import { prepare } from '../support/acl/acl-world.ts';
import { RawConnection } from '../support/raw-connection.ts';
import { type RunningTestBroker, startTestBroker } from '../support/test-broker.ts';
import { missingJavaToolchain, type ReferenceNode, startReference } from './reference.ts';
import { settledOn } from './settled.ts';

const GOLDEN = new URL('../golden/acl/matrix.json', import.meta.url);
/** Share and streams groups are served from here on. */
const LEVEL = 30;
const RELEASE = '4.3';
const isRecording = process.env.RECORD === '1';

const properties = {
  'listener.security.protocol.map': 'PLAINTEXT:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT',
  'inter.broker.listener.name': 'PLAINTEXT',
  'sasl.enabled.mechanisms': 'PLAIN',
  'sasl.mechanism.inter.broker.protocol': 'PLAIN',
  'listener.name.plaintext.plain.sasl.jaas.config':
    'org.apache.kafka.common.security.plain.PlainLoginModule required username="admin" password="secret" ' +
    'user_admin="secret" user_alice="secret";',
  'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
  'super.users': 'User:admin;User:ANONYMOUS',
};

async function connectAs(port: number, user: string): Promise<RawConnection> {
  const connection = await RawConnection.open(port);
  await connection.request(SaslHandshake, 1, { mechanism: 'PLAIN' });
  const authBytes = Buffer.from(`\0${user}\0secret`);
  const { errorCode } = await connection.request(SaslAuthenticate, 2, { authBytes });
  assert.equal(errorCode, 0, `${user} authenticates`);
  return connection;
}

interface Asker {
  readonly ask: Ask;
  connectionOf(user: string): Promise<RawConnection>;
  close(): void;
}

function asker(port: number): Asker {
  const open = new Map<string, RawConnection>();
  const connectionOf = async (user: string): Promise<RawConnection> => {
    const known = open.get(user);
    if (known !== undefined && !known.isClosed) return known;
    const connection = await connectAs(port, user);
    open.set(user, connection);
    return connection;
  };
  return {
    connectionOf,
    ask: async (user, api, version, body) => {
      const connection = await connectionOf(user);
      try {
        return await connection.request(api as Api, version, body as never);
      } catch (error) {
        if (connection.isClosed) return 'closed';
        throw error;
      }
    },
    close: () => {
      for (const connection of open.values()) connection.close();
    },
  };
}

describe('ACL matrix of Millrace, logged in', () => {
  const golden = JSON.parse(readFileSync(GOLDEN, 'utf8')) as Matrix;
  let broker: RunningTestBroker;
  let asking: Asker;
  before(async () => {
    broker = await startTestBroker({ profile: 'kafka', properties, metadataVersion: LEVEL });
    asking = asker(broker.port);
    await prepare(asking.ask);
  });
  after(async () => {
    asking?.close();
    await broker?.stop();
  });
  for (const [name, acls] of grants()) {
    it(name, async () => {
      await grant(asking.ask, acls);
      assert.deepEqual(await outcomesOf(asking.ask), golden[name]);
    });
  }
});

describe('ACL matrix of Apache Kafka', { skip: missingJavaToolchain() ?? false }, () => {
  let reference: ReferenceNode;
  let asking: Asker;
  const recorded: Record<string, Outcomes> = {};
  before(async () => {
    reference = await startReference({ properties, releaseVersion: RELEASE });
    asking = asker(Number(reference.bootstrapServers.split(':')[1]));
    await prepare(asking.ask);
  });
  after(async () => {
    asking?.close();
    await reference?.stop();
    if (isRecording) writeFileSync(GOLDEN, `${JSON.stringify(recorded, null, 2)}\n`);
  });
  for (const [name, acls] of grants()) {
    it(name, async () => {
      await grant(asking.ask, acls);
      await settledOn(await asking.connectionOf('admin'));
      recorded[name] = await outcomesOf(asking.ask);
      if (isRecording) return;
      const golden = JSON.parse(readFileSync(GOLDEN, 'utf8')) as Matrix;
      assert.deepEqual(recorded[name], golden[name]);
    });
  }
});
