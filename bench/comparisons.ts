// Which side is set beside which, said plainly, and the ratio that each row should reach. One table a comparison.

import type { Side } from './loads/load.ts';

export interface Goal {
  /** The ratio Millrace / Apache Kafka; where it is absolute, Millrace's own value in the row's unit. */
  readonly limit: number;
  readonly isAtMost: boolean;
  readonly isAbsolute: boolean;
}

export interface Comparison {
  readonly name: string;
  readonly title: string;
  readonly text: string;
  readonly apache: Side;
  readonly millrace: Side;
  /** Rows by the start of their ids. */
  readonly rows: readonly string[];
  readonly goals: readonly (readonly [pattern: RegExp, goal: Goal])[];
}

const atMost = (limit: number): Goal => ({ limit, isAtMost: true, isAbsolute: false });
const atLeast = (limit: number): Goal => ({ limit, isAtMost: false, isAbsolute: false });
const itselfAtMost = (limit: number): Goal => ({ limit, isAtMost: true, isAbsolute: true });
const PAGE_CACHE = { apache: 'apache', millrace: 'os' } as const;
const SAME_PROMISE =
  'Both acknowledge from the page cache: Millrace with `--flush os`, Apache Kafka as it is by default.';

export const COMPARISONS: readonly Comparison[] = [
  {
    name: 'start',
    title: 'Start, memory and rest',
    text:
      'From the start of the process to the first answer: ApiVersions for the broker, the ready file for console and API; each was started once before, uncounted. ' +
      'Idle memory is the resident memory of the whole process some seconds after the start, before any call; the last row is the same 20 s after latency, groups, topics and the rows that say warm.',
    ...PAGE_CACHE,
    rows: ['start.', 'memory.'],
    goals: [
      [/^start\.(new|existing)/, atMost(0.05)],
      [/^start\.whole/, atMost(0.2)],
      [/^start\.alone/, atMost(0.2)],
      [/^start\.workbench/, atMost(0.3)],
      [/^start\.processor/, atMost(0.1)],
      [/^memory/, atMost(0.2)],
    ],
  },
  {
    name: 'produce',
    title: 'Produce',
    text: `${SAME_PROMISE} Kafka's own ProducerPerformance, one partition and acks=all unless said; each row on servers just started. Two producers: their rates together, the worse p99. Server warm: after the loads of latency, groups and topics, and 3 GB in batches of 16 KB.`,
    ...PAGE_CACHE,
    rows: ['produce-'],
    goals: [
      [/warm\.throughput$/, atLeast(1)],
      [/warm\.cpu$/, atMost(0.6)],
      [/throughput$/, atLeast(1.4)],
      [/cpu$/, atMost(0.4)],
    ],
  },
  {
    name: 'consume',
    title: 'Consume',
    text: `What the row of the same name produced, on the same server, by Kafka's own ConsumerPerformance; its rate without the time of joining a group. Server warm: after 3 GB were produced and consumed.`,
    ...PAGE_CACHE,
    rows: ['consume-1k', 'consume-100b'],
    goals: [
      [/warm\.throughput$/, atLeast(1)],
      [/warm\.cpu$/, atMost(1)],
      [/throughput$/, atLeast(1.2)],
      [/cpu$/, atMost(0.6)],
    ],
  },
  {
    name: 'latency',
    title: 'Latency',
    text: `${SAME_PROMISE} Records of 100 B, acks=all, no linger; the Java client, producer and consumer in one process.`,
    ...PAGE_CACHE,
    rows: ['single', 'paced'],
    goals: [
      [/p50$/, atMost(0.7)],
      [/p99$/, atMost(0.8)],
      [/p999$/, atMost(1)],
    ],
  },
  {
    name: 'coordination',
    title: 'Topics, groups and transactions',
    text: 'Topics and metadata on a raw connection, the rest with the Java client. Millrace with `--flush always`, its default; Apache Kafka as it is by default, which syncs its metadata log too.',
    apache: 'apache',
    millrace: 'always',
    rows: ['topics.', 'group.', 'transactions'],
    goals: [
      [/^topics\.1000/, atMost(0.4)],
      [/^topics\.one/, atMost(0.2)],
      [/^topics\.metadata|^group/, atMost(0.5)],
      [/^transactions/, atLeast(2)],
    ],
  },
  {
    name: 'both-on-disk',
    title: 'Both on disk before the acknowledgement',
    text: 'Millrace with `--flush always`, its default; Apache Kafka with `flush.messages=1` on the topic.',
    apache: 'apache-flush',
    millrace: 'always',
    rows: ['produce-', 'single', 'paced'],
    goals: [
      [/throughput$/, atLeast(2)],
      [/p50$/, atMost(0.7)],
      [/p99$/, atMost(0.8)],
      [/p999$/, atMost(1)],
    ],
  },
  {
    name: 'disk-against-page-cache',
    title: 'Millrace on disk, Apache Kafka in the page cache',
    text: 'Both as they come: Millrace has every record on disk before it acknowledges (`--flush always`), Apache Kafka has it in the page cache. An unequal promise, and what a user of both meets.',
    apache: 'apache',
    millrace: 'always',
    rows: ['produce-', 'single', 'paced'],
    goals: [
      [/throughput$/, atLeast(1)],
      [/p50$|p99$|p999$/, atMost(1)],
      [/cpu$/, atMost(0.7)],
    ],
  },
  {
    name: 'many',
    title: 'Many partitions, members and connections',
    text: 'Every row on servers of its own. Millrace with `--flush always`, its default; Apache Kafka as it is by default. Canaries send one record of 100 B at a time; goals with a unit are for Millrace itself.',
    apache: 'apache',
    millrace: 'always',
    rows: ['partitions.', 'rebalance.', 'connections.', 'scan.'],
    goals: [
      [/^(partitions|rebalance)/, atMost(0.5)],
      [/^connections\.idle\.memory/, itselfAtMost(200)],
      [/^(connections|scan).*p99$/, itselfAtMost(50)],
    ],
  },
  {
    name: 'large',
    title: 'More than the page cache',
    text: `${SAME_PROMISE} Every row on servers of its own.`,
    ...PAGE_CACHE,
    rows: ['consume-cold', 'sustained.'],
    goals: [
      [/^consume-cold.throughput/, atLeast(1)],
      [/^sustained.p999/, atMost(1)],
    ],
  },
];
