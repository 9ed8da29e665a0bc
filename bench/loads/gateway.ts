// GET /consume of 1,000 records over one kept connection; Apache Kafka has nothing to set beside it.

import { Agent, request } from 'node:http';
import { Produce } from '../../src/protocol/messages/apis/produce.ts';
import { buildBatch } from '../../src/protocol/records/build-batch.ts';
import { RawConnection } from '../../test/support/raw-connection.ts';
import { RawKafka } from '../support/raw-kafka.ts';
import type { Load, LoadContext, Measure } from './load.ts';

const TOPIC = 'over-http';
const RECORDS = 1_000;
const RECORD_BYTES = 100;
const WARM_UP = 20;
const CALLS = 200;

async function fill(port: number): Promise<void> {
  const topics = await RawKafka.open(port);
  await topics.createTopics([{ name: TOPIC, partitions: 1 }]);
  topics.close();
  const value = Buffer.alloc(RECORD_BYTES, 'x');
  const records = buildBatch({
    records: Array.from({ length: RECORDS }, () => ({ key: null, value, timestamp: Date.now() })),
  });
  const connection = await RawConnection.open(port);
  await connection.request(Produce, 9, {
    acks: -1,
    timeoutMs: 10_000,
    topicData: [{ name: TOPIC, partitionData: [{ index: 0, records }] }],
  });
  connection.close();
}

/** Milliseconds until the whole answer is there. */
function get(agent: Agent, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const startMs = performance.now();
    const call = request({ agent, host: '127.0.0.1', port, path: `/consume?topic=${TOPIC}` }, answer => {
      let text = '';
      answer.setEncoding('utf8');
      answer.on('data', chunk => (text += chunk));
      answer.on('error', reject);
      answer.on('end', () => {
        const tookMs = performance.now() - startMs;
        const { messages_read: read } = JSON.parse(text) as { messages_read?: unknown[] };
        if (read?.length === RECORDS) resolve(tookMs);
        else reject(new Error(`GET /consume answered ${answer.statusCode}: ${text.slice(0, 300)}`));
      });
    });
    call.on('error', reject);
    call.end();
  });
}

async function measure({ server }: LoadContext): Promise<Measure[]> {
  if (server.apiPort === null) return [];
  await fill(server.port);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const took: number[] = [];
  for (let index = 0; index < WARM_UP + CALLS; index += 1) took.push(await get(agent, server.apiPort));
  agent.destroy();
  const sorted = took.slice(WARM_UP).sort((a, b) => a - b);
  const at = (fraction: number) => sorted[Math.floor(sorted.length * fraction)]!;
  return [
    { id: 'http.consume.p50', title: 'GET /consume of 1,000 records: p50', unit: 'ms', value: at(0.5) },
    { id: 'http.consume.p99', title: 'GET /consume of 1,000 records: p99', unit: 'ms', value: at(0.99) },
  ];
}

export const gatewayLoads: readonly Load[] = [
  { name: 'http', sides: ['os', 'always'], inQuick: true, run: measure },
];
