// More by hand: COMPACTION_SEEDS=500 node --test src/storage/log/compaction-crash.test.ts

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CompactionSimulation } from '../test-support/compaction-simulation.ts';

const HOUR_MS = 3_600_000;
const SEEDS = Number(process.env['COMPACTION_SEEDS'] ?? 16);

describe('a compacted log', () => {
  it('reads the same after any number of cleanings and restarts', async () => {
    for (let seed = 1; seed <= SEEDS; seed++) {
      const simulation = new CompactionSimulation(seed);
      for (let round = 0; round < 4; round++) {
        const where = `seed ${seed}, round ${round}`;
        simulation.fill(40);
        simulation.noteActive();
        simulation.verify(`${where}, filled`);
        simulation.startUpkeep();
        simulation.passTime(10 * 60_000);
        simulation.verify(`${where}, cleaned`);
        simulation.passTime(2 * HOUR_MS);
        simulation.verifyFiles(where);
        await simulation.restart();
        simulation.verify(`${where}, restarted`);
        assert.deepEqual(
          simulation.harness.reports.map(({ message }) => message),
          [],
          where,
        );
      }
    }
  });

  it('reads the same after a power cut at any operation of the disk', () => {
    let cuts = 0;
    for (let seed = 1; seed <= Math.ceil(SEEDS / 5); seed++) {
      for (let afterOperations = 1; ; afterOperations++) {
        const where = `seed ${seed}, cut at operation ${afterOperations}`;
        const simulation = new CompactionSimulation(seed);
        simulation.fill(45);
        simulation.noteActive();
        simulation.startUpkeep();
        const isCut = simulation.cutPower({
          afterOperations,
          seed: seed + afterOperations,
          whileMs: 5 * 60_000,
        });
        simulation.verify(`${where}, opened`);
        if (!isCut) break;
        cuts += 1;
        // And once more, while what was left is cleaned.
        simulation.startUpkeep();
        simulation.cutPower({
          afterOperations: 1 + ((afterOperations * 7) % 60),
          seed: afterOperations,
          whileMs: 120_000,
        });
        simulation.verify(`${where}, opened again`);
        simulation.startUpkeep();
        simulation.passTime(10 * 60_000);
        simulation.verify(`${where}, cleaned`);
        simulation.verifyFiles(where);
      }
    }
    assert.ok(cuts > 100, String(cuts));
  });
});
