// Keys and certificates in every form that Apache Kafka's keys allow, and their renewal while the broker runs.

import assert from 'node:assert/strict';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { connect } from 'node:tls';
import { ManualTime } from '../../src/broker/runtime/clock.ts';
import { IncrementalAlterConfigs } from '../../src/protocol/messages/apis/incremental-alter-configs.ts';
import { RawConnection } from '../support/raw-connection.ts';
import { openTestBroker } from '../support/test-broker.ts';

const certificates = new URL('../golden/certificates/', import.meta.url).pathname;
const store = readFileSync(join(certificates, 'broker-store.pem'), 'utf8');
const trusted = readFileSync(join(certificates, 'ca.pem'), 'utf8');
const chain = store.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g)!.join('\n');
const key = createPrivateKey(store);
const SUBJECT = new X509Certificate(chain).subject;

async function start(context: TestContext, properties: Record<string, string>) {
  const time = new ManualTime();
  const listeners = 'SSL://127.0.0.1:0,PLAINTEXT://127.0.0.1:0';
  const broker = await openTestBroker(context, { time, properties: { listeners, ...properties } });
  return { ...broker, time };
}

/** Whom the broker says it is, to a client that does not judge. */
function subjectAt(port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false }, () => {
      resolve(socket.getPeerX509Certificate()!.subject);
      socket.destroy();
    });
    socket.on('error', reject);
  });
}

test('key and certificates may stand in the properties themselves, in one line', async context => {
  const oneLine = (pem: string) => pem.trim().replaceAll('\n', ' ');
  const { portOf } = await start(context, {
    'ssl.keystore.type': 'PEM',
    'ssl.keystore.key': oneLine(key.export({ type: 'pkcs8', format: 'pem' }) as string),
    'ssl.keystore.certificate.chain': oneLine(chain),
    'ssl.truststore.type': 'PEM',
    'ssl.truststore.certificates': oneLine(trusted),
  });
  assert.equal(await subjectAt(portOf('SSL')), SUBJECT);
});

test('an encrypted key wants ssl.key.password, and no error shows it', async context => {
  const passphrase = 'key secret';
  const encrypted = key.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase });
  const properties = {
    'ssl.keystore.type': 'PEM',
    'ssl.keystore.key': encrypted as string,
    'ssl.keystore.certificate.chain': chain,
  };
  const { portOf } = await start(context, { ...properties, 'ssl.key.password': passphrase });
  assert.equal(await subjectAt(portOf('SSL')), SUBJECT);
  await assert.rejects(start(context, { ...properties, 'ssl.key.password': 'another' }), (error: Error) => {
    assert.match(error.message, /The listener SSL cannot be opened/);
    assert.doesNotMatch(error.message, /another|key secret/);
    return true;
  });
});

function storeInDirectory(context: TestContext) {
  const directory = mkdtempSync(join(tmpdir(), 'millrace-keys-'));
  context.after(() => rmSync(directory, { recursive: true }));
  const file = join(directory, 'broker.pem');
  copyFileSync(join(certificates, 'broker-store.pem'), file);
  utimesSync(file, 1000, 1000);
  return {
    properties: { 'ssl.keystore.type': 'PEM', 'ssl.keystore.location': file },
    replace: (text: string, atSeconds: number) => {
      writeFileSync(file, text);
      utimesSync(file, atSeconds, atSeconds);
    },
  };
}

test('a store that was replaced serves the next connection; one that cannot be read leaves the former', async context => {
  const { properties, replace } = storeInDirectory(context);
  const { portOf, reports, time } = await start(context, properties);
  assert.equal(await subjectAt(portOf('SSL')), SUBJECT);
  replace('nothing of use', 2000);
  time.advance(1_000);
  assert.equal(await subjectAt(portOf('SSL')), SUBJECT);
  assert.match(reports.join('\n'), /cannot be used.*The former ones stay in use/);
  replace(readFileSync(join(certificates, 'client-store.pem'), 'utf8'), 3000);
  time.advance(1_000);
  assert.match(await subjectAt(portOf('SSL')), /CN=alice/);
});

async function alter(port: number, name: string, value: string) {
  const connection = await RawConnection.open(port);
  const resources = [
    {
      resourceType: 4,
      resourceName: '1',
      configs: [{ name: `listener.name.ssl.${name}`, configOperation: 0, value }],
    },
  ];
  const { responses } = await connection.request(IncrementalAlterConfigs, 1, {
    validateOnly: false,
    resources,
  });
  connection.close();
  return responses[0]!;
}

test('another certificate by another name is refused when it is set, unless that is allowed', async context => {
  const client = join(certificates, 'client-store.pem');
  const properties = {
    'ssl.keystore.type': 'PEM',
    'ssl.keystore.location': join(certificates, 'broker-store.pem'),
  };
  const strict = await start(context, properties);
  const refused = await alter(strict.portOf('PLAINTEXT'), 'ssl.keystore.location', client);
  assert.equal(refused.errorCode, 42);
  assert.match(refused.errorMessage!, /Keystore DistinguishedName does not match/);
  const lax = await start(context, {
    ...properties,
    'ssl.allow.dn.changes': 'true',
    'ssl.allow.san.changes': 'true',
  });
  assert.equal((await alter(lax.portOf('PLAINTEXT'), 'ssl.keystore.location', client)).errorCode, 0);
  lax.time.advance(1_000);
  assert.match(await subjectAt(lax.portOf('SSL')), /CN=alice/);
});

test('protocols that are set while running wait for the next start, and do not spoil a renewal', async context => {
  const { properties, replace } = storeInDirectory(context);
  const { portOf, reports, time } = await start(context, properties);
  assert.equal((await alter(portOf('PLAINTEXT'), 'ssl.enabled.protocols', 'nonsense')).errorCode, 0);
  replace(readFileSync(join(certificates, 'client-store.pem'), 'utf8'), 2000);
  time.advance(1_000);
  assert.match(await subjectAt(portOf('SSL')), /CN=alice/, reports.join('\n'));
});
