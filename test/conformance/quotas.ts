// Quotas, the same conversation with Millrace and with Apache Kafka 4.3.1: what is refused, what is held back, and for how
// long. Each measure is a client's first, so that its time follows from the quota and the bytes and not from the clock.
// What depends on the time that passed in between is compared within a second and a fifth.

import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { AlterClientQuotas } from '../../src/protocol/messages/apis/alter-client-quotas.ts';
import { ApiVersions } from '../../src/protocol/messages/apis/api-versions.ts';
import { CreateTopics } from '../../src/protocol/messages/apis/create-topics.ts';
import { DeleteTopics } from '../../src/protocol/messages/apis/delete-topics.ts';
import { Fetch } from '../../src/protocol/messages/apis/fetch.ts';
import { Produce } from '../../src/protocol/messages/apis/produce.ts';
import type { Api, RequestDraft, ResponseOf } from '../../src/protocol/schema/field.ts';
import { batchOf, createTopic, fetchRequest, produceRequest, produceTo } from '../support/raw-client.ts';
import { decodeResponse, RawConnection } from '../support/raw-connection.ts';
import { openTestBroker } from '../support/test-broker.ts';
import { missingJavaToolchain, startReference } from './reference.ts';
import { settled } from './settled.ts';

interface Seen {
  readonly step: string;
  readonly outcome: unknown;
  readonly throttleTimeMs: number;
  /** How much the time may differ: 2 ms unless it depends on what passed in between. */
  readonly withinMs?: number;
}

/** So that a strict bucket is soon full: two tokens and a wait of seconds instead of eleven and of half a minute. */
const properties = { 'controller.quota.window.num': '2' };
const ROUNDING_MS = 2;

test('quotas: Millrace holds back and refuses as Apache Kafka does', {
  skip: missingJavaToolchain() ?? false,
}, async context => {
  const [ours, theirs] = await Promise.all([ofMillrace(context), ofKafka(context)]);
  for (const [index, { step, outcome, throttleTimeMs, withinMs = ROUNDING_MS }] of theirs.entries()) {
    assert.deepEqual(ours[index]?.outcome, outcome, step);
    const difference = Math.abs((ours[index]?.throttleTimeMs ?? 0) - throttleTimeMs);
    const times = `${ours[index]?.throttleTimeMs} ms, not ${throttleTimeMs} ms`;
    assert.ok(difference <= withinMs, `${step}: ${times}`);
  }
  assert.equal(ours.length, theirs.length);
});

async function ofMillrace(context: TestContext): Promise<Seen[]> {
  return talk((await openTestBroker(context, { properties })).port);
}

async function ofKafka(context: TestContext): Promise<Seen[]> {
  const reference = await startReference({ properties });
  context.after(() => reference.stop());
  return talk(Number(reference.bootstrapServers.split(':').at(-1)));
}

/** A client that nobody has heard of, on a connection of its own, and what it is held back for. */
class Client {
  readonly #connection: RawConnection;
  readonly #name: string;

  private constructor(connection: RawConnection, name: string) {
    this.#connection = connection;
    this.#name = name;
  }

  static async open(port: number, name: string): Promise<Client> {
    return new Client(await RawConnection.open(port), name);
  }

  async ask<A extends Api>(api: A, version: number, body: RequestDraft<A>): Promise<ResponseOf<A>> {
    this.#connection.send(api, version, body, this.#name);
    return decodeResponse(api, version, await this.#connection.frame());
  }

  close(): void {
    this.#connection.close();
  }
}

type Work = (client: Client) => Promise<void>;

async function talk(port: number): Promise<Seen[]> {
  const seen: Seen[] = [];
  const say = (step: string, outcome: unknown, throttleTimeMs: number, withinMs?: number): void => {
    seen.push({ step, outcome, throttleTimeMs, ...(withinMs === undefined ? {} : { withinMs }) });
  };
  const as = (name: string, quota: readonly [string, number], work: Work) =>
    underQuota({ port, name, quota }, work);
  await prepare(port);

  await as('writer', ['producer_byte_rate', 10_000], async client => {
    const sentMs = performance.now();
    const { throttleTimeMs } = await client.ask(Produce, 9, records(120_000));
    await client.ask(ApiVersions, 0, { clientSoftwareName: '', clientSoftwareVersion: '' });
    // A machine that stands still makes it longer, never shorter.
    say('produce', { waits: performance.now() - sentMs >= throttleTimeMs - ROUNDING_MS }, throttleTimeMs);
  });
  await as('writer-of-little', ['producer_byte_rate', 10_000], async client => {
    const { throttleTimeMs } = await client.ask(Produce, 9, records(10_000));
    say('produce below the quota', null, throttleTimeMs);
  });
  for (const [name, rate] of [
    ['reader', 500],
    ['reader-of-little', 1_000],
  ] as const) {
    await as(name, ['consumer_byte_rate', rate], async client => {
      const body = fetchRequest({ topic: 'orders', offset: 0, partitionMaxBytes: 7_000 });
      const { throttleTimeMs, responses } = await client.ask(Fetch, 12, body);
      say(`fetch at ${rate} bytes a second`, responses.length, throttleTimeMs);
    });
  }
  await as('administrator', ['controller_mutation_rate', 1], client => mutate(client, say));
  await as('asker', ['request_percentage', 0.0001], async client => {
    const body = { clientSoftwareName: '', clientSoftwareVersion: '' };
    const { throttleTimeMs } = await client.ask(ApiVersions, 1, body);
    say('request', null, throttleTimeMs);
  });
  return seen;
}

/** A topic that is led, with records to read. */
async function prepare(port: number): Promise<void> {
  const connection = await RawConnection.open(port);
  try {
    await createTopic(connection, { name: 'orders', configs: { 'retention.ms': '-1' } });
    await settled(port);
    const { errorCode } = await produceTo(connection, {
      topic: 'orders',
      records: batchOf(['x'.repeat(6_000)]),
    });
    assert.equal(errorCode, 0, 'a record is there to be read');
  } finally {
    connection.close();
  }
}

type Say = (step: string, outcome: unknown, throttleTimeMs: number, withinMs?: number) => void;

/** Tokens come back while time passes, between two requests and within one. */
async function mutate(client: Client, say: Say): Promise<void> {
  const within = (throttleTimeMs: number) => 1_000 + throttleTimeMs / 5;
  const created = await client.ask(CreateTopics, 7, topics('strict', 1, 4, 1));
  say(
    'create topics',
    created.topics.map(({ name, errorCode, errorMessage }) => [name, errorCode, errorMessage]),
    created.throttleTimeMs,
    within(created.throttleTimeMs),
  );
  const deleted = await client.ask(DeleteTopics, 5, {
    topics: [],
    topicNames: ['strict1'],
    timeoutMs: 30_000,
  });
  say(
    'delete a topic once the wait is over',
    deleted.responses.map(({ name, errorCode }) => [name, errorCode]),
    deleted.throttleTimeMs,
    within(deleted.throttleTimeMs),
  );
  const old = await client.ask(CreateTopics, 5, topics('old', 2, 1));
  say(
    'create topics, version 5',
    old.topics.map(({ name, errorCode }) => [name, errorCode]),
    old.throttleTimeMs,
    within(old.throttleTimeMs),
  );
}

function records(bytes: number) {
  return produceRequest({ topic: 'orders', records: batchOf(['x'.repeat(bytes)]) });
}

function topics(prefix: string, ...sizes: number[]) {
  return {
    topics: sizes.map((numPartitions, index) => ({
      name: prefix + index,
      numPartitions,
      replicationFactor: 1,
      assignments: [],
      configs: [],
    })),
    timeoutMs: 30_000,
    validateOnly: false,
  };
}

interface Quota {
  readonly port: number;
  /** The client's id. */
  readonly name: string;
  readonly quota: readonly [key: string, value: number];
}

async function underQuota({ port, name, quota: [key, value] }: Quota, work: Work): Promise<void> {
  const governor = await RawConnection.open(port);
  const client = await Client.open(port, name);
  try {
    const { entries } = await governor.request(AlterClientQuotas, 1, {
      entries: [
        { entity: [{ entityType: 'client-id', entityName: name }], ops: [{ key, value, remove: false }] },
      ],
      validateOnly: false,
    });
    assert.equal(entries[0]?.errorCode, 0, entries[0]?.errorMessage ?? 'the quota is set');
    await settled(port);
    await work(client);
  } finally {
    client.close();
    governor.close();
  }
}
