// npm run test:conformance: streams groups (KIP-1071), beside Apache Kafka, both at a metadata.version that has them: raw
// frames and the records they leave, a Kafka Streams application with two instances one of which is killed, and the command
// line tools. At the level of a new Millrace directory there are no streams groups: those requests are refused alike.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type Both, startBoth } from './both.ts';
import type { FrameStep } from './frames/frame-step.ts';
import { streamsGroupSteps, unservedStreamsGroupSteps } from './frames/streams-group-steps.ts';
import { missingJavaToolchain } from './reference.ts';
import { peersOf, testCommands, testSteps } from './same.ts';
import { Application, runProgram } from './streams-application.ts';
import { streamsCommands } from './tools/streams-commands.ts';

const LEVEL = 30;
const RELEASE = '4.3';
/** Who joins is assigned at once, as the profile of Millrace has it; a member that is gone may be missed sooner. */
const PROPERTIES = {
  'group.streams.min.session.timeout.ms': '6000',
  'group.streams.min.heartbeat.interval.ms': '1000',
  'group.streams.assignment.interval.ms': '0',
  'group.streams.initial.rebalance.delay.ms': '0',
};

/** Enough for both instances to be at work when one is killed. */
const LINES = 800;
/** Two words a line. */
const COUNTS = LINES * 2;
const GROUP_SETTINGS = [
  'streams.session.timeout.ms=6000',
  'streams.heartbeat.interval.ms=1000',
  'streams.num.standby.replicas=1',
];

const noReference = missingJavaToolchain();

function testFrames(steps: readonly FrameStep[], both: () => Both): void {
  describe('raw frames', () => testSteps(steps, peersOf(both)));
}

/** Two instances of two threads each count words exactly once; one is killed, its tasks go to the other, which then leaves. */
async function countWords(servers: string): Promise<string[]> {
  const wordCount = { servers, prefix: 'words' };
  const work = mkdtempSync(join(tmpdir(), 'conformance-streams-groups-'));
  const instances: Application[] = [];
  const start = (name: string) => {
    const instance = new Application(wordCount, join(work, name), ['group.protocol=streams']);
    instances.push(instance);
    return instance;
  };
  const steps: string[] = [];
  const tell = async (
    ...program: Parameters<typeof runProgram> extends [unknown, ...infer More] ? More : never
  ) => {
    steps.push(...(await runProgram(wordCount, ...program)));
  };
  try {
    await tell('configure', ...GROUP_SETTINGS);
    await tell('produce', 0, LINES / 2);
    const first = start('first');
    await first.hasProcessed(LINES / 12);
    const second = start('second');
    await tell('describe', 4);
    await tell('produce', LINES / 2, (LINES * 3) / 4);
    await second.hasProcessed(50);
    await second.end('SIGKILL');
    await tell('produce', (LINES * 3) / 4, LINES);
    await tell('describe', 2);
    await tell('read', COUNTS);
    await first.end('SIGTERM');
    await tell('describe', 0);
    return steps;
  } finally {
    for (const instance of instances) await instance.end('SIGKILL');
    rmSync(work, { recursive: true, force: true });
  }
}

describe('streams groups, beside Apache Kafka 4.3.1', { skip: noReference ?? false }, () => {
  let both: Both;

  before(async () => {
    both = await startBoth({ releaseVersion: RELEASE, metadataVersion: LEVEL, properties: PROPERTIES });
  });

  after(() => both?.stop());

  testFrames(streamsGroupSteps, () => both);

  it('Kafka Streams with group.protocol=streams and exactly_once_v2', async context => {
    const [expected, actual] = await Promise.all([countWords(both.theirs), countWords(both.ours)]);
    assert.ok(expected.includes(`{"step":"counts in all","result":"${COUNTS}"}`), expected.join('\n'));
    for (const [index, step] of expected.entries())
      await context.test(step.slice(0, 60), () => assert.equal(actual[index], step));
    assert.equal(actual.length, expected.length, 'Millrace was asked as much');
  });

  it("Apache Kafka's command line tools", context => testCommands(context, both, streamsCommands));
});

describe('no streams groups, beside Apache Kafka 4.3.1', { skip: noReference ?? false }, () => {
  let both: Both;

  before(async () => {
    both = await startBoth();
  });

  after(() => both?.stop());

  testFrames(unservedStreamsGroupSteps, () => both);
});
