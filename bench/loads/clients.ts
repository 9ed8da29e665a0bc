// Latency, new groups and transactions, by the programs in bench/java: all parts of one side run in one process, one
// after the other.

import { runJava } from '../support/java.ts';
import { RawKafka } from '../support/raw-kafka.ts';
import { type Load, type LoadContext, type Measure, type Side, topicConfigs } from './load.ts';

const TIMEOUT_MS = 180_000;
const PER_SECOND = 5_000;
const COUNTS = {
  full: { single: 3_000, pacedSeconds: 6, groups: 5, transactions: 300 },
  quick: { single: 1_000, pacedSeconds: 2, groups: 3, transactions: 60 },
};
const ALL: readonly Side[] = ['apache', 'apache-flush', 'os', 'always'];

const TITLES: Readonly<Record<string, string>> = {
  single: 'one record at a time, send to consumer',
  'single.ack': 'one record at a time, send to acknowledgement',
  paced: '5,000 records/s, send to consumer',
  'paced.ack': '5,000 records/s, send to acknowledgement',
};
const PERCENTILES: Readonly<Record<string, string>> = { p50: 'p50', p99: 'p99', p999: 'p99.9' };
const OTHERS: Readonly<Record<string, { title: string; unit: string }>> = {
  'group.classic.first': {
    title: 'first group on the server, classic protocol, subscribe to first record',
    unit: 'ms',
  },
  'group.classic': { title: 'new group, classic protocol, subscribe to first record', unit: 'ms' },
  'group.consumer.first': { title: 'first group of the new protocol, subscribe to first record', unit: 'ms' },
  'group.consumer': { title: 'new group, new protocol, subscribe to first record', unit: 'ms' },
  transactions: { title: 'transactions, one record and one offset commit each', unit: 'transactions/s' },
};

/** A server that does not know the protocol says NaN, and has no row then. */
function measuresOf(stdout: string): Measure[] {
  return stdout
    .trim()
    .split('\n')
    .map(line => line.split(' '))
    .filter(([, value]) => Number.isFinite(Number(value)))
    .map(([id = '', value]) => {
      const dot = id.lastIndexOf('.');
      const percentile = PERCENTILES[id.slice(dot + 1)];
      const known =
        percentile === undefined
          ? OTHERS[id]
          : { title: `${TITLES[id.slice(0, dot)]}: ${percentile}`, unit: 'ms' };
      return { id, title: known?.title ?? id, unit: known?.unit ?? '', value: Number(value) };
    });
}

async function runParts(
  context: LoadContext,
  name: string,
  parts: (topic: string) => string[],
): Promise<Measure[]> {
  const { server, side } = context;
  const topic = `${name}-${side}`;
  const connection = await RawKafka.open(server.port);
  await connection.createTopics([{ name: topic, partitions: 1, configs: topicConfigs(side) }]);
  connection.close();
  const { stdout } = await runJava('Clients', [server.bootstrapServers, ...parts(topic)], TIMEOUT_MS);
  return measuresOf(stdout);
}

function countsOf({ isQuick }: LoadContext): (typeof COUNTS)['full'] {
  return isQuick ? COUNTS.quick : COUNTS.full;
}

export const clientLoads: readonly Load[] = [
  {
    name: 'latency',
    sides: ALL,
    inQuick: true,
    run: context => {
      const { single, pacedSeconds } = countsOf(context);
      return runParts(context, 'latency', topic => [
        `single:${topic}:${single}`,
        `paced:${topic}:${PER_SECOND}:${pacedSeconds}`,
      ]);
    },
  },
  {
    name: 'groups',
    sides: ['apache', 'os', 'always'],
    inQuick: true,
    run: context => {
      const { groups, transactions } = countsOf(context);
      return runParts(context, 'groups', topic => [
        `single:${topic}:1`,
        `classic:${topic}:${groups}`,
        `consumer:${topic}:${groups}`,
        `transactions:${topic}:${transactions}`,
      ]).then(measures => measures.filter(({ id }) => !id.startsWith('single')));
    },
  },
];
