// The transcripts against Apache Kafka itself, by hand: does it say what they say?
//   node test/transcripts/consumer-groups/against-kafka.ts [transcript …]

import { startReference } from '../../conformance/reference.ts';
import { play, propertiesOf, transcripts } from './play.ts';

/** Longer than it takes Apache Kafka's coordinator to hear of a topic. */
const LAG_MS = 500;

/** Longer than any answer takes that does not wait for somebody else. */
const QUIET_MS = 700;

const sleep = (byMs: number) => new Promise<void>(resolve => setTimeout(resolve, byMs));
const quiet = () => sleep(QUIET_MS);

const chosen = process.argv.slice(2);
const files = transcripts.filter(file => chosen.length === 0 || chosen.includes(file.replace('.txt', '')));
/** A broker for each set of properties, one after the other. */
const byProperties = Map.groupBy(files, file => JSON.stringify(propertiesOf(file)));
for (const [properties, played] of byProperties) {
  const node = await startReference({
    heap: '400m',
    properties: {
      'group.consumer.assignment.interval.ms': '0',
      'group.initial.rebalance.delay.ms': '0',
      ...(JSON.parse(properties) as Record<string, string>),
    },
  });
  try {
    const port = Number(node.bootstrapServers.split(':')[1]);
    const options = {
      port,
      lagMs: LAG_MS,
      barrier: quiet,
      advance: sleep,
      isConfigured: properties !== '{}',
    };
    for (const file of played) for (const line of await play(file, options)) console.log(line);
    console.log(`${played.length} transcripts played ${properties}`);
  } finally {
    await node.stop();
  }
}
