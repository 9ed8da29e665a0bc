// The ledger under kill -9, kills at single system calls, failing ones and power cuts, as part of npm run test:conformance. Each test
// prints its seed; any number of cycles and any seed by hand: ledger.ts.

import { describe, it } from 'node:test';
import { type Fault, runLives } from './lives.ts';
import { whyNoLoopDisk } from './loop-disk.ts';
import { whyNoStrace } from './strace.ts';

const PATIENCE_MS = 600_000;
const LEGS: readonly { readonly fault: Fault; readonly cycles: number; readonly name: string }[] = [
  { fault: 'kill', cycles: 60, name: 'kill -9 under load' },
  { fault: 'call', cycles: 20, name: 'killed at a system call' },
  { fault: 'error', cycles: 15, name: 'a system call fails' },
  { fault: 'power', cycles: 10, name: 'the power of an ext4 file system is cut' },
  { fault: 'power-xfs', cycles: 10, name: 'the power of an xfs file system is cut' },
];

describe('what was acknowledged survives', { timeout: PATIENCE_MS }, () => {
  for (const { fault, cycles, name } of LEGS) {
    const why = {
      kill: () => null,
      call: whyNoStrace,
      error: whyNoStrace,
      power: () => whyNoLoopDisk('ext4'),
      'power-xfs': () => whyNoLoopDisk('xfs'),
    };
    const skip = why[fault]() ?? false;
    it(`${name}, ${cycles} times`, { timeout: PATIENCE_MS, skip }, async context => {
      context.diagnostic(await runLives({ cycles, seed: Math.floor(Math.random() * 1e9), fault }));
    });
  }
});
