// npm run test:conformance: the same records go to Apache Kafka and to Millrace, both compact them once, and once more
// when tombstones and markers may go; what is left must be the same, batch by batch. COMPACTION_SEED=7 runs another seed.

import assert from 'node:assert/strict';
import process from 'node:process';
import { after, before, describe, it } from 'node:test';
import { alterTopicConfigs, createTopic } from '../../src/client/admin.ts';
import type { KafkaClient } from '../../src/client/kafka-client.ts';
import { type Both, startBoth } from './both.ts';
import { actionsOf, COMPACTED_TOPIC, DIRTY_RATIO } from './compacting/actions.ts';
import { linesOf } from './compacting/lines.ts';
import { Writer } from './compacting/writer.ts';
import { clientOf, until } from './handover/asking.ts';
import { seededRandom } from './handover/seeded-random.ts';
import { missingJavaToolchain } from './reference.ts';

const seed = Number(process.env['COMPACTION_SEED'] ?? 1);
const TOPIC = 'compacted';

describe(`compaction beside Apache Kafka 4.3.1 (COMPACTION_SEED=${seed})`, {
  skip: missingJavaToolchain() ?? false,
}, () => {
  let both: Both;
  let clients: [KafkaClient, KafkaClient];

  before(async () => {
    both = await startBoth({ properties: { 'log.cleaner.backoff.ms': '100' } });
    clients = [clientOf(both.theirs), clientOf(both.ours)];
  });

  after(async () => {
    for (const client of clients ?? []) await client.close();
    await both?.stop();
  });

  const linesOfBoth = () => Promise.all(clients.map(client => linesOf(client, { topic: TOPIC })));

  async function setDirtyRatio(ratio: '0' | '1'): Promise<void> {
    for (const client of clients)
      await alterTopicConfigs(client, { topic: TOPIC, set: { [DIRTY_RATIO]: ratio }, remove: [] });
  }

  it('leaves the same records, twice', async () => {
    const random = seededRandom(seed);
    for (const client of clients)
      await createTopic(client, { name: TOPIC, partitions: 1, configs: COMPACTED_TOPIC });
    const writers = clients.map(client => new Writer(client, TOPIC));
    for (const [round, count] of [60, 20, 20].entries()) {
      const actions = actionsOf(random, { from: round * 1_000, count });
      for (const writer of writers) await writer.run(actions);
      const [before, same] = await linesOfBoth();
      assert.deepEqual(same, before, `round ${round}, before it is compacted`);
      await setDirtyRatio('0');
      let found: string[][] = [];
      await until('both have compacted', async () => {
        found = await linesOfBoth();
        return found.every(lines => lines.length < before!.length) && found[0]!.join() === found[1]!.join();
      }).catch(() => {});
      assert.deepEqual(found[1], found[0], `round ${round}, compacted`);
      assert.ok(found[0]!.length < before!.length, `round ${round} compacted nothing`);
      await setDirtyRatio('1');
    }
  });
});
