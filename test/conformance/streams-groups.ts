// npm run test:conformance: streams groups (KIP-1071), beside Apache Kafka, both at a metadata.version that has them: raw
// frames and the records they leave, a Kafka Streams application with two instances one of which is killed, and the command
// line tools. At the level of a new Millrace directory there are no streams groups: those requests are refused alike.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type Both, startBoth } from './both.ts';
import { comparable, type FrameStep, peerAt } from './frames/frame-step.ts';
import { streamsGroupSteps, unservedStreamsGroupSteps } from './frames/streams-group-steps.ts';
import { missingJavaToolchain } from './reference.ts';

const LEVEL = 30;
const RELEASE = '4.3';
/** Who joins is assigned at once, as the profile of Millrace has it. */
const PROPERTIES = {
  'group.streams.assignment.interval.ms': '0',
  'group.streams.initial.rebalance.delay.ms': '0',
};

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

describe('streams groups, beside Apache Kafka 4.3.1', { skip: noReference ?? false }, () => {
  let both: Both;

  before(async () => {
    both = await startBoth({ releaseVersion: RELEASE, metadataVersion: LEVEL, properties: PROPERTIES });
  });

  after(() => both?.stop());

  testFrames(streamsGroupSteps, () => both);
});

describe('no streams groups, beside Apache Kafka 4.3.1', { skip: noReference ?? false }, () => {
  let both: Both;

  before(async () => {
    both = await startBoth();
  });

  after(() => both?.stop());

  testFrames(unservedStreamsGroupSteps, () => both);
});
