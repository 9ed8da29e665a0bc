// Topics, timed on one raw connection: 1,000 in one request, then one at a time, then metadata of all of them.

import { RawKafka } from '../support/raw-kafka.ts';
import { rangeOf } from '../support/statistics.ts';
import type { Load, LoadContext, Measure } from './load.ts';

const MANY = 1_000;
const SINGLES = 20;
const LOOKS = 30;

async function measure({ server }: LoadContext): Promise<Measure[]> {
  const connection = await RawKafka.open(server.port);
  const topics = Array.from({ length: MANY }, (_, index) => ({ name: `many-${index}`, partitions: 1 }));
  const manyMs = await connection.createTopics(topics);
  const singleMs: number[] = [];
  for (let index = 0; index < SINGLES; index += 1) {
    singleMs.push(await connection.createTopics([{ name: `single-${index}`, partitions: 1 }]));
  }
  const metadataMs: number[] = [];
  for (let index = 0; index < LOOKS; index += 1) metadataMs.push(await connection.allTopics());
  connection.close();
  return [
    { id: 'topics.1000', title: '1,000 topics in one request', unit: 'ms', value: manyMs },
    { id: 'topics.one', title: 'one topic', unit: 'ms', value: rangeOf(singleMs).median },
    {
      id: 'topics.metadata',
      title: 'metadata of 1,000 topics',
      unit: 'ms',
      value: rangeOf(metadataMs).median,
    },
  ];
}

export const topicLoads: readonly Load[] = [
  { name: 'topics', sides: ['apache', 'os', 'always'], inQuick: true, run: measure },
];
