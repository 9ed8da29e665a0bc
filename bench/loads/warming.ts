// What makes a server warm, without a row of its own: 3 GB in batches of 16 KB, as a producer makes them by default, over
// one connection, and Kafka's own consumer over all of it.

import { batchOf, flood, untilTakesRecords } from '../support/producing.ts';
import { RawKafka } from '../support/raw-kafka.ts';
import { consume } from './consume.ts';
import type { Load, LoadContext, Measure } from './load.ts';

const TOPIC = 'warming';
const RECORD_BYTES = 1_000;
const RECORDS_A_BATCH = 16;
const BYTES = { full: 3e9, quick: 3e8 };

async function warm({ server, isQuick }: LoadContext): Promise<Measure[]> {
  const connection = await RawKafka.open(server.port);
  await connection.createTopics([{ name: TOPIC, partitions: 1 }]);
  connection.close();
  await untilTakesRecords(server.port, { topic: TOPIC });
  const batch = batchOf({ records: RECORDS_A_BATCH, recordBytes: RECORD_BYTES });
  const count = Math.ceil((isQuick ? BYTES.quick : BYTES.full) / batch.length);
  await flood(server.port, { topic: TOPIC }, { batch, count });
  await consume(server, TOPIC, count * RECORDS_A_BATCH);
  return [];
}

export const warmingLoads: readonly Load[] = [
  { name: 'warming', sides: ['apache', 'os'], inQuick: false, run: warm },
];
