// Asks Apache Kafka, by hand, and writes down what it says: node test/transcripts/groups-versions/record.ts

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startReference } from '../../conformance/reference.ts';
import { converse } from './conversation.ts';

const node = await startReference({ heap: '400m' });
try {
  const exchanges = await converse(Number(node.bootstrapServers.split(':')[1]));
  const lines = exchanges.map(exchange => JSON.stringify(exchange));
  writeFileSync(join(import.meta.dirname, 'kafka-4.3.1.json'), `[\n${lines.join(',\n')}\n]\n`);
} finally {
  await node.stop();
}
