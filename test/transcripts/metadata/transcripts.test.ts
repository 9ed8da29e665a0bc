// Runs every transcript in this folder: blocks of commands, a line of dashes, what came of them. UPDATE_TRANSCRIPTS=1
// writes what comes of them now, for a person to review.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { commands } from './metadata-commands.ts';
import { MetadataWorld } from './metadata-world.ts';

const folder = import.meta.dirname;
const DIVIDER = '----';

async function rerun(text: string): Promise<string> {
  const world = new MetadataWorld();
  const blocks: string[] = [];
  for (const block of text.split(/\n{2,}/)) {
    const lines = block.trim().split('\n');
    const divider = lines.indexOf(DIVIDER);
    const head = divider < 0 ? lines : lines.slice(0, divider);
    if (head.every(line => line === '' || line.startsWith('#'))) {
      blocks.push(block.trim());
      continue;
    }
    for (const line of head) {
      if (line.startsWith('#')) continue;
      const [name, ...words] = line.split(/\s+/) as [string, ...string[]];
      const command = commands.get(name);
      assert(command !== undefined, `no such command: ${line}`);
      await command(world, words);
    }
    blocks.push([...head, DIVIDER, ...(await world.takeOutput())].join('\n'));
  }
  return `${blocks.join('\n\n')}\n`;
}

describe('metadata transcripts', () => {
  for (const file of readdirSync(folder).filter(name => name.endsWith('.txt'))) {
    it(file.replace('.txt', '').replaceAll('-', ' '), async () => {
      const path = join(folder, file);
      const written = readFileSync(path, 'utf8');
      const now = await rerun(written);
      if (process.env.UPDATE_TRANSCRIPTS === '1') writeFileSync(path, now);
      else assert.equal(now, written);
    });
  }
});
