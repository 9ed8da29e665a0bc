// What every suite beside Apache Kafka does with what it asks: raw frames, a client's conversation, or a run of the command
// line tools goes to both, and each step is a test that both answered the same.

import assert from 'node:assert/strict';
import { it, type TestContext } from 'node:test';
import type { Both } from './both.ts';
import { converse, converseWithBoth, linesOf, type Step } from './converse.ts';
import { comparable, type FrameStep, type Peer, peerAt } from './frames/frame-step.ts';
import type { Command } from './tools/commands.ts';
import { linesOf as linesOfTool, runAll } from './tools/run-commands.ts';

export type Addresses = Pick<Both, 'theirs' | 'ours'>;

export interface Peers<P extends Peer> {
  readonly there: P;
  readonly here: P;
}

/** A test for each step; the peers are known once the suite has started. */
export function testSteps<P extends Peer>(steps: readonly FrameStep<P>[], peers: () => Peers<P>): void {
  for (const { name, apart, ask } of steps) {
    it(name, { skip: apart ?? false }, async () => {
      const { there, here } = peers();
      const [expected, actual] = await Promise.all([ask(there), ask(here)]);
      assert.deepEqual(comparable(actual, here), comparable(expected, there));
    });
  }
}

/** Both as they are found when the first step asks. */
export function peersOf(both: () => Addresses): () => Peers<Peer> {
  let peers: Peers<Peer> | undefined;
  return () => {
    peers ??= { there: peerAt(both().theirs), here: peerAt(both().ours) };
    return peers;
  };
}

export interface Conversation {
  readonly command: readonly string[];
  /** Of the names it gives. */
  readonly prefix: string;
  /** It goes on with what another one left, and cannot be held a second time. */
  readonly isOnce?: boolean;
  readonly stepsMin?: number;
}

export async function testConversation(
  context: TestContext,
  both: Addresses,
  { command, prefix, isOnce = false, stepsMin = 10 }: Conversation,
): Promise<void> {
  const say = (note: string): void => context.diagnostic(note);
  const { theirs, ours } = isOnce
    ? await once(command, both, prefix)
    : await converseWithBoth(command, both, { prefix, say });
  assert.ok(theirs.length > stepsMin, 'the conversation with Apache Kafka has all its steps');
  for (const [index, step] of theirs.entries()) {
    await context.test(step.step, () => assert.deepEqual(linesOf(ours[index]), linesOf(step)));
  }
  assert.equal(ours.length, theirs.length, 'Millrace was asked as much');
}

async function once(command: readonly string[], both: Addresses, prefix: string) {
  const held = await Promise.all([both.theirs, both.ours].map(at => converse(command, at, prefix)));
  const [theirs, ours] = held as [Step[], Step[]];
  return { theirs, ours };
}

export async function testCommands(
  context: TestContext,
  both: Addresses,
  commands: readonly Command[],
): Promise<void> {
  const [expected, actual] = await Promise.all([runAll(commands, both.theirs), runAll(commands, both.ours)]);
  assert.equal(expected.length, commands.length, 'Apache Kafka was asked everything');
  assert.equal(actual.length, commands.length, 'Millrace was asked everything');
  for (const [index, command] of commands.entries()) {
    await context.test(command.name, { skip: command.apart ?? false }, () =>
      assert.deepEqual(linesOfTool(actual[index], command), linesOfTool(expected[index], command)),
    );
  }
}
