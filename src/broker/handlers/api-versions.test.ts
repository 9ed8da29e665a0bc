import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { openTestNetwork } from '../../../test/support/test-network.ts';
import { ApiVersions } from '../../protocol/messages/apis/api-versions.ts';
import { SERVED_FEATURES } from '../metadata/features.ts';
import { emptyImage } from '../metadata/image.ts';
import type { BrokerNode } from '../node.ts';
import { ClientQuotas } from '../quotas/client-quotas.ts';
import { ManualTime } from '../runtime/clock.ts';
import { handlers } from './index.ts';

async function setUp(context: TestContext) {
  const image = emptyImage();
  image.features.set('metadata.version', 25);
  image.features.set('kraft.version', 1);
  image.features.set('group.version', 1);
  image.lastOffset = 42;
  const windows = { count: 11, sizeMs: 1000 };
  const quotas = new ClientQuotas({ clock: new ManualTime(), windows, controllerWindows: windows });
  // ApiVersions asks the node for nothing but the image; dispatch asks for quotas.
  const node = { metadata: { image }, quotas } as unknown as BrokerNode;
  const network = await openTestNetwork(context, handlers, { node });
  return { ...network, connection: await network.connect() };
}

const software = { clientSoftwareName: 'raw', clientSoftwareVersion: '1.0' };

test('an unknown version is answered byte for byte as Apache Kafka answers franz-go', async context => {
  const { connection } = await setUp(context);
  // golden/transcripts/franz-go.json, frames 0 and 1.
  const request = '0012000500000000000c676f6c64656e2d6672616e7a00046b676f0876312e32322e3200ffffffff00';
  for (const version of ['0005', '0063', 'ffff']) {
    const bytes = Buffer.from(request.replace('0005', version), 'hex');
    const length = Buffer.alloc(4);
    length.writeInt32BE(bytes.length);
    connection.write(Buffer.concat([length, bytes]));
    const frame = await connection.frame();
    assert.equal(frame.bytes.toString('hex'), '00000000002300000001001200000004');
  }
  const { errorCode } = await connection.request(ApiVersions, 4, software);
  assert.equal(errorCode, 0);
});

test('it lists what the handlers serve, sorted, with Produce from 0', async context => {
  const { connection } = await setUp(context);
  const { apiKeys } = await connection.request(ApiVersions, 0, {} as typeof software);
  const keys = apiKeys.map(({ apiKey }) => apiKey);
  assert.deepEqual(
    keys,
    [...keys].sort((a, b) => a - b),
  );
  assert.deepEqual(
    keys,
    handlers
      .filter(({ advertised }) => advertised !== null)
      .map(({ api }) => api.key)
      .sort((a, b) => a - b),
  );
  const range = (key: number) => apiKeys.find(({ apiKey }) => apiKey === key);
  assert.deepEqual(range(0), { apiKey: 0, minVersion: 0, maxVersion: 13 });
  assert.deepEqual(range(18), { apiKey: 18, minVersion: 0, maxVersion: 4 });
  assert.equal(range(71), undefined, 'telemetry is answered, not advertised');
});

test('features: minimum 0 only from version 4 on, and only what is served', async context => {
  const { connection } = await setUp(context);
  const third = await connection.request(ApiVersions, 3, software);
  assert.deepEqual(
    third.supportedFeatures.map(({ name }) => name),
    ['metadata.version'],
  );
  const fourth = await connection.request(ApiVersions, 4, software);
  assert.deepEqual(
    fourth.supportedFeatures.map(({ name }) => name).sort(),
    [...SERVED_FEATURES.keys()].sort(),
  );
  assert.equal(fourth.finalizedFeaturesEpoch, 42n);
  const finalized = new Map(
    fourth.finalizedFeatures.map(({ name, maxVersionLevel }) => [name, maxVersionLevel]),
  );
  assert.equal(finalized.get('metadata.version'), 25);
  assert.equal(finalized.has('group.version'), SERVED_FEATURES.has('group.version'));
});

test('software names: what Apache Kafka takes and what it refuses', async context => {
  const { connection } = await setUp(context);
  const codeFor = async (name: string, version: string) =>
    (await connection.request(ApiVersions, 3, { clientSoftwareName: name, clientSoftwareVersion: version }))
      .errorCode;
  for (const good of ['a', 'apache-kafka-java', '2.16.1-rdkafka-2.16.0']) {
    assert.equal(await codeFor(good, '1'), 0, good);
    assert.equal(await codeFor('raw', good), 0, good);
  }
  for (const bad of ['', '-a', 'a-', 'a b', ' a', 'a\n', 'ä']) {
    assert.equal(await codeFor(bad, '1'), 42, bad);
    assert.equal(await codeFor('raw', bad), 42, bad);
  }
});
