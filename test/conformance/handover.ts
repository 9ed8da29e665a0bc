// npm run test:conformance: one data directory goes from Millrace to Apache Kafka and back, stopped cleanly and killed,
// and every broker must find everything the one before it held: topics, configs, records byte for byte, offsets, groups,
// transactions, producers. HANDOVER_SEEDS=1,2,3 runs other seeds; HANDOVER_KEEP=1 leaves the directories for a look.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { describe, it } from 'node:test';
import { Relay } from './handover/relay.ts';
import { missingJavaToolchain } from './reference.ts';

const seeds = (process.env['HANDOVER_SEEDS'] ?? String(Date.now() % 1_000_000)).split(',').map(Number);
const keeps = process.env['HANDOVER_KEEP'] === '1';

/** A relay over a directory of its own. */
async function relay(seed: number, name: string, run: (relay: Relay) => Promise<void>): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), `handover-${name}-${seed}-`));
  const race = new Relay({ root, seed });
  try {
    await run(race);
  } catch (error) {
    throw new Error(`seed ${seed}: ${(error as Error).message}`, { cause: error });
  } finally {
    await race.close();
    if (!keeps) rmSync(root, { recursive: true, force: true });
  }
}

for (const seed of seeds) {
  describe(`hand-over, seed ${seed} (HANDOVER_SEEDS=${seed})`, {
    skip: missingJavaToolchain() ?? false,
  }, () => {
    it('Millrace, stopped; Apache Kafka 4.3.1, stopped; Millrace, killed; Apache Kafka', () =>
      relay(seed, 'clean', async race => {
        await race.millrace({ found: 'new', ends: 'stop' });
        await race.kafka({ ends: 'stop' });
        await race.millrace({ found: 'kafka', ends: 'kill' });
        await race.kafka({ ends: 'stop' });
      }));

    it('Millrace, killed twice; Apache Kafka 4.3.1, killed; Millrace, stopped; Millrace', () =>
      relay(seed, 'killed', async race => {
        await race.millrace({ found: 'new', ends: 'kill' });
        await race.millrace({ found: 'millrace', ends: 'kill' });
        await race.kafka({ ends: 'kill' });
        await race.millrace({ found: 'kafka', ends: 'stop' });
        await race.millrace({ found: 'millrace', ends: 'stop' });
      }));

    it('Apache Kafka 4.3.1 of its own level, stopped; Millrace, stopped; Apache Kafka', () =>
      relay(seed, 'of-kafka', async race => {
        await race.kafka({ ends: 'stop', releaseVersion: '4.3' });
        await race.millrace({ found: 'kafka', ends: 'stop' });
        await race.kafka({ ends: 'stop' });
      }));

    it('Apache Kafka 4.3.1 with static voters, killed; Millrace, stopped; Apache Kafka', () =>
      relay(seed, 'static', async race => {
        await race.kafka({ ends: 'kill', releaseVersion: '4.0', hasStaticVoters: true });
        await race.millrace({ found: 'kafka', ends: 'stop' });
        await race.kafka({ ends: 'stop', hasStaticVoters: true });
      }));

    it('Millrace, stopped; Apache Kafka 4.0.1', () =>
      relay(seed, 'old', async race => {
        await race.millrace({ found: 'new', ends: 'stop' });
        await race.kafka({ ends: 'stop', release: '4.0.1' });
      }));
  });
}
