// The transcripts against Apache Kafka itself, by hand: does it say what they say?
//   node test/transcripts/groups/against-kafka.ts [transcript …]

import { startReference } from '../../conformance/reference.ts';
import { play, prepare, transcriptsByProperties } from './play.ts';

/** Transcripts at one time: most of it is waiting. */
const PLAYERS = 8;
/** Longer than any answer takes that does not wait for somebody else. */
const QUIET_MS = 700;

const quiet = () => new Promise<void>(resolve => setTimeout(resolve, QUIET_MS));

const chosen = process.argv.slice(2);
for (const [properties, all] of transcriptsByProperties()) {
  const files = all.filter(file => chosen.length === 0 || chosen.includes(file.replace('.txt', '')));
  if (files.length === 0) continue;
  const node = await startReference({ heap: '400m', properties: JSON.parse(properties) });
  try {
    const port = Number(node.bootstrapServers.split(':')[1]);
    await prepare(port);
    const left = [...files];
    const player = async () => {
      for (let file = left.shift(); file !== undefined; file = left.shift()) {
        for (const line of await play(file, { port, barrier: quiet })) console.log(line);
      }
    };
    await Promise.all(Array.from({ length: PLAYERS }, player));
    console.log(`${files.length} transcripts played`);
  } finally {
    await node.stop();
  }
}
