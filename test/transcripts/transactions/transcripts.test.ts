// Runs every transcript in this folder: blocks of commands, a line of dashes, what came of them. UPDATE_TRANSCRIPTS=1
// writes what comes of them now, for a person to review.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { describe, it } from 'node:test';
import { Words } from '../groups/group-commands.ts';
import { commands } from './transaction-commands.ts';
import { TransactionWorld } from './transaction-world.ts';

const folder = import.meta.dirname;
const DIVIDER = '----';

function rerun(text: string): string {
  const world = new TransactionWorld();
  world.coordinator.start();
  const blocks = text.split(/\n{2,}/).map(block => {
    const lines = block.trim().split('\n');
    const divider = lines.indexOf(DIVIDER);
    const head = divider < 0 ? lines : lines.slice(0, divider);
    if (head.every(line => line === '' || line.startsWith('#'))) return block.trim();
    for (const line of head) if (!line.startsWith('#')) runLine(world, line);
    return [...head, DIVIDER, ...world.takeOutput()].join('\n');
  });
  return `${blocks.join('\n\n')}\n`;
}

function runLine(world: TransactionWorld, line: string): void {
  const [name, ...words] = line.split(/\s+/);
  const command = commands.get(name ?? '');
  assert(command !== undefined, `no such command: ${line}`);
  command(world, new Words(words));
}

describe('transaction transcripts', () => {
  for (const file of readdirSync(folder).filter(name => name.endsWith('.txt'))) {
    it(file.replace('.txt', '').replaceAll('-', ' '), () => {
      const path = join(folder, file);
      const written = readFileSync(path, 'utf8');
      const now = rerun(written);
      if (process.env.UPDATE_TRANSCRIPTS === '1') writeFileSync(path, now);
      else assert.equal(now, written);
    });
  }
});
