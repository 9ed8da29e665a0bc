// What the hand-over runs share: a relay over a directory of its own for each seed. HANDOVER_SEEDS=1,2,3 runs these seeds,
// otherwise always the same one; HANDOVER_KEEP=1 leaves the directories for a look.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { describe, it } from 'node:test';
import { missingJavaToolchain } from '../reference.ts';
import { Relay } from './relay.ts';

const seeds = (process.env['HANDOVER_SEEDS'] ?? '20261124').split(',').map(Number);
const keeps = process.env['HANDOVER_KEEP'] === '1';

/** By title: who has the directory one after the other, and how each ends. */
export type Relays = Readonly<Record<string, (relay: Relay) => Promise<void>>>;

export function testRelays(relays: Relays): void {
  for (const seed of seeds) {
    const skip = missingJavaToolchain() ?? false;
    describe(`hand-over, seed ${seed} (HANDOVER_SEEDS=${seed})`, { skip }, () => {
      for (const [title, run] of Object.entries(relays)) it(title, () => test(seed, run));
    });
  }
}

async function test(seed: number, run: (relay: Relay) => Promise<void>): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), `handover-${seed}-`));
  const relay = new Relay({ root, seed });
  try {
    await run(relay);
  } catch (error) {
    throw new Error(`seed ${seed}, ${root}: ${(error as Error).message}`, { cause: error });
  } finally {
    await relay.close();
    if (!keeps) rmSync(root, { recursive: true, force: true });
  }
}
