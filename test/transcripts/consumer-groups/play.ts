// Plays a transcript against a running broker and finds where it says something else. What only the inside knows (records,
// transitions) is left out, and what follows on what a running broker cannot do (restarts, minutes, settings).

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Words } from '../groups/group-commands.ts';
import { consumerCommands } from './consumer-commands.ts';
import { RemoteConsumerWorld } from './remote-consumer-world.ts';

const DIVIDER = '----';
const INSIDE_ONLY =
  /^(?:restart|limit-batches|hold-disk|release-disk|refuse-append|\w+-classic|set|advance)\b/m;

export const transcripts: readonly string[] = readdirSync(import.meta.dirname).filter(file =>
  file.endsWith('.txt'),
);

function visible(lines: readonly string[]): string[] {
  return lines.filter(line => !/^log \d|^\S+: \w+ -> \w+| waits$/.test(line)).sort();
}

/** The differences, as lines for a person. */
export async function play(
  file: string,
  options: { readonly port: number; readonly lagMs: number },
): Promise<string[]> {
  const text = readFileSync(join(import.meta.dirname, file), 'utf8');
  const world = await RemoteConsumerWorld.open({ ...options, prefix: file.replace('.txt', '') });
  const differences: string[] = [];
  for (const block of text.split(/\n{2,}/)) {
    const lines = block.trim().split('\n');
    const divider = lines.indexOf(DIVIDER);
    if (divider < 0) continue;
    const head = lines.slice(0, divider).filter(line => !line.startsWith('#'));
    if (head.some(line => INSIDE_ONLY.test(line))) break;
    for (const line of head) {
      const [name, ...words] = line.split(/\s+/);
      consumerCommands.get(name!)!(world, new Words(words));
      await world.settle();
    }
    const expected = visible(lines.slice(divider + 1));
    const actual = visible(world.takeOutput());
    if (expected.join('\n') === actual.join('\n')) continue;
    differences.push(`${file}: ${head.join(' | ')}`);
    for (const line of expected) if (!actual.includes(line)) differences.push(`  transcript ${line}`);
    for (const line of actual) if (!expected.includes(line)) differences.push(`  broker     ${line}`);
  }
  world.close();
  return differences;
}
