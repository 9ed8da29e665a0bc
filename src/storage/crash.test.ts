// Power cuts at thousands of points. A failure prints its seed and the command that runs just this one again.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CrashSimulation } from './test-support/crash-simulation.ts';

const LIVES = 8;
const RUNS = 250;
const wanted = process.env['MILLRACE_SIMULATION_SEED'];
const firstSeed = wanted === undefined ? Math.floor(Math.random() * 1_000_000_000) : Number(wanted);
const runs = Number(process.env['MILLRACE_SIMULATION_RUNS'] ?? (wanted === undefined ? RUNS : 1));

describe('power cuts', () => {
  it(`lose nothing acknowledged (${runs * LIVES} cuts from seed ${firstSeed})`, () => {
    let acknowledged = 0;
    for (let seed = firstSeed; seed < firstSeed + runs; seed++) {
      try {
        acknowledged += new CrashSimulation(seed).run(LIVES).acknowledged;
      } catch (error) {
        const command = `MILLRACE_SIMULATION_SEED=${seed} node --test src/storage/crash.test.ts`;
        throw new Error(`seed ${seed}: ${(error as Error).message}\nagain: ${command}`, { cause: error });
      }
    }
    // A simulation that acknowledges nothing proves nothing.
    assert.ok(wanted !== undefined || acknowledged > runs * 10, `${acknowledged} records acknowledged`);
  });
});
