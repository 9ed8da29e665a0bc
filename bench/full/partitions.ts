// 10,000 partitions: made in requests that Apache Kafka takes (it refuses one that writes over 10,000 records), memory
// at rest after them, and the way back after kill -9 on the same directory.

import { join } from 'node:path';
import process from 'node:process';
import type { Measure } from '../loads/load.ts';
import { pause, until } from '../support/api-versions.ts';
import { residentMegabytes } from '../support/process.ts';
import { takesRecords } from '../support/producing.ts';
import { RawKafka } from '../support/raw-kafka.ts';
import { freshDirectory, removeDirectory } from '../support/scope.ts';
import { type Server, startApache, startMillrace } from '../support/servers.ts';
import type { Apart, ApartOptions } from './apart.ts';

const PARTITIONS_EACH = 100;
const TOPICS = { full: 100, quick: 10 };
const TOPICS_A_REQUEST = 10;
const SETTLE_MS = 5_000;
const RETRY = { everyMs: 20, timeoutMs: 60_000 };

function start(directory: string, { side }: ApartOptions): Promise<Server> {
  return side === 'apache'
    ? startApache(join(directory, 'data'))
    : startMillrace({ home: directory, flush: 'always', withGateway: true });
}

async function createAll(port: number, topics: number): Promise<number> {
  const connection = await RawKafka.open(port);
  let sumMs = 0;
  for (let first = 0; first < topics; first += TOPICS_A_REQUEST) {
    const length = Math.min(TOPICS_A_REQUEST, topics - first);
    const some = Array.from({ length }, (_, index) => ({
      name: `wide-${first + index}`,
      partitions: PARTITIONS_EACH,
    }));
    sumMs += await connection.createTopics(some);
  }
  connection.close();
  return sumMs;
}

function lastTakesRecords(port: number, topics: number): Promise<boolean> {
  return takesRecords(port, { topic: `wide-${topics - 1}`, partition: PARTITIONS_EACH - 1 });
}

async function measure(options: ApartOptions): Promise<Measure[]> {
  const topics = options.isQuick ? TOPICS.quick : TOPICS.full;
  const count = (topics * PARTITIONS_EACH).toLocaleString('en');
  const directory = freshDirectory('partitions');
  let server = await start(directory, options);
  try {
    const createMs = await createAll(server.port, topics);
    await until(() => lastTakesRecords(server.port, topics), RETRY);
    await pause(SETTLE_MS);
    const megabytes = residentMegabytes(server.pid) ?? Number.NaN;
    process.kill(server.pid, 'SIGKILL');
    await server.stop();
    server = await start(directory, options);
    const writableS =
      server.brokerS + (await until(() => lastTakesRecords(server.port, topics), RETRY)) / 1_000;
    return [
      { id: 'partitions.create', title: `${count} partitions, made`, unit: 'ms', value: createMs },
      { id: 'partitions.memory', title: `${count} partitions, memory`, unit: 'MB', value: megabytes },
      {
        id: 'partitions.restart',
        title: `${count} partitions, kill -9 and start to the first answer`,
        unit: 's',
        value: server.brokerS,
      },
      {
        id: 'partitions.writable',
        title: `${count} partitions, kill -9 and start until the last takes a record`,
        unit: 's',
        value: writableS,
      },
    ];
  } finally {
    await server.stop();
    removeDirectory(directory);
  }
}

export const partitionRows: readonly Apart[] = [
  { name: 'partitions', sides: ['apache', 'always'], run: measure },
];
