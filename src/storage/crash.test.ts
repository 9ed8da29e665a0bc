// Power cuts and killed processes at some twenty thousand points, those while opening included. A failure prints its seed and
// the command that runs just this one again; MILLRACE_SIMULATION_RUNS asks for any number of runs.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CrashSimulation } from './test-support/crash-simulation.ts';

const LIVES = 8;
const RUNS = 1_000;
/** About a minute of one processor; a busy machine may take several. */
const PATIENCE_MS = 900_000;
const CRASHES_MIN = 20 * RUNS;
const wanted = process.env['MILLRACE_SIMULATION_SEED'];
/** The same lives every time, unless others are asked for: a run is red because something changed. */
const firstSeed = Number(wanted ?? 20_261_124);
const runs = Number(process.env['MILLRACE_SIMULATION_RUNS'] ?? (wanted === undefined ? RUNS : 1));

describe('power cuts', { timeout: PATIENCE_MS }, () => {
  const name = `lose nothing acknowledged (${runs} runs of ${LIVES} lives from seed ${firstSeed})`;
  it(name, { timeout: PATIENCE_MS }, test => {
    let acknowledged = 0;
    let crashes = 0;
    for (let seed = firstSeed; seed < firstSeed + runs; seed++) {
      try {
        const result = new CrashSimulation(seed).run(LIVES);
        acknowledged += result.acknowledged;
        crashes += result.crashes;
      } catch (error) {
        const command = `MILLRACE_SIMULATION_SEED=${seed} node --test src/storage/crash.test.ts`;
        throw new Error(`seed ${seed}: ${(error as Error).message}\nagain: ${command}`, { cause: error });
      }
    }
    test.diagnostic(`${crashes} crashes, ${acknowledged} records acknowledged`);
    assert.ok(wanted !== undefined || runs !== RUNS || crashes >= CRASHES_MIN, `${crashes} crashes`);
    // A simulation that acknowledges nothing proves nothing.
    assert.ok(wanted !== undefined || acknowledged > runs * 10, `${acknowledged} records acknowledged`);
  });
});
