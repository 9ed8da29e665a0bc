// The transcripts against Apache Kafka itself, by hand: does it say what they say?
//   node test/transcripts/consumer-groups/against-kafka.ts [transcript …]

import { startReference } from '../../conformance/reference.ts';
import { play, transcripts } from './play.ts';

/** Longer than it takes Apache Kafka's coordinator to hear of a topic. */
const LAG_MS = 500;

/** Longer than any answer takes that does not wait for somebody else. */
const QUIET_MS = 700;

const sleep = (byMs: number) => new Promise<void>(resolve => setTimeout(resolve, byMs));
const quiet = () => sleep(QUIET_MS);

const chosen = process.argv.slice(2);
const files = transcripts.filter(file => chosen.length === 0 || chosen.includes(file.replace('.txt', '')));
const node = await startReference({
  heap: '400m',
  properties: { 'group.consumer.assignment.interval.ms': '0', 'group.initial.rebalance.delay.ms': '0' },
});
try {
  const port = Number(node.bootstrapServers.split(':')[1]);
  for (const file of files)
    for (const line of await play(file, { port, lagMs: LAG_MS, barrier: quiet, advance: sleep }))
      console.log(line);
  console.log(`${files.length} transcripts played`);
} finally {
  await node.stop();
}
