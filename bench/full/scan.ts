// A large topic is read from its beginning by four readers at once while a canary produces. On Millrace they are pages of
// the HTTP API, as the console asks for them; Apache Kafka has none, so there they are fetches of a consumer.

import { Agent, get } from 'node:http';
import { Fetch } from '../../src/protocol/messages/apis/fetch.ts';
import type { Measure } from '../loads/load.ts';
import { batchOf, canary, flood, untilTakesRecords } from '../support/producing.ts';
import { RawKafka } from '../support/raw-kafka.ts';
import { type Server, withServer } from '../support/servers.ts';
import { type Apart, type ApartOptions, affordableBytes, percentile } from './apart.ts';

const READERS = 4;
const SECONDS = { full: 20, quick: 5 };
const BYTES = { full: 1e9, quick: 5e7 };
const RECORD_BYTES = 500;
const RECORDS_A_BATCH = 200;
const PAGE = 1_000;
const FETCH_BYTES = 2 ** 20;
const TOPICS = { large: 'large', canary: 'canary' };

interface Page {
  readonly records: readonly unknown[];
  readonly cursor: string | null;
}

function pageOf(agent: Agent, port: number, cursor: string | null): Promise<Page> {
  const query = new URLSearchParams({ direction: 'oldest', limit: String(PAGE) });
  if (cursor !== null) query.set('cursor', cursor);
  const path = `/api/v1/topics/${TOPICS.large}/records?${query}`;
  return new Promise((resolve, reject) => {
    const call = get({ agent, host: '127.0.0.1', port, path }, answer => {
      let text = '';
      answer.setEncoding('utf8');
      answer.on('data', chunk => (text += chunk));
      answer.on('error', reject);
      answer.on('end', () => {
        if (answer.statusCode === 200) resolve(JSON.parse(text) as Page);
        else reject(new Error(`${path} answered ${answer.statusCode}: ${text.slice(0, 300)}`));
      });
    });
    call.on('error', reject);
  });
}

/** Records read, by pages from the beginning again and again. */
async function readPages(port: number, isNeeded: () => boolean): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  let read = 0;
  let cursor: string | null = null;
  while (isNeeded()) {
    const page: Page = await pageOf(agent, port, cursor);
    read += page.records.length;
    cursor = page.cursor;
  }
  agent.destroy();
  return read;
}

async function readFetches(port: number, isNeeded: () => boolean): Promise<number> {
  const connection = await RawKafka.open(port);
  let read = 0;
  let fetchOffset = 0;
  while (isNeeded()) {
    const partitions = [{ partition: 0, fetchOffset, partitionMaxBytes: FETCH_BYTES }];
    const request = {
      maxWaitMs: 0,
      minBytes: 1,
      maxBytes: FETCH_BYTES,
      topics: [{ topic: TOPICS.large, partitions }],
      forgottenTopicsData: [],
    };
    const { body } = await connection.call(Fetch, 12, request);
    const { records = null } = body.responses[0]?.partitions[0] ?? {};
    const batches = Math.floor((records?.length ?? 0) / (RECORDS_A_BATCH * RECORD_BYTES));
    read += batches * RECORDS_A_BATCH;
    fetchOffset = batches === 0 ? 0 : fetchOffset + batches * RECORDS_A_BATCH;
  }
  connection.close();
  return read;
}

async function scan({ port, apiPort }: Server, isQuick: boolean): Promise<Measure[]> {
  const connection = await RawKafka.open(port);
  await connection.createTopics(Object.values(TOPICS).map(name => ({ name, partitions: 1 })));
  connection.close();
  const batch = batchOf({ records: RECORDS_A_BATCH, recordBytes: RECORD_BYTES });
  const bytes = affordableBytes(isQuick ? BYTES.quick : BYTES.full);
  await untilTakesRecords(port, { topic: TOPICS.large });
  await flood(port, { topic: TOPICS.large }, { batch, count: Math.ceil(bytes / batch.length) });
  const seconds = isQuick ? SECONDS.quick : SECONDS.full;
  const endMs = performance.now() + seconds * 1_000;
  const isNeeded = () => performance.now() < endMs;
  const readers = Array.from({ length: READERS }, () =>
    apiPort === null ? readFetches(port, isNeeded) : readPages(apiPort, isNeeded),
  );
  const took = await canary(port, TOPICS.canary, isNeeded);
  const read = (await Promise.all(readers)).reduce((sum, one) => sum + one, 0);
  if (read === 0) throw new Error('nothing was read');
  const title = `a large topic read through HTTP (Apache Kafka: fetched)`;
  return [
    { id: 'scan.p50', title: `${title}, produce p50`, unit: 'ms', value: percentile(took, 0.5) },
    { id: 'scan.p99', title: `${title}, produce p99`, unit: 'ms', value: percentile(took, 0.99) },
    { id: 'scan.rate', title, unit: 'records/s', value: read / seconds },
  ];
}

async function measure({ side, isQuick }: ApartOptions): Promise<Measure[]> {
  let measures: Measure[] = [];
  await withServer(side === 'apache' ? 'apache' : 'always', async server => {
    measures = await scan(server, isQuick);
  });
  return measures;
}

export const scanRows: readonly Apart[] = [{ name: 'scan', sides: ['apache', 'always'], run: measure }];
