// npm run test:conformance: compacted topics in a directory that passes between Millrace and Apache Kafka. Whoever comes to
// it finds a log that the other has cleaned in part and written on since, and must clean it as the other would have: at
// each hand-over both get a copy, clean it, and what is left must be the same, batch by batch. COMPACTION_SEED=8 runs
// another seed; of even ones Apache Kafka is killed, and starts again ten seconds later.

import assert from 'node:assert/strict';
import process from 'node:process';
import { describe, it } from 'node:test';
import { CompactedRelay } from './compacting/relay.ts';
import { missingJavaToolchain } from './reference.ts';

const seed = Number(process.env['COMPACTION_SEED'] ?? 1);

describe(`hand-over of compacted topics (COMPACTION_SEED=${seed})`, {
  skip: missingJavaToolchain() ?? false,
}, () => {
  it('both clean what Millrace cleaned in part, then what Apache Kafka did, and producers go on', async () => {
    const relay = new CompactedRelay(seed);
    try {
      await relay.beginWithMillrace();
      await relay.handOver({ goesOnWith: 'Apache Kafka', ends: seed % 2 === 0 ? 'kill' : 'stop' });
      await relay.handOver({ goesOnWith: 'Millrace', ends: 'stop' });
      assert.deepEqual(relay.notMet(), [], 'what a cleaner must meet');
    } finally {
      await relay.close();
    }
  });
});
