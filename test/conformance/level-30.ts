// npm run test:conformance: a second, shorter run with both brokers at metadata.version 30, where eligible leader replicas
// are on and newer records are written: the Java client's conversations, the frames that hang on a level, and Apache
// Kafka's tools that read one. The whole run is at level 25, which Millrace gives a new directory (run.ts).

import { after, before, describe, it } from 'node:test';
import { type Both, startBoth } from './both.ts';
import { onceSettled, type Peer, peerAt } from './frames/frame-step.ts';
import { levelSteps } from './frames/level-steps.ts';
import { legs } from './legs.ts';
import { missingJavaToolchain } from './reference.ts';
import { testCommands, testConversation, testSteps } from './same.ts';
import { levelCommands } from './tools/level-commands.ts';

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
      const conversation = { command: leg.prepare(), prefix: `c${legs.indexOf(leg)}` };
      await testConversation(context, both, conversation);
    });
  }

  it("Apache Kafka's command line tools", context => testCommands(context, both, levelCommands));

  testSteps(levelSteps.map(onceSettled), () => ({ there, here }));
});
