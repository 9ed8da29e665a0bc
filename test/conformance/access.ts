// npm run test:conformance: what is administered once a broker is secured. With StandardAuthorizer, a listener for logins and
// a key for delegation tokens, ACLs and tokens are made, read and taken away by raw frames, then by Apache Kafka's own
// tools; Apache Kafka 4.3.1 and Millrace must answer and print the same. Who may do what is acl-matrix.ts.

import { after, before, describe, it } from 'node:test';
import { freePort } from '../support/free-port.ts';
import { startTestBroker } from '../support/test-broker.ts';
import { aclSteps } from './frames/acl-steps.ts';
import { onceSettled, peerAt } from './frames/frame-step.ts';
import type { SecuredPeer } from './frames/login-step.ts';
import { tokenSteps } from './frames/token-steps.ts';
import { missingJavaToolchain, startReference } from './reference.ts';
import { testCommands, testSteps } from './same.ts';
import { accessCommands } from './tools/access-commands.ts';

const PLAIN = 'org.apache.kafka.common.security.plain.PlainLoginModule required';
const SCRAM = 'org.apache.kafka.common.security.scram.ScramLoginModule required;';
const SECURED = {
  'inter.broker.listener.name': 'PLAINTEXT',
  'sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512',
  'listener.name.sasl.plain.sasl.jaas.config': `${PLAIN} user_admin="secret" user_alice="secret" user_bob="secret";`,
  'listener.name.sasl.scram-sha-256.sasl.jaas.config': SCRAM,
  'listener.name.sasl.scram-sha-512.sasl.jaas.config': SCRAM,
  'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
  'super.users': 'User:admin;User:ANONYMOUS',
  'delegation.token.secret.key': 'a secret key',
};

interface Secured {
  readonly peer: SecuredPeer;
  readonly address: string;
  stop(): Promise<void>;
}

function peerOf(address: string, saslPort: number): SecuredPeer {
  return { ...peerAt(address), saslPort, tokens: new Map() };
}

async function startTheirs(): Promise<Secured> {
  const [port, saslPort, controllerPort] = [await freePort(), await freePort(), await freePort()];
  const listeners = `PLAINTEXT://127.0.0.1:${port},SASL://127.0.0.1:${saslPort}`;
  const node = await startReference({
    properties: {
      ...SECURED,
      listeners: `${listeners},CONTROLLER://127.0.0.1:${controllerPort}`,
      'advertised.listeners': listeners,
      'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,SASL:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT',
      'controller.quorum.bootstrap.servers': `127.0.0.1:${controllerPort}`,
    },
  });
  const address = `127.0.0.1:${port}`;
  return { peer: peerOf(address, saslPort), address, stop: () => node.stop() };
}

async function startOurs(): Promise<Secured> {
  const broker = await startTestBroker({
    profile: 'kafka',
    properties: {
      listeners: 'PLAINTEXT://127.0.0.1:0,SASL://127.0.0.1:0',
      'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,SASL:SASL_PLAINTEXT',
      ...SECURED,
    },
  });
  const address = `127.0.0.1:${broker.portOf('PLAINTEXT')}`;
  return { peer: peerOf(address, broker.portOf('SASL')), address, stop: broker.stop };
}

const noReference = missingJavaToolchain();

describe('administration of access, beside Apache Kafka 4.3.1', { skip: noReference ?? false }, () => {
  const running: Secured[] = [];
  let theirs: Secured;
  let ours: Secured;

  before(async () => {
    ours = await startOurs();
    running.push(ours);
    theirs = await startTheirs();
    running.push(theirs);
  });

  after(async () => {
    await Promise.all(running.map(one => one.stop()));
  });

  testSteps([...aclSteps, ...tokenSteps].map(onceSettled), () => ({
    there: theirs.peer,
    here: ours.peer,
  }));

  it("Apache Kafka's command line tools", context =>
    testCommands(context, { theirs: theirs.address, ours: ours.address }, accessCommands));
});
