// Every API under every ACL, held against what Apache Kafka 4.3.1 answered (test/golden/acl/matrix.json, recorded by
// test/conformance/acl-matrix.ts). Requests go through the real dispatch, as bytes; only the peer is made up, so that it
// can be anybody.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { it, type TestContext } from 'node:test';
import { type Ask, grant, grants, type Matrix, outcomesOf } from '../../../../test/support/acl/acl-matrix.ts';
import { aclRequests } from '../../../../test/support/acl/acl-requests.ts';
import { prepare } from '../../../../test/support/acl/acl-world.ts';
import { decodeResponse, encodeRequest } from '../../../../test/support/raw-connection.ts';
import { openTestBroker } from '../../../../test/support/test-broker.ts';
import { Writer } from '../../../protocol/wire/writer.ts';
import { handlers } from '../../handlers/index.ts';
import { Dispatcher } from '../../network/dispatch.ts';
import type { Exchange, Peer } from '../../network/exchange.ts';
import type { BrokerNode } from '../../node.ts';

const golden = JSON.parse(
  readFileSync(new URL('../../../../test/golden/acl/matrix.json', import.meta.url), 'utf8'),
) as Matrix;

/** Share and streams groups are served from here on. */
const LEVEL = 30;

function askerOf(node: BrokerNode): Ask {
  const dispatcher = new Dispatcher({ handlers, node, report: message => assert.fail(message) });
  return async (user, api, version, body) => {
    const frame = encodeRequest(api, { version, correlationId: 1, clientId: 'raw' }, body as never);
    const exchange = await new Promise<Exchange>(resolve => {
      const peer: Peer = {
        info: infoOf(user),
        signal: new AbortController().signal,
        begun: () => {},
        finished: resolve,
        mute: () => {},
        report: () => {},
      };
      dispatcher.dispatch(peer, frame, 4, frame.length);
    });
    if (exchange.outcome === 'close' || exchange.outcome == null) return 'closed';
    const writer = new Writer();
    dispatcher.encode(exchange, exchange.outcome, writer);
    exchange.sent();
    const bytes = Buffer.from(writer.toBuffer().subarray(4));
    return decodeResponse(api, version, { correlationId: 1, bytes });
  };
}

function infoOf(user: string): Peer['info'] {
  return {
    id: 1,
    remoteAddress: '127.0.0.1',
    remotePort: 1,
    localAddress: '127.0.0.1',
    localPort: 9092,
    listenerName: 'PLAINTEXT',
    principal: `User:${user}`,
    clientSoftwareName: '',
    clientSoftwareVersion: '',
  };
}

async function open(context: TestContext): Promise<Ask> {
  const { broker } = await openTestBroker(context, {
    properties: {
      'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
      'super.users': 'User:admin',
    },
    profile: 'kafka',
    metadataVersion: LEVEL,
  });
  const ask = askerOf(broker.node);
  await prepare(ask);
  return ask;
}

it('has an expectation for every ACL and request', () => {
  assert.deepEqual(Object.keys(golden), [...grants().keys()]);
  for (const outcomes of Object.values(golden)) {
    assert.deepEqual(
      Object.keys(outcomes),
      aclRequests.map(({ name }) => name),
    );
  }
});

/** Not asked here: they need a quorum of several, or a key. */
const ELSEWHERE = /^(AddRaftVoter|RemoveRaftVoter|.*DelegationToken)$/;

it('asks every API that asks for an ACL', () => {
  const asked = new Set(aclRequests.map(({ api }) => api.name));
  const unasked = handlers
    .filter(({ acl }) => !acl.startsWith('none:'))
    .map(({ api }) => api.name)
    .filter(name => !asked.has(name) && !ELSEWHERE.test(name));
  assert.deepEqual(unasked, []);
});

it('answers as Apache Kafka under every ACL', async context => {
  const ask = await open(context);
  for (const [name, acls] of grants()) {
    await grant(ask, acls);
    await outcomesOf(ask);
    assert.deepEqual(await outcomesOf(ask), golden[name], name);
  }
});
