// The other end of many-clients.ts: starts it, reads what it says, ends it.

import type { ChildProcess } from 'node:child_process';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { pause } from '../support/api-versions.ts';
import { ended, spawnTracked } from '../support/scope.ts';

const PROGRAM = fileURLToPath(new URL('many-clients.ts', import.meta.url));
const TIMEOUT_MS = 120_000;

export class Clients {
  readonly #child: ChildProcess;
  #said = '';

  constructor(words: readonly (string | number)[]) {
    const flags = ['--disable-warning=ExperimentalWarning', PROGRAM];
    this.#child = spawnTracked(process.execPath, [...flags, ...words.map(String)], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.#child.stdout!, this.#child.stderr!]) {
      stream.on('data', chunk => (this.#said += String(chunk)));
    }
  }

  /** The number behind a word of its own. */
  async says(word: string): Promise<number> {
    const deadlineMs = performance.now() + TIMEOUT_MS;
    while (performance.now() < deadlineMs) {
      const found = new RegExp(`^${word} (\\d+)$`, 'm').exec(this.#said)?.[1];
      if (found !== undefined) return Number(found);
      if (this.#child.exitCode !== null) break;
      await pause(20);
    }
    throw new Error(`the clients did not say "${word}": ${this.#said.slice(-500)}`);
  }

  async end(): Promise<void> {
    this.#child.kill('SIGKILL');
    await ended(this.#child);
  }
}
