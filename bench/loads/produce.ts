// Kafka's own ProducerPerformance, one process or two at once, and what the broker spent on it.

import { runJava } from '../support/java.ts';
import { processorSeconds } from '../support/process.ts';
import { RawKafka } from '../support/raw-kafka.ts';
import { type Load, type LoadContext, type Measure, type Side, topicConfigs } from './load.ts';

const TIMEOUT_MS = 180_000;
const MEGABYTE = 1_000_000;
/** What one producer sends. A sync after every append makes Apache Kafka slow: less of it says as much. */
const LOAD_BYTES = { full: 150 * MEGABYTE, quick: 40 * MEGABYTE };
const FLUSH_SHARE = 0.4;
/** Small records cost the client most: fewer bytes take as long. */
const SMALL_SHARE = 0.5;
/** ProducerPerformance counts in 2^20 bytes. */
const MEBIBYTE = 2 ** 20;

export interface ProduceShape {
  readonly name: string;
  readonly title: string;
  readonly recordBytes: 100 | 1_000;
  readonly partitions: number;
  readonly acks: 'all' | '1';
  readonly compression: 'none' | 'lz4' | 'zstd';
  readonly producers: 1 | 2;
  readonly sides: readonly Side[];
  readonly inQuick: boolean;
}

const PAGE_CACHE: readonly Side[] = ['apache', 'os'];
const BOTH: readonly Side[] = ['apache', 'os', 'always'];
const ALL: readonly Side[] = ['apache', 'apache-flush', 'os', 'always'];
const PLAIN = {
  recordBytes: 1_000,
  partitions: 1,
  acks: 'all',
  compression: 'none',
  producers: 1,
  inQuick: false,
} as const;

export const PRODUCE_SHAPES: readonly ProduceShape[] = [
  { ...PLAIN, name: '1k-p1-all', title: '1 KB records', sides: ALL, inQuick: true },
  { ...PLAIN, name: '100b-p1-all', title: '100 B records', recordBytes: 100, sides: BOTH, inQuick: true },
  {
    ...PLAIN,
    name: '1k-p6-all',
    title: '1 KB records, 6 partitions',
    partitions: 6,
    sides: BOTH,
    inQuick: true,
  },
  {
    ...PLAIN,
    name: '100b-p6-all',
    title: '100 B records, 6 partitions',
    recordBytes: 100,
    partitions: 6,
    sides: PAGE_CACHE,
  },
  { ...PLAIN, name: '1k-p1-acks1', title: '1 KB records, acks=1', acks: '1', sides: PAGE_CACHE },
  {
    ...PLAIN,
    name: '1k-p6-acks1',
    title: '1 KB records, 6 partitions, acks=1',
    partitions: 6,
    acks: '1',
    sides: PAGE_CACHE,
  },
  { ...PLAIN, name: '1k-p1-lz4', title: '1 KB records, lz4', compression: 'lz4', sides: PAGE_CACHE },
  { ...PLAIN, name: '1k-p1-zstd', title: '1 KB records, zstd', compression: 'zstd', sides: PAGE_CACHE },
  { ...PLAIN, name: '1k-p1-two', title: '1 KB records, two producers at once', producers: 2, sides: BOTH },
];

/** The same again when a server has had everything else (warming.ts). */
export const WARM_SHAPES: readonly ProduceShape[] = [
  { ...PLAIN, name: '1k-p1-warm', title: '1 KB records, server warm', sides: PAGE_CACHE },
  {
    ...PLAIN,
    name: '1k-p6-warm',
    title: '1 KB records, 6 partitions, server warm',
    partitions: 6,
    sides: PAGE_CACHE,
  },
];

export function topicOf(name: string, side: Side): string {
  return side === 'apache-flush' ? `${name}-flush` : name;
}

interface Produced {
  readonly megabytesPerSecond: number;
  readonly p99Ms: number;
}

/** "… records sent, … records/sec (… MB/sec), … ms avg latency, … ms max latency, … 99th, …": the last line of it. */
function parse(output: string): Produced {
  const lines = output.trim().split('\n');
  const last = lines.findLast(line => /99th/.test(line)) ?? '';
  const [, rate] = /\(([\d.]+) MB\/sec\)/.exec(last) ?? [];
  const [, p99] = /(\d+) ms 99th/.exec(last) ?? [];
  if (rate === undefined || p99 === undefined)
    throw new Error(`ProducerPerformance said:\n${output.slice(-1_000)}`);
  return { megabytesPerSecond: (Number(rate) * MEBIBYTE) / MEGABYTE, p99Ms: Number(p99) };
}

function recordsOf(shape: ProduceShape, context: LoadContext): number {
  const share =
    (context.side === 'apache-flush' ? FLUSH_SHARE : 1) * (shape.recordBytes === 100 ? SMALL_SHARE : 1);
  return Math.round(((context.isQuick ? LOAD_BYTES.quick : LOAD_BYTES.full) * share) / shape.recordBytes);
}

async function produceOnce(shape: ProduceShape, context: LoadContext, records: number): Promise<Produced> {
  const properties = [
    `bootstrap.servers=${context.server.bootstrapServers}`,
    `acks=${shape.acks}`,
    `compression.type=${shape.compression}`,
  ];
  const words = [
    '--topic',
    topicOf(shape.name, context.side),
    '--num-records',
    String(records),
    '--throughput',
    '-1',
  ];
  const record = ['--record-size', String(shape.recordBytes)];
  const program = 'org.apache.kafka.tools.ProducerPerformance';
  const { stdout } = await runJava(
    program,
    [...words, ...record, '--command-property', ...properties],
    TIMEOUT_MS,
  );
  return parse(stdout);
}

export async function fillTopic(shape: ProduceShape, context: LoadContext): Promise<Produced[]> {
  const { server, side, filled } = context;
  const topic = topicOf(shape.name, side);
  if (!filled.has(topic)) {
    const connection = await RawKafka.open(server.port);
    await connection.createTopics([
      { name: topic, partitions: shape.partitions, configs: topicConfigs(side) },
    ]);
    connection.close();
  }
  const records = recordsOf(shape, context);
  const each = Array.from({ length: shape.producers }, () => produceOnce(shape, context, records));
  const produced = await Promise.all(each);
  filled.set(topic, (filled.get(topic) ?? 0) + records * shape.producers);
  return produced;
}

async function measure(shape: ProduceShape, context: LoadContext): Promise<Measure[]> {
  const { pid } = context.server;
  const before = processorSeconds(pid) ?? Number.NaN;
  const produced = await fillTopic(shape, context);
  const usedS = (processorSeconds(pid) ?? Number.NaN) - before;
  const gigabytes = (recordsOf(shape, context) * shape.producers * shape.recordBytes) / 1e9;
  const id = `produce-${shape.name}`;
  const title = `produce, ${shape.title}`;
  return [
    {
      id: `${id}.throughput`,
      title,
      unit: 'MB/s',
      value: produced.reduce((sum, one) => sum + one.megabytesPerSecond, 0),
    },
    {
      id: `${id}.p99`,
      title: `${title}: p99`,
      unit: 'ms',
      value: Math.max(...produced.map(one => one.p99Ms)),
    },
    { id: `${id}.cpu`, title: `${title}: broker`, unit: 'processor s/GB', value: usedS / gigabytes },
  ];
}

function loadOf(shape: ProduceShape): Load {
  const { name, sides, inQuick } = shape;
  return { name: `produce-${name}`, sides, inQuick, run: context => measure(shape, context) };
}

export const produceLoads: readonly Load[] = PRODUCE_SHAPES.map(loadOf);
export const warmProduceLoads: readonly Load[] = WARM_SHAPES.map(loadOf);
