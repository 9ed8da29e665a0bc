// Runs every transcript in this folder, as the one of the classic groups does. UPDATE_TRANSCRIPTS=1 writes what comes of
// the commands now, for a person to review.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { Words } from '../groups/group-commands.ts';
import { GroupWorld } from '../groups/group-world.ts';
import { commands } from './consumer-commands.ts';

const folder = import.meta.dirname;
const DIVIDER = '----';

function rerun(text: string): string {
  const world = new GroupWorld();
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

function runLine(world: GroupWorld, line: string): void {
  const [name, ...words] = line.split(/\s+/);
  const command = commands.get(name!);
  assert(command !== undefined, `no such command: ${line}`);
  command(world, new Words(words));
}

describe('consumer group transcripts', () => {
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
