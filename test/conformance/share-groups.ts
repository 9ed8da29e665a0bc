// npm run test:conformance: the group side of share groups (KIP-932), beside Apache Kafka, both at a metadata.version that
// has them: raw frames and the records they leave, the Java client's share consumer and Admin, and the command line tools.
// At the level of a new Millrace directory there are no share groups: those requests are refused alike.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type Both, startBoth } from './both.ts';
import { converse, linesOf } from './converse.ts';
import { comparable, type FrameStep, peerAt } from './frames/frame-step.ts';
import { shareGroupSteps, unservedShareGroupSteps } from './frames/share-group-steps.ts';
import { javaClassPath, missingJavaToolchain, SHORT_LIVED_JVM } from './reference.ts';
import { linesOf as linesOfTool, runAll } from './tools/run-commands.ts';
import { shareCommands } from './tools/share-commands.ts';

const LEVEL = 30;
const RELEASE = '4.3';
/** Who joins is assigned at once, as the profile of Millrace has it. */
const PROPERTIES = { 'group.share.assignment.interval.ms': '0' };

const noReference = missingJavaToolchain();

function testFrames(steps: readonly FrameStep[], both: () => Both): void {
  it('raw frames', async context => {
    const { theirs, ours } = both();
    const [there, here] = [peerAt(theirs), peerAt(ours)];
    for (const { name, apart, ask } of steps) {
      await context.test(name, { skip: apart ?? false }, async () => {
        const [expected, actual] = await Promise.all([ask(there), ask(here)]);
        assert.deepEqual(comparable(actual, here), comparable(expected, there));
      });
    }
  });
}

describe('share groups, beside Apache Kafka 4.3.1', { skip: noReference ?? false }, () => {
  let both: Both;

  before(async () => {
    both = await startBoth({ releaseVersion: RELEASE, metadataVersion: LEVEL, properties: PROPERTIES });
  });

  after(() => both?.stop());

  testFrames(shareGroupSteps, () => both);

  it('kafka-clients 4.3.1', async context => {
    const logging = '-Dorg.slf4j.simpleLogger.defaultLogLevel=error';
    const command = ['java', '-Xmx512m', ...SHORT_LIVED_JVM, logging, '-cp', javaClassPath(), 'ShareGroups'];
    const [expected, actual] = await Promise.all([
      converse(command, both.theirs, 'java'),
      converse(command, both.ours, 'java'),
    ]);
    assert.ok(expected.length > 10, 'the conversation with Apache Kafka has all its steps');
    for (const [index, step] of expected.entries())
      await context.test(step.step, () => assert.deepEqual(linesOf(actual[index]), linesOf(step)));
    assert.equal(actual.length, expected.length, 'Millrace was asked as much');
  });

  it("Apache Kafka's command line tools", async context => {
    const [expected, actual] = await Promise.all([
      runAll(shareCommands, both.theirs),
      runAll(shareCommands, both.ours),
    ]);
    assert.equal(expected.length, shareCommands.length);
    for (const [index, command] of shareCommands.entries()) {
      await context.test(command.name, () =>
        assert.deepEqual(linesOfTool(actual[index], command), linesOfTool(expected[index], command)),
      );
    }
  });
});

describe('no share groups, beside Apache Kafka 4.3.1', { skip: noReference ?? false }, () => {
  let both: Both;

  before(async () => {
    both = await startBoth();
  });

  after(() => both?.stop());

  testFrames(unservedShareGroupSteps, () => both);
});
