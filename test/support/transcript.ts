// Transcripts: files of blocks, each some commands, a line of dashes, and what came of them. Comments and blocks without
// commands stay as they are. Running a folder means running the commands of each file in a world of its own and holding what
// comes of them against what is written; UPDATE_TRANSCRIPTS=1 writes it instead, for a person to review.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { it } from 'node:test';

const DIVIDER = '----';

/** What the commands of one transcript act on. */
export interface TranscriptWorld {
  /** `line`: one command. */
  run(line: string): void | Promise<void>;
  /** What has been said since the last call. */
  takeOutput(): string[] | Promise<string[]>;
}

/** One test for each transcript of the folder. */
export function testTranscripts(folder: string, newWorld: () => TranscriptWorld): void {
  for (const file of readdirSync(folder).filter(name => name.endsWith('.txt'))) {
    it(file.replace('.txt', '').replaceAll('-', ' '), async () => {
      const path = join(folder, file);
      const written = readFileSync(path, 'utf8');
      const now = await rerun(written, newWorld());
      if (process.env.UPDATE_TRANSCRIPTS === '1') writeFileSync(path, now);
      else assert.equal(now, written);
    });
  }
}

async function rerun(text: string, world: TranscriptWorld): Promise<string> {
  const blocks: string[] = [];
  for (const block of text.split(/\n{2,}/)) {
    const lines = block.trim().split('\n');
    const divider = lines.indexOf(DIVIDER);
    const head = divider < 0 ? lines : lines.slice(0, divider);
    if (head.every(line => line === '' || line.startsWith('#'))) {
      blocks.push(block.trim());
      continue;
    }
    for (const line of head) if (!line.startsWith('#')) await world.run(line);
    blocks.push([...head, DIVIDER, ...(await world.takeOutput())].join('\n'));
  }
  return `${blocks.join('\n\n')}\n`;
}

/** `line` in words: the first names the command. */
export function runCommand<Command>(
  commands: ReadonlyMap<string, Command>,
  line: string,
  run: (command: Command, words: readonly string[]) => void | Promise<void>,
): void | Promise<void> {
  const [name, ...words] = line.split(/\s+/);
  const command = commands.get(name ?? '');
  assert(command !== undefined, `no such command: ${line}`);
  return run(command, words);
}
