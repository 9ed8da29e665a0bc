// One conversation of a client's program with one cluster: it is run with the address and a prefix for its names, and
// prints one JSON line for each step. Addresses are masked; nothing else is.

import { execFile } from 'node:child_process';
import { isDeepStrictEqual, promisify } from 'node:util';

const run = promisify(execFile);
const CONVERSATION_TIMEOUT_MS = 300_000;

export interface Step {
  readonly step: string;
  readonly result: string;
}

export interface Conversations {
  readonly theirs: readonly Step[];
  readonly ours: readonly Step[];
}

/**
 * The same conversation with both, at the same time. Apache Kafka answers a change before its broker has heard of it, and
 * most clients do not wait: what differs is asked once more, under other names, and has to be the same then.
 */
export async function converseWithBoth(
  command: readonly string[],
  { theirs, ours }: { readonly theirs: string; readonly ours: string },
  { prefix, say }: { readonly prefix: string; readonly say: (note: string) => void },
): Promise<Conversations> {
  const hold = async (names: string): Promise<Conversations> => {
    const [expected, actual] = await Promise.all([theirs, ours].map(at => converse(command, at, names)));
    return { theirs: expected!, ours: actual! };
  };
  const first = await hold(prefix);
  const different = first.theirs.findIndex((step, index) => !isDeepStrictEqual(first.ours[index], step));
  if (different < 0 && first.theirs.length === first.ours.length) return first;
  const pair = { theirs: first.theirs[different], ours: first.ours[different] };
  say(`differed at first: ${JSON.stringify(pair).slice(0, 2_000)}`);
  return hold(`${prefix}again`);
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
