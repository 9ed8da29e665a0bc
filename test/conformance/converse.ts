// One conversation of a client's program with one cluster: it is run with the address and a prefix for its names, and
// prints one JSON line for each step. Addresses are masked; nothing else is.

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
const CONVERSATION_TIMEOUT_MS = 180_000;

export interface Step {
  readonly step: string;
  readonly result: string;
}

/** What a conversation with this cluster has come to. */
export async function converse(
  command: readonly string[],
  bootstrapServers: string,
  prefix: string,
): Promise<Step[]> {
  const [program, ...words] = command as [string, ...string[]];
  const { stdout } = await run(program, [...words, bootstrapServers, prefix], {
    timeout: CONVERSATION_TIMEOUT_MS,
    maxBuffer: 64 * 1024 * 1024,
  });
  return stdout
    .replaceAll(/127\.0\.0\.1:\d+/g, 'HOST:PORT')
    .split('\n')
    .filter(line => line.startsWith('{'))
    .map(line => JSON.parse(line) as Step);
}

/** One line an element, so that a difference is seen as one. */
export function linesOf(step: Step | undefined): string[] {
  return step === undefined ? [] : [step.step, ...step.result.split(/\n|(?<=\}"),/)];
}
