// Every API and version, requests made from the schema tables and then broken: the broker answers or closes, never fails in
// a way that nobody thought of, keeps its memory, and afterwards serves a client that did nothing wrong.
// More, or the same again: FUZZ_FRAMES=5000000 FUZZ_SEED=<seed> node --test test/fuzz/frames.test.ts

import assert from 'node:assert/strict';
import process from 'node:process';
import { test } from 'node:test';
import { handlers } from '../../src/broker/handlers/index.ts';
import { Dispatcher } from '../../src/broker/network/dispatch.ts';
import type { Exchange, Peer } from '../../src/broker/network/exchange.ts';
import { ManualTime } from '../../src/broker/runtime/clock.ts';
import { AlterClientQuotas } from '../../src/protocol/messages/apis/alter-client-quotas.ts';
import { ApiVersions } from '../../src/protocol/messages/apis/api-versions.ts';
import { FindCoordinator } from '../../src/protocol/messages/apis/find-coordinator.ts';
import { JoinGroup } from '../../src/protocol/messages/apis/join-group.ts';
import { Metadata } from '../../src/protocol/messages/apis/metadata.ts';
import { Framer } from '../../src/protocol/wire/framer.ts';
import { Writer } from '../../src/protocol/wire/writer.ts';
import { batchOf, createTopic, fetchFrom, produceTo } from '../support/raw-client.ts';
import { encodeRequest } from '../support/raw-connection.ts';
import { openTestBroker, type TestBroker } from '../support/test-broker.ts';
import { mutated } from './mutate.ts';
import { Random } from './random.ts';
import { randomRequest } from './random-request.ts';

const FRAMES = Number(process.env['FUZZ_FRAMES'] ?? 200_000);
const SEED = Number(process.env['FUZZ_SEED'] ?? 20_261_124);
/** Of a frame that says it is longer. */
const FRAME_BYTES_MAX = 1024 * 1024;
/** Less than a minute of one processor; a busy machine may take several. */
const PATIENCE_MS = 900_000;
const FRAMES_PER_CONNECTION = 100;
const HEAP_GROWTH_MAX = 256 * 1024 * 1024;

/** What a socket would do, without one: frames in, answers encoded and thrown away. */
class FuzzedConnection implements Peer {
  readonly info: Peer['info'];
  readonly #abort = new AbortController();
  readonly signal = this.#abort.signal;
  readonly #framer = new Framer({ frameBytesMax: FRAME_BYTES_MAX });
  readonly #dispatcher: Dispatcher;
  isClosed = false;
  answers = 0;

  constructor(dispatcher: Dispatcher, id: number) {
    this.#dispatcher = dispatcher;
    const address = { remoteAddress: '127.0.0.1', remotePort: 1, localAddress: '127.0.0.1', localPort: 2 };
    const client = { principal: 'User:ANONYMOUS', clientSoftwareName: '', clientSoftwareVersion: '' };
    this.info = { id, listenerName: 'PLAINTEXT', ...address, ...client };
  }

  receive(bytes: Buffer): void {
    try {
      this.#framer.push(bytes, (buffer, start, end) => {
        if (!this.isClosed) this.#dispatcher.dispatch(this, buffer, start, end);
      });
    } catch {
      this.close();
    }
    // Whoever kept a view of the shared buffer is found out.
    bytes.fill(0xdb);
  }

  begun(): void {}

  finished(exchange: Exchange): void {
    const { outcome } = exchange;
    if (outcome !== 'close') this.answers += 1;
    if (outcome === 'close') this.close();
    else if (outcome !== null && outcome !== undefined)
      this.#dispatcher.encode(exchange, outcome, new Writer(512));
    exchange.sent();
  }

  mute(): void {}

  report(): void {}

  close(): void {
    this.isClosed = true;
    this.#abort.abort();
  }
}

test(`${FRAMES} frames of all APIs and versions, broken at random`, {
  timeout: PATIENCE_MS,
}, async context => {
  context.diagnostic(`FUZZ_SEED=${SEED}`);
  const time = new ManualTime();
  const broker = await openTestBroker(context, { time });
  const canary = await broker.connect();
  await createTopic(canary, { name: 'canary' });
  await createTopic(canary, { name: 'orders', partitions: 3 });
  const heapBytes = process.memoryUsage().heapUsed;
  const answered = await fuzz(broker, time);
  context.diagnostic(`${answered} were answered, the others closed their connection or still wait`);
  assert.ok(answered > FRAMES / 4, 'too few frames reach a handler for this to mean anything');
  await removeQuotas(broker);
  assert.equal(
    broker.reports.find(report => report.includes('bug in Millrace')),
    undefined,
  );
  await serveCanary(broker);
  globalThis.gc?.();
  const grownBytes = process.memoryUsage().heapUsed - heapBytes;
  context.diagnostic(`heap grew by ${Math.round(grownBytes / 1024 / 1024)} MiB`);
  assert.ok(grownBytes < HEAP_GROWTH_MAX, `the heap grew by ${grownBytes} bytes`);
});

/** How many frames were answered. */
async function fuzz(broker: TestBroker, time: ManualTime): Promise<number> {
  const random = new Random(SEED);
  const bugs: string[] = [];
  const report = (message: string) => bugs.push(message);
  const dispatcher = new Dispatcher({ handlers, node: broker.broker.node, report });
  const targets = handlers.flatMap(({ api, served }) =>
    Array.from({ length: served.max - served.min + 1 }, (_, index) => ({ api, version: served.min + index })),
  );
  let connection = new FuzzedConnection(dispatcher, 1);
  let answered = 0;
  for (let count = 0; count < FRAMES; count += 1) {
    const { api, version } = random.pick(targets);
    const body = randomRequest(api.request.fields, version, random);
    const header = { version, correlationId: count, clientId: random.oneIn(4) ? null : 'fuzz' };
    const frame = mutated(encodeRequest(api, header, body as never), random);
    const hex = frame.toString('hex');
    try {
      connection.receive(frame);
    } catch (error) {
      assert.fail(`frame ${count}, ${api.name} version ${version}: ${(error as Error).stack}\n${hex}`);
    }
    assert.deepEqual(bugs, [], `frame ${count}, ${api.name} version ${version}: ${hex}`);
    if (count % 20 === 0) await new Promise(resolve => setImmediate(resolve));
    if (count % 1_000 === 0) time.advance(500);
    if (connection.isClosed || count % FRAMES_PER_CONNECTION === 0) {
      connection.close();
      answered += connection.answers;
      connection = new FuzzedConnection(dispatcher, count);
    }
  }
  connection.close();
  return answered + connection.answers;
}

/** What the frames have set must not hold the canary back: its time stands still. */
async function removeQuotas({ broker }: TestBroker): Promise<void> {
  const entries = Array.from(broker.node.metadata.image.quotas.values(), ({ entity, values }) => ({
    entity,
    ops: Array.from(values.keys(), key => ({ key, value: 0, remove: true })),
  }));
  const dispatcher = new Dispatcher({ handlers, node: broker.node, report: message => assert.fail(message) });
  const connection = new FuzzedConnection(dispatcher, 0);
  const body = { entries, validateOnly: false };
  connection.receive(
    encodeRequest(AlterClientQuotas, { version: 1, correlationId: 1, clientId: null }, body),
  );
  while (broker.node.quotas.active !== undefined) await new Promise(resolve => setImmediate(resolve));
}

async function serveCanary(broker: TestBroker): Promise<void> {
  const client = await broker.connect();
  const versions = await client.request(ApiVersions, 0, {
    clientSoftwareName: '',
    clientSoftwareVersion: '',
  });
  assert.equal(versions.errorCode, 0);
  const { topics } = await client.request(Metadata, 12, {
    topics: [{ name: 'canary' }],
    allowAutoTopicCreation: false,
    includeClusterAuthorizedOperations: false,
    includeTopicAuthorizedOperations: false,
  });
  assert.equal(topics[0]?.errorCode, 0);
  const produced = await produceTo(client, { topic: 'canary', records: batchOf(['alive']) });
  assert.equal(produced.errorCode, 0);
  const fetched = await fetchFrom(client, { topic: 'canary', offset: 0 });
  assert.ok(fetched.records !== null && fetched.records.length > 0);
  const { coordinators } = await client.request(FindCoordinator, 4, {
    key: '',
    keyType: 0,
    coordinatorKeys: ['canary'],
  });
  assert.equal(coordinators[0]?.errorCode, 0);
  const joined = await client.request(JoinGroup, 3, {
    groupId: 'canary',
    sessionTimeoutMs: 30_000,
    rebalanceTimeoutMs: 30_000,
    memberId: '',
    protocolType: 'consumer',
    protocols: [{ name: 'range', metadata: Buffer.alloc(0) }],
  });
  assert.equal(joined.errorCode, 0);
}
