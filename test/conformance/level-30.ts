// npm run test:conformance: a second, shorter run with both brokers at metadata.version 30, where eligible leader replicas
// are on and newer records are written: the Java client's conversations, the frames that hang on a level, and Apache
// Kafka's tools that read one. The whole run is at level 25, which Millrace gives a new directory (run.ts).

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type Both, startBoth } from './both.ts';
import { converseWithBoth, linesOf } from './converse.ts';
import { comparable, onceSettled, type Peer, peerAt } from './frames/frame-step.ts';
import { levelSteps } from './frames/level-steps.ts';
import { legs } from './legs.ts';
import { missingJavaToolchain } from './reference.ts';
import { levelCommands } from './tools/level-commands.ts';
import { linesOf as linesOfTool, runAll } from './tools/run-commands.ts';

const LEVEL = 30;
const RELEASE = '4.3';
const LEGS = ['kafka-clients 4.3.1', 'kafka-clients 4.3.1, every method of Admin'];

const noReference = missingJavaToolchain();

describe('at metadata.version 30, beside Apache Kafka 4.3.1', { skip: noReference ?? false }, () => {
  let both: Both;
  let there: Peer;
  let here: Peer;

  before(async () => {
    both = await startBoth({ releaseVersion: RELEASE, metadataVersion: LEVEL });
    there = peerAt(both.theirs);
    here = peerAt(both.ours);
  });

  after(() => both?.stop());

  for (const leg of legs.filter(({ name }) => LEGS.includes(name))) {
    it(leg.name, async context => {
      const command = leg.prepare();
      const { theirs, ours } = await converseWithBoth(command, both, {
        prefix: `c${legs.indexOf(leg)}`,
        say: note => context.diagnostic(note),
      });
      assert.ok(theirs.length > 10, 'the conversation with Apache Kafka has all its steps');
      for (const [index, step] of theirs.entries()) {
        await context.test(step.step, () => assert.deepEqual(linesOf(ours[index]), linesOf(step)));
      }
      assert.equal(ours.length, theirs.length, 'Millrace was asked as much');
    });
  }

  it("Apache Kafka's command line tools", async context => {
    const [expected, actual] = await Promise.all([
      runAll(levelCommands, both.theirs),
      runAll(levelCommands, both.ours),
    ]);
    assert.equal(expected.length, levelCommands.length);
    for (const [index, command] of levelCommands.entries()) {
      await context.test(command.name, () =>
        assert.deepEqual(linesOfTool(actual[index], command), linesOfTool(expected[index], command)),
      );
    }
  });

  for (const { name, apart, ask } of levelSteps.map(onceSettled)) {
    it(name, { skip: apart ?? false }, async () => {
      const [expected, actual] = await Promise.all([ask(there), ask(here)]);
      assert.deepEqual(comparable(actual, here), comparable(expected, there));
    });
  }
});
