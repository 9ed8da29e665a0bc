// Quotas, the same conversation with Millrace and with Apache Kafka 4.3.1: what is refused, what is held back, and for how
// long. Times are compared within a fifth: both brokers measure over the milliseconds that really pass.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AlterClientQuotas } from '../../src/protocol/messages/apis/alter-client-quotas.ts';
import { ApiVersions } from '../../src/protocol/messages/apis/api-versions.ts';
import { CreateTopics } from '../../src/protocol/messages/apis/create-topics.ts';
import { DeleteTopics } from '../../src/protocol/messages/apis/delete-topics.ts';
import { Fetch } from '../../src/protocol/messages/apis/fetch.ts';
import { Produce } from '../../src/protocol/messages/apis/produce.ts';
import { batchOf, createTopic, fetchRequest, produceRequest } from '../support/raw-client.ts';
import { RawConnection } from '../support/raw-connection.ts';
import { openTestBroker } from '../support/test-broker.ts';
import { missingJavaToolchain, startReference } from './reference.ts';

interface Seen {
  readonly step: string;
  readonly outcome: unknown;
  readonly throttleTimeMs: number;
}

/** Apache Kafka applies a quota a moment after it answered. */
const APPLIED_MS = 500;
const TOLERANCE = 0.2;
const ATTEMPTS = 100;

test('quotas: Millrace holds back and refuses as Apache Kafka does', {
  skip: missingJavaToolchain() ?? false,
}, async context => {
  const { port } = await openTestBroker(context);
  const ours = await talk(port);
  const reference = await startReference({});
  context.after(() => reference.stop());
  const theirs = await talk(Number(reference.bootstrapServers.split(':').at(-1)));
  for (const [index, { step, outcome, throttleTimeMs }] of theirs.entries()) {
    assert.deepEqual(ours[index]?.outcome, outcome, step);
    const difference = Math.abs((ours[index]?.throttleTimeMs ?? 0) - throttleTimeMs);
    assert.ok(
      difference <= throttleTimeMs * TOLERANCE,
      `${step}: ${ours[index]?.throttleTimeMs} ms, not ${throttleTimeMs} ms`,
    );
  }
});

async function talk(port: number): Promise<Seen[]> {
  const connection = await RawConnection.open(port);
  const seen: Seen[] = [];
  try {
    await createTopic(connection, { name: 'orders' });
    for (let count = 0; count < 3; count += 1) await produceOnceServed(connection);
    await underQuota(port, ['producer_byte_rate', 10_000], async () => {
      const { throttleTimeMs } = await connection.request(Produce, 9, records(110_000));
      const startMs = performance.now();
      await connection.request(ApiVersions, 0, { clientSoftwareName: '', clientSoftwareVersion: '' });
      const isMuted = performance.now() - startMs > throttleTimeMs / 2;
      seen.push({ step: 'produce', outcome: isMuted, throttleTimeMs });
    });
    await underQuota(port, ['consumer_byte_rate', 1_000], async () => {
      for (const offset of [0, 1]) {
        const body = fetchRequest({ topic: 'orders', offset, partitionMaxBytes: 7_000 });
        const { throttleTimeMs, responses } = await connection.request(Fetch, 12, body);
        seen.push({ step: `fetch ${offset}`, outcome: responses.length, throttleTimeMs });
      }
    });
    await underQuota(port, ['controller_mutation_rate', 1], () => mutate(connection, seen));
    await underQuota(port, ['request_percentage', 0.0001], async () => {
      const { throttleTimeMs } = await connection.request(ApiVersions, 1, {
        clientSoftwareName: '',
        clientSoftwareVersion: '',
      });
      seen.push({ step: 'request', outcome: null, throttleTimeMs });
    });
  } finally {
    connection.close();
  }
  return seen;
}

/** Apache Kafka answers a creation before its broker leads the topic: a record is sent again until it was taken. */
async function produceOnceServed(connection: RawConnection): Promise<void> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const { responses } = await connection.request(Produce, 9, records(6_000));
    if (responses[0]?.partitionResponses[0]?.errorCode === 0) return;
    await new Promise(resolve => setTimeout(resolve, 100));
  }
  assert.fail('the topic never took a record');
}

async function mutate(connection: RawConnection, seen: Seen[]): Promise<void> {
  const created = await connection.request(CreateTopics, 7, topics('strict', 5, 10, 1));
  seen.push({
    step: 'create topics',
    outcome: created.topics.map(({ name, errorCode, errorMessage }) => [name, errorCode, errorMessage]),
    throttleTimeMs: created.throttleTimeMs,
  });
  const deleted = await connection.request(DeleteTopics, 5, {
    topics: [],
    topicNames: ['strict1'],
    timeoutMs: 5_000,
  });
  seen.push({
    step: 'delete a topic once the wait is over',
    outcome: deleted.responses.map(({ name, errorCode }) => [name, errorCode]),
    throttleTimeMs: deleted.throttleTimeMs,
  });
  const old = await connection.request(CreateTopics, 5, topics('old', 2, 1));
  seen.push({
    step: 'create topics, version 5',
    outcome: old.topics.map(({ name, errorCode }) => [name, errorCode]),
    throttleTimeMs: old.throttleTimeMs,
  });
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
    timeoutMs: 5_000,
    validateOnly: false,
  };
}

async function underQuota(
  port: number,
  [key, value]: [string, number],
  work: () => Promise<void>,
): Promise<void> {
  const alter = async (remove: boolean) => {
    // Another connection: the one that is measured may be held back.
    const connection = await RawConnection.open(port);
    const entity = [{ entityType: 'client-id', entityName: 'raw' }];
    await connection.request(AlterClientQuotas, 1, {
      entries: [{ entity, ops: [{ key, value, remove }] }],
      validateOnly: false,
    });
    connection.close();
    await new Promise(resolve => setTimeout(resolve, APPLIED_MS));
  };
  await alter(false);
  await work();
  await alter(true);
}
