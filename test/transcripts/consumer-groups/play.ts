// Plays a transcript against a running broker and finds where it says something else. What only the inside knows (records,
// transitions) is left out, and what follows on what a running broker cannot do (restarts, minutes, settings).

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { amount, commands as classicCommands, Words } from '../groups/group-commands.ts';
import { RemoteWorld } from '../groups/remote-world.ts';
import { consumerCommands } from './consumer-commands.ts';
import { RemoteConsumerWorld } from './remote-consumer-world.ts';

const DIVIDER = '----';
const INSIDE_ONLY = /^(?:restart|limit-batches|hold-disk|release-disk|refuse-append|set)\b/m;
const CLASSIC = '-classic';

export const transcripts: readonly string[] = readdirSync(import.meta.dirname).filter(file =>
  file.endsWith('.txt'),
);

/** Apache Kafka lists members in the order of a hash table. */
function withMembersSorted(line: string): string {
  const sorted = (list: string) => list.split(', ').sort().join(', ');
  return line
    .replace(/\[(.*)\]/, (_, list: string) => `[${sorted(list)}]`)
    .replace(/(protocol "[^"]*", )(.*)$/, (_, head: string, list: string) => head + sorted(list));
}

function visible(lines: readonly string[]): string[] {
  return lines
    .filter(line => !/^log \d|^\S+: \w+ -> \w+| waits$/.test(line))
    .map(withMembersSorted)
    .sort();
}

/** What `set` is called in the properties of a broker. */
const PROPERTIES: Readonly<Record<string, string>> = {
  policy: 'group.consumer.migration.policy',
  'max-size': 'group.consumer.max.size',
  'classic-max-size': 'group.max.size',
  'initial-delay': 'group.initial.rebalance.delay.ms',
};

/** What a transcript sets before all else, as properties of the broker that it is to be played against. */
export function propertiesOf(file: string): Record<string, string> {
  const [, words] = /^set (.*)$/m.exec(firstBlock(textOf(file))) ?? [];
  const pairs = (words?.split(' ') ?? []).map(word => word.split('=') as [string, string]);
  if (pairs.some(([name]) => PROPERTIES[name] === undefined)) return {};
  return Object.fromEntries(
    pairs.map(([name, value]) => [
      PROPERTIES[name]!,
      name === 'initial-delay' ? String(amount(value)) : value,
    ]),
  );
}

function firstBlock(text: string): string {
  return text.split(/\n{2,}/).find(block => block.includes(`\n${DIVIDER}\n`)) ?? '';
}

function textOf(file: string): string {
  return readFileSync(join(import.meta.dirname, file), 'utf8');
}

export interface PlayOptions {
  /** The broker has the properties that the transcript sets first. */
  readonly isConfigured?: boolean;
  readonly port: number;
  readonly lagMs: number;
  /** Resolves when the broker has taken in all that was sent about the group. */
  readonly barrier: (groupId: string) => Promise<void>;
  /** How time passes; a transcript is played up to where it would have to. */
  readonly advance?: (byMs: number) => void | Promise<void>;
}

/** A broker that is spoken to in both protocols. */
class BothWorlds {
  readonly #classic: RemoteWorld;
  readonly #consumer: RemoteConsumerWorld;
  /** Who may wait for the answer to a JoinGroup or SyncGroup. */
  readonly #mayWait: ReadonlySet<string>;

  private constructor(classic: RemoteWorld, consumer: RemoteConsumerWorld, mayWait: ReadonlySet<string>) {
    this.#classic = classic;
    this.#consumer = consumer;
    this.#mayWait = mayWait;
  }

  static async open(file: string, text: string, options: PlayOptions): Promise<BothWorlds> {
    const { port, lagMs, barrier } = options;
    const prefix = file.replace('.txt', '');
    const classic = new RemoteWorld({ port, prefix, barrier });
    const isBoth = text.includes(CLASSIC);
    const consumer = await RemoteConsumerWorld.open({ port, lagMs, prefix, ...(isBoth ? { classic } : {}) });
    const mayWait = new Set([...text.matchAll(/^(\S+) waits$/gm)].map(match => match[1]!));
    return new BothWorlds(classic, consumer, mayWait);
  }

  async run(line: string): Promise<void> {
    const [name, ...words] = line.split(/\s+/);
    if (name!.endsWith(CLASSIC)) {
      await classicCommands.get(name!.replace(CLASSIC, ''))!(this.#classic, new Words(words));
    } else consumerCommands.get(name!)!(this.#consumer, new Words(words));
    await this.#consumer.settle();
    await this.#classic.settle(this.#mayWait);
  }

  takeOutput(): string[] {
    return [...this.#classic.takeOutput(), ...this.#consumer.takeOutput()];
  }

  async close(): Promise<void> {
    this.#classic.close();
    await this.#consumer.close();
  }
}

/** The differences, as lines for a person. */
export async function play(file: string, options: PlayOptions): Promise<string[]> {
  const whole = textOf(file);
  const text = options.isConfigured ? whole.replace(/^set .*\n/m, '') : whole;
  const world = await BothWorlds.open(file, text, options);
  const differences: string[] = [];
  for (const block of text.split(/\n{2,}/)) {
    const lines = block.trim().split('\n');
    const divider = lines.indexOf(DIVIDER);
    if (divider < 0) continue;
    const head = lines.slice(0, divider).filter(line => !line.startsWith('#'));
    if (head.some(line => INSIDE_ONLY.test(line))) break;
    const { advance } = options;
    if (advance === undefined && head.some(line => line.startsWith('advance '))) break;
    for (const line of head) {
      if (line.startsWith('advance ')) await advance?.(amount(line.slice('advance '.length)));
      else await world.run(line);
    }
    const expected = visible(lines.slice(divider + 1));
    const actual = visible(world.takeOutput());
    if (expected.join('\n') === actual.join('\n')) continue;
    differences.push(`${file}: ${head.join(' | ')}`);
    for (const line of expected) if (!actual.includes(line)) differences.push(`  transcript ${line}`);
    for (const line of actual) if (!expected.includes(line)) differences.push(`  broker     ${line}`);
  }
  await world.close();
  return differences;
}
