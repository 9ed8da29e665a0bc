// 10,000 connections that say nothing: what the server holds for them, and a canary's acknowledgements meanwhile. And
// 5,000 producers that each send a record a second beside such a canary. The clients are another process.

import type { Measure } from '../loads/load.ts';
import { residentMegabytes } from '../support/process.ts';
import { canary } from '../support/producing.ts';
import { RawKafka } from '../support/raw-kafka.ts';
import { withServer } from '../support/servers.ts';
import { type Apart, type ApartOptions, percentile } from './apart.ts';
import { Clients } from './many-connections.ts';

const IDLE = { full: 10_000, quick: 1_000 };
const ACTIVE = { full: 5_000, quick: 500 };
const SECONDS = { full: 20, quick: 5 };
const TOPICS = { canary: 'canary', many: 'many-producers' };

async function createTopics(port: number): Promise<void> {
  const connection = await RawKafka.open(port);
  await connection.createTopics(Object.values(TOPICS).map(name => ({ name, partitions: 1 })));
  connection.close();
}

async function canaryFor(port: number, seconds: number): Promise<number[]> {
  const endMs = performance.now() + seconds * 1_000;
  return canary(port, TOPICS.canary, () => performance.now() < endMs);
}

async function idle({ side, isQuick }: ApartOptions): Promise<Measure[]> {
  const count = isQuick ? IDLE.quick : IDLE.full;
  const measures: Measure[] = [];
  await withServer(side === 'apache' ? 'apache' : 'always', async ({ port, pid }) => {
    await createTopics(port);
    const clients = new Clients([port, count, 'idle']);
    try {
      const opened = await clients.says('open');
      const took = await canaryFor(port, isQuick ? SECONDS.quick : SECONDS.full);
      const title = `${opened.toLocaleString('en')} idle connections`;
      const megabytes = residentMegabytes(pid) ?? Number.NaN;
      measures.push(
        { id: 'connections.idle.memory', title: `${title}, memory`, unit: 'MB', value: megabytes },
        {
          id: 'connections.idle.p99',
          title: `${title}, a canary's p99`,
          unit: 'ms',
          value: percentile(took, 0.99),
        },
      );
    } finally {
      await clients.end();
    }
  });
  return measures;
}

async function active({ side, isQuick }: ApartOptions): Promise<Measure[]> {
  const count = isQuick ? ACTIVE.quick : ACTIVE.full;
  const seconds = isQuick ? SECONDS.quick : SECONDS.full;
  const measures: Measure[] = [];
  await withServer(side === 'apache' ? 'apache' : 'always', async ({ port }) => {
    await createTopics(port);
    const clients = new Clients([port, count, 'active', TOPICS.many, seconds]);
    try {
      const opened = await clients.says('open');
      const took = await canaryFor(port, seconds);
      const acknowledged = await clients.says('acknowledged');
      const title = `${opened.toLocaleString('en')} producers, one record a second each`;
      measures.push(
        {
          id: 'connections.active.p99',
          title: `${title}, a canary's p99`,
          unit: 'ms',
          value: percentile(took, 0.99),
        },
        {
          id: 'connections.active.acknowledged',
          title: `${title}, acknowledged of those sent`,
          unit: '%',
          value: (100 * acknowledged) / (count * seconds),
        },
      );
    } finally {
      await clients.end();
    }
  });
  return measures;
}

export const connectionRows: readonly Apart[] = [
  { name: 'connections-idle', sides: ['apache', 'always'], run: idle },
  { name: 'connections-active', sides: ['apache', 'always'], run: active },
];
