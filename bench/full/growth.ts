// How cost grows, Millrace alone: the same question asked of ever more partitions, connections, groups, bytes in a record
// and records in a topic. Flat or linear is as it should be; each curve is plotted.

import { Fetch } from '../../src/protocol/messages/apis/fetch.ts';
import { ListGroups } from '../../src/protocol/messages/apis/list-groups.ts';
import { ListOffsets } from '../../src/protocol/messages/apis/list-offsets.ts';
import { OffsetCommit } from '../../src/protocol/messages/apis/offset-commit.ts';
import { until } from '../support/api-versions.ts';
import type { Curve } from '../support/line-plot.ts';
import { residentMegabytes } from '../support/process.ts';
import { batchOf, flood, produceOnce } from '../support/producing.ts';
import { RawKafka } from '../support/raw-kafka.ts';
import { type Server, withServer } from '../support/servers.ts';
import { rangeOf } from '../support/statistics.ts';
import { affordableBytes } from './apart.ts';
import { Clients } from './many-connections.ts';

const TOPIC = 'grown';
const SMALL = batchOf({ records: 1, recordBytes: 100 });
const LOOKS = 15;
const PARTITIONS_EACH = 100;
const RECORDS_A_BATCH = 1_000;
const STEPS = 10;
/** Not so old that retention takes it. */
const DAY_MS = 24 * 3_600_000;
/** What a record of 10 bytes takes in a batch, and a little more. */
const BYTES_A_RECORD = 20;

export interface Growth {
  readonly name: string;
  readonly run: (server: Server, isQuick: boolean) => Promise<Curve[]>;
}

function powersOfTen(from: number, to: number): number[] {
  const counts: number[] = [];
  for (let count = from; count <= to; count *= 10) counts.push(count);
  return counts;
}

async function medianOf(ask: () => Promise<number>): Promise<number> {
  const took: number[] = [];
  for (let look = 0; look < LOOKS; look += 1) took.push(await ask());
  return rangeOf(took).median;
}

type Point = [number, number];

async function partitions({ port }: Server, isQuick: boolean): Promise<Curve[]> {
  const connection = await RawKafka.open(port);
  const metadata: Point[] = [];
  const produce: Point[] = [];
  const create: Point[] = [];
  let made = 0;
  for (const count of powersOfTen(1, isQuick ? 1_000 : 10_000)) {
    let createMs = 0;
    for (let topic = 0; made < count; topic += 1) {
      const some = Math.min(PARTITIONS_EACH, count - made);
      createMs += await connection.createTopics([{ name: `grown-${count}-${topic}`, partitions: some }]);
      made += some;
    }
    create.push([count, createMs]);
    metadata.push([count, await medianOf(() => connection.allTopics())]);
    produce.push([count, await medianOf(() => produceOnce(connection, SMALL, { topic: 'grown-1-0' }))]);
  }
  connection.close();
  const of = 'partitions';
  return [
    { name: 'partitions-create', title: 'creating up to so many', of, unit: 'ms', points: create },
    { name: 'partitions-metadata', title: 'metadata of all', of, unit: 'ms', points: metadata },
    { name: 'partitions-produce', title: 'one record to one', of, unit: 'ms', points: produce },
  ];
}

async function connections({ port, pid }: Server, isQuick: boolean): Promise<Curve[]> {
  const connection = await RawKafka.open(port);
  await connection.createTopics([{ name: TOPIC, partitions: 1 }]);
  const produce: Point[] = [];
  const memory: Point[] = [];
  for (const count of powersOfTen(1, isQuick ? 1_000 : 10_000)) {
    const clients = new Clients([port, count, 'idle']);
    try {
      await clients.says('open');
      produce.push([count, await medianOf(() => produceOnce(connection, SMALL, { topic: TOPIC }))]);
      memory.push([count, residentMegabytes(pid) ?? Number.NaN]);
    } finally {
      await clients.end();
    }
  }
  connection.close();
  const of = 'idle connections';
  return [
    { name: 'connections-produce', title: 'one record', of, unit: 'ms', points: produce },
    { name: 'connections-memory', title: 'memory', of, unit: 'MB', points: memory },
  ];
}

async function commit(connection: RawKafka, groupId: string): Promise<number> {
  const partitions = [{ partitionIndex: 0, committedOffset: 0, committedMetadata: null }];
  const topics = [{ name: TOPIC, partitions }];
  const request = { groupId, generationIdOrMemberEpoch: -1, memberId: '', topics };
  const { body, tookMs } = await connection.call(OffsetCommit, 8, request);
  const code = body.topics[0]?.partitions[0]?.errorCode;
  if (code !== 0) throw new Error(`an offset of ${groupId} was answered with error ${code}`);
  return tookMs;
}

async function groups({ port }: Server): Promise<Curve[]> {
  const connection = await RawKafka.open(port);
  await connection.createTopics([{ name: TOPIC, partitions: 1 }]);
  await until(() => connection.findCoordinator('group-0'), { everyMs: 50, timeoutMs: 30_000 });
  const commits: Point[] = [];
  const lists: Point[] = [];
  let made = 0;
  for (const count of powersOfTen(1, 1_000)) {
    for (; made < count; made += 1) await commit(connection, `group-${made}`);
    commits.push([count, await medianOf(() => commit(connection, 'group-0'))]);
    const list = async () => {
      const { body, tookMs } = await connection.call(ListGroups, 4, { statesFilter: [], typesFilter: [] });
      if (body.groups.length !== count)
        throw new Error(`${body.groups.length} of ${count} groups are listed`);
      return tookMs;
    };
    lists.push([count, await medianOf(list)]);
  }
  connection.close();
  const of = 'groups';
  return [
    { name: 'groups-commit', title: 'one offset commit', of, unit: 'ms', points: commits },
    { name: 'groups-list', title: 'a list of all', of, unit: 'ms', points: lists },
  ];
}

async function fetchAt(connection: RawKafka, fetchOffset: number, maxBytes: number): Promise<number> {
  const { body, tookMs } = await connection.call(Fetch, 12, {
    maxWaitMs: 0,
    minBytes: 1,
    maxBytes,
    topics: [{ topic: TOPIC, partitions: [{ partition: 0, fetchOffset, partitionMaxBytes: maxBytes }] }],
    forgottenTopicsData: [],
  });
  const answer = body.responses[0]?.partitions[0];
  if (answer?.errorCode !== 0 || (answer.records?.length ?? 0) === 0) {
    throw new Error(`offset ${fetchOffset} was answered with error ${answer?.errorCode} or nothing`);
  }
  return tookMs;
}

async function recordSizes({ port }: Server): Promise<Curve[]> {
  const connection = await RawKafka.open(port);
  const configs = { 'max.message.bytes': String(11e6) };
  await connection.createTopics([{ name: TOPIC, partitions: 1, configs }]);
  const produce: Point[] = [];
  const fetch: Point[] = [];
  let end = 0;
  for (const bytes of powersOfTen(10, 1e7)) {
    const batch = batchOf({ records: 1, recordBytes: bytes });
    produce.push([bytes, await medianOf(() => produceOnce(connection, batch, { topic: TOPIC }))]);
    end += LOOKS;
    fetch.push([bytes, await medianOf(() => fetchAt(connection, end - 1, 1))]);
  }
  connection.close();
  const of = 'bytes in a record';
  return [
    { name: 'record-produce', title: 'one record produced', of, unit: 'ms', points: produce },
    { name: 'record-fetch', title: 'one record fetched', of, unit: 'ms', points: fetch },
  ];
}

async function offsetAtTime(connection: RawKafka, timestamp: number, expected: number): Promise<number> {
  const topics = [{ name: TOPIC, partitions: [{ partitionIndex: 0, timestamp: BigInt(timestamp) }] }];
  const { body, tookMs } = await connection.call(ListOffsets, 6, {
    replicaId: -1,
    isolationLevel: 0,
    topics,
  });
  const found = body.topics[0]?.partitions[0]?.offset;
  if (found !== expected) throw new Error(`offset ${found} was found by time, not ${expected}`);
  return tookMs;
}

/** Grown in ten steps, each a millisecond later than the one before; where the fifth begins, and its time. */
async function lengthen(port: number, range: { from: number; to: number; firstTimestamp: number }) {
  const { from, to, firstTimestamp } = range;
  const count = (to - from) / RECORDS_A_BATCH / STEPS;
  for (let step = 0; step < STEPS; step += 1) {
    const batch = batchOf({ records: RECORDS_A_BATCH, recordBytes: 10, timestamp: firstTimestamp + step });
    await flood(port, { topic: TOPIC }, { batch, count });
  }
  const middle = STEPS / 2;
  return { offset: from + middle * count * RECORDS_A_BATCH, timestamp: firstTimestamp + middle };
}

async function topicLengths({ port }: Server, isQuick: boolean): Promise<Curve[]> {
  const connection = await RawKafka.open(port);
  await connection.createTopics([{ name: TOPIC, partitions: 1 }]);
  const lengths = isQuick ? powersOfTen(1e5, 1e6) : powersOfTen(1e6, 1e8);
  const fetch: Point[] = [];
  const byTime: Point[] = [];
  let from = 0;
  let firstTimestamp = Date.now() - DAY_MS;
  for (const to of lengths) {
    if ((to - from) * BYTES_A_RECORD > affordableBytes(1e12)) break;
    const { offset, timestamp } = await lengthen(port, { from, to, firstTimestamp });
    fetch.push([to, await medianOf(() => fetchAt(connection, to - 1, 1))]);
    byTime.push([to, await medianOf(() => offsetAtTime(connection, timestamp, offset))]);
    from = to;
    firstTimestamp += STEPS;
  }
  connection.close();
  const of = 'records in a partition';
  return [
    { name: 'length-fetch', title: 'fetch of the last record', of, unit: 'ms', points: fetch },
    { name: 'length-by-time', title: 'an offset in the middle, by time', of, unit: 'ms', points: byTime },
  ];
}

const GROWTHS: readonly Growth[] = [
  { name: 'growth-partitions', run: partitions },
  { name: 'growth-connections', run: connections },
  { name: 'growth-groups', run: groups },
  { name: 'growth-record', run: recordSizes },
  { name: 'growth-length', run: topicLengths },
];

/** Each on a server of its own, with `--flush os`: what is asked is what the server does, not what the disk does. */
export function growths(): { name: string; run: (isQuick: boolean) => Promise<Curve[]> }[] {
  return GROWTHS.map(({ name, run }) => ({
    name,
    run: async isQuick => {
      let curves: Curve[] = [];
      await withServer('os', async server => {
        curves = await run(server, isQuick);
      });
      return curves;
    },
  }));
}
