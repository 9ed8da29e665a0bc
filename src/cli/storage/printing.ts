// Lines to standard output, many at once, no faster than the reader takes them; a reader that has seen enough (`| head`)
// ends the command without a word.

import { once } from 'node:events';
import process from 'node:process';

const CHUNK_CHARACTERS = 64 * 1024;

export async function printLines(lines: Iterable<string>): Promise<void> {
  let isOver = false;
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    isOver = true;
  });
  let chunk = '';
  for (const line of lines) {
    if (isOver) return;
    chunk += `${line}\n`;
    if (chunk.length < CHUNK_CHARACTERS) continue;
    await write(chunk);
    chunk = '';
  }
  if (chunk !== '' && !isOver) await write(chunk);
}

async function write(chunk: string): Promise<void> {
  if (!process.stdout.write(chunk))
    await Promise.race([once(process.stdout, 'drain'), once(process.stdout, 'close')]);
}
