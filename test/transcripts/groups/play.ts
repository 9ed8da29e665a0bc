// Plays transcripts against a running broker, by connections of their own, and finds where it says something else. What
// only the inside knows (transitions, records) and what a running broker cannot do (restarts, disks, hours) is left out.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CreateTopics } from '../../../src/protocol/messages/apis/create-topics.ts';
import { DescribeGroups } from '../../../src/protocol/messages/apis/describe-groups.ts';
import { FindCoordinator } from '../../../src/protocol/messages/apis/find-coordinator.ts';
import { RawConnection } from '../../support/raw-connection.ts';
import { commands, Words } from './group-commands.ts';
import { RemoteWorld, type RemoteWorldOptions } from './remote-world.ts';

const DIVIDER = '----';
const INSIDE_ONLY =
  /^(?:restart|limit-batches|hold-disk|release-disk|refuse-append|delete-topic)\b|^advance \d+[mhd]$|^set retention/m;

/** What a client can see of a block's expectation, in any order: answers on different connections race. */
function visible(lines: readonly string[]): string[] {
  return lines
    .filter(line => !/^log \d|^\S+: \w+ -> \w+|^report:| waits$/.test(line))
    .map(withMembersSorted)
    .sort();
}

/** Apache Kafka lists members in the order of a hash table. */
function withMembersSorted(line: string): string {
  const sorted = (list: string) => list.split(', ').sort().join(', ');
  return line
    .replace(/\[(.*)\]/, (_, list: string) => `[${sorted(list)}]`)
    .replace(/(protocol "[^"]*", )(.*)$/, (_, head: string, list: string) => head + sorted(list));
}

export async function play(file: string, options: Omit<RemoteWorldOptions, 'prefix'>): Promise<string[]> {
  const text = readFileSync(join(import.meta.dirname, file), 'utf8');
  const world = new RemoteWorld({ ...options, prefix: `${file}-${process.pid}` });
  const differences: string[] = [];
  const mayWait = new Set<string>();
  for (const block of text.split(/\n{2,}/)) {
    const lines = block.trim().split('\n');
    const divider = lines.indexOf(DIVIDER);
    if (divider < 0) continue;
    for (const line of lines.slice(divider + 1))
      if (line.endsWith(' waits')) mayWait.add(line.split(' ')[0]!);
    for (const line of lines.slice(0, divider)) {
      // Settings were made when the broker was started.
      if (line.startsWith('#') || line.startsWith('set ')) continue;
      const [name, ...words] = line.split(/\s+/);
      await commands.get(name!)!(world, new Words(words));
      await world.settle(mayWait);
    }
    const expected = visible(lines.slice(divider + 1));
    const actual = visible(world.takeOutput());
    if (expected.join('\n') === actual.join('\n')) continue;
    differences.push(`${file}: ${lines.slice(0, divider).join(' | ')}`);
    for (const line of expected.filter(one => !actual.includes(one)))
      differences.push(`  transcript ${line}`);
    for (const line of actual.filter(one => !expected.includes(one)))
      differences.push(`  broker     ${line}`);
  }
  world.close();
  return differences;
}

/** Topics the transcripts name, and the coordinators. */
export async function prepare(port: number): Promise<void> {
  const connection = await RawConnection.open(port);
  const topics = ['orders', 'others'].map(name => ({
    name,
    numPartitions: 3,
    replicationFactor: 1,
    assignments: [],
    configs: [],
  }));
  await connection.request(CreateTopics, 7, { topics, timeoutMs: 10_000, validateOnly: false });
  // Until every partition's coordinator is there: Apache Kafka makes them while it already answers.
  const groups = Array.from({ length: 500 }, (_, index) => `any-${index}`);
  for (;;) {
    await connection.request(FindCoordinator, 4, { keyType: 0, coordinatorKeys: ['any'] });
    const described = await connection.request(DescribeGroups, 5, {
      groups,
      includeAuthorizedOperations: false,
    });
    if (described.groups.every(group => group.errorCode === 0)) break;
    await new Promise(resolve => setTimeout(resolve, 100));
  }
  connection.close();
}

/** Transcripts that a running broker can play, by the properties it must be started with (as JSON). */
export function transcriptsByProperties(): Map<string, string[]> {
  const byProperties = new Map<string, string[]>();
  for (const file of readdirSync(import.meta.dirname).filter(name => name.endsWith('.txt'))) {
    const text = readFileSync(join(import.meta.dirname, file), 'utf8');
    if (INSIDE_ONLY.test(text)) continue;
    const properties = propertiesOf(text);
    byProperties.set(properties, [...(byProperties.get(properties) ?? []), file]);
  }
  return byProperties;
}

function propertiesOf(text: string): string {
  const words = new Words([...text.matchAll(/^set (.*)$/gm)].flatMap(match => match[1]!.split(' ')));
  return JSON.stringify({
    'group.initial.rebalance.delay.ms': String(words.number('initial-delay', 0)),
    'group.max.size': String(words.number('max-size', 2_147_483_647)),
  });
}
