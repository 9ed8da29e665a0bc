// Kafka's own ConsumerPerformance over topics that were produced before. Its rate without the time of joining a group.

import { runJava } from '../support/java.ts';
import { processorSeconds } from '../support/process.ts';
import type { Server } from '../support/servers.ts';
import type { Load, LoadContext, Measure, Side } from './load.ts';
import { fillTopic, PRODUCE_SHAPES, type ProduceShape, topicOf, WARM_SHAPES } from './produce.ts';

const TIMEOUT_MS = 120_000;
const SIDES: readonly Side[] = ['apache', 'os'];
const SHAPES = ['1k-p1-all', '100b-p1-all', '1k-p6-all', '1k-p1-lz4'];
const IN_QUICK = ['1k-p1-all'];
const MEBIBYTE = 2 ** 20;
/** Columns of its one line: start, end, MB, MB/s, records, records/s, rebalance ms, fetch ms, fetch MB/s, fetch records/s. */
const COLUMNS = 10;
const FETCH_RATE = 8;

function parse(output: string): number {
  const lines = output
    .trim()
    .split('\n')
    .map(line => line.split(',').map(word => word.trim()));
  const rate = Number(lines.findLast(words => words.length === COLUMNS)?.[FETCH_RATE]);
  if (!(rate > 0)) throw new Error(`ConsumerPerformance said:\n${output.slice(-1_000)}`);
  return (rate * MEBIBYTE) / 1e6;
}

/** MB/s. */
export async function consume({ bootstrapServers }: Server, topic: string, records: number): Promise<number> {
  const words = ['--bootstrap-server', bootstrapServers, '--topic', topic, '--num-records', String(records)];
  const program = 'org.apache.kafka.tools.ConsumerPerformance';
  const { stdout } = await runJava(program, [...words, '--timeout', '20000', '--hide-header'], TIMEOUT_MS);
  return parse(stdout);
}

export async function consumeMeasures(shape: ProduceShape, context: LoadContext): Promise<Measure[]> {
  const { server, side, filled } = context;
  const topic = topicOf(shape.name, side);
  if (!filled.has(topic)) await fillTopic(shape, context);
  const records = filled.get(topic)!;
  const before = processorSeconds(server.pid) ?? Number.NaN;
  const rate = await consume(server, topic, records);
  const usedS = (processorSeconds(server.pid) ?? Number.NaN) - before;
  const title = `consume, ${shape.title}`;
  const id = `consume-${shape.name}`;
  return [
    { id: `${id}.throughput`, title, unit: 'MB/s', value: rate },
    {
      id: `${id}.cpu`,
      title: `${title}: broker`,
      unit: 'processor s/GB',
      value: usedS / ((records * shape.recordBytes) / 1e9),
    },
  ];
}

function loadOf(shape: ProduceShape): Load {
  const { name } = shape;
  const run = (context: LoadContext) => consumeMeasures(shape, context);
  return { name: `consume-${name}`, sides: SIDES, inQuick: IN_QUICK.includes(name), run };
}

export const consumeLoads: readonly Load[] = PRODUCE_SHAPES.filter(({ name }) => SHAPES.includes(name)).map(
  loadOf,
);
export const warmConsumeLoads: readonly Load[] = WARM_SHAPES.map(loadOf);
