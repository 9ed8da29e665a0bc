// npm run test:conformance: streams groups (KIP-1071), beside Apache Kafka, both at a metadata.version that has them: raw
// frames and the records they leave, a Kafka Streams application with two instances one of which is killed, and the command
// line tools. At the level of a new Millrace directory there are no streams groups: those requests are refused alike.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { startWorkbench } from '../support/workbench.ts';
import { type Both, startBoth } from './both.ts';
import { comparable, type FrameStep, peerAt } from './frames/frame-step.ts';
import { setConfig } from './frames/group-requests.ts';
import { createTopic } from './frames/produce-steps.ts';
import { deleteGroups, findCoordinator } from './frames/share-group-requests.ts';
import {
  beat,
  beatUntilReady,
  COUNTING,
  commit,
  describe as describeGroups,
  fetchOffsets,
  GROUP,
  joining,
  named,
  owning,
  THREE,
  tasks,
  topology,
} from './frames/streams-group-requests.ts';
import { streamsGroupSteps, unservedStreamsGroupSteps } from './frames/streams-group-steps.ts';
import { startKafka, startMillraceOn } from './handover/nodes.ts';
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

const COUNTER = { groupId: named('counting') };
const LOST = { groupId: named('lost') };

/** Members stay while brokers start and stop: Apache Kafka would complain of a source that is missing if it heard of it. */
const PATIENT = {
  'group.streams.max.session.timeout.ms': '1800000',
  'group.streams.session.timeout.ms': '1800000',
};

/** What stands in a directory about streams groups, as any broker tells it once their members have been heard. */
const HELD: readonly FrameStep[] = [
  describeGroups('all', [GROUP, COUNTER.groupId, LOST.groupId, named('gone')]),
  fetchOffsets('by nobody', {}),
];

const FILLING: readonly FrameStep[] = [
  createTopic(THREE, 3),
  findCoordinator(GROUP),
  setConfig(COUNTER.groupId, 'streams.num.standby.replicas', '1'),
  beat('joins', joining({ ...COUNTER, topology: COUNTING, clientTags: [{ key: 'zone', value: 'a' }] })),
  beatUntilReady('is assigned', owning(2, [], COUNTER)),
  beat(
    'a second process',
    joining({ ...COUNTER, memberId: 'm2', processId: 'p2', rackId: 'r', topology: COUNTING }),
  ),
  beat('gives up', owning(3, [tasks('0', 0, 1, 2), tasks('1', 0, 1, 2)], COUNTER)),
  beat('lacks a source', joining({ ...LOST, topology: topology({ sourceTopics: ['nowhere'] }) })),
  beat('joins', joining()),
  commit('of a member', { memberId: 'm1', memberEpoch: 2, partitions: [0, 1] }),
  beat('leaves', { memberEpoch: -1 }),
  beat('comes', joining({ groupId: named('gone') })),
  beat('goes', { groupId: named('gone'), memberEpoch: -1 }),
  deleteGroups('gone', [named('gone')]),
];

const LIVING: readonly FrameStep[] = [
  beat('goes on', { ...COUNTER, memberEpoch: 3 }),
  beat('waits on', { ...COUNTER, memberId: 'm2', memberEpoch: 4 }),
];

/** Apache Kafka tells the partitions of internal topics only once it has written a record since it counted them. */
function withoutCounts(answer: unknown): unknown {
  const text = JSON.stringify(answer, (key, value) =>
    key === 'partitions' && typeof value === 'number' ? 'counted or not' : value,
  );
  return JSON.parse(text);
}

describe('streams groups in a directory that changes hands', { skip: noReference ?? false }, () => {
  const home = mkdtempSync(join(tmpdir(), 'streams-groups-'));

  after(() => rmSync(home, { recursive: true, force: true }));

  const ask = async (bootstrapServers: string, steps: readonly FrameStep[]): Promise<unknown[]> => {
    const peer = peerAt(bootstrapServers);
    const answers: unknown[] = [];
    for (const step of steps) answers.push(withoutCounts(comparable(await step.ask(peer), peer)));
    return answers;
  };

  it('go from Millrace to Apache Kafka and back', async () => {
    const directory = join(home, 'data');
    const millrace = await startWorkbench({
      data: directory,
      metadataVersion: LEVEL,
      config: Object.entries(PATIENT).map(([key, value]) => `${key}=${value}`),
    });
    const first = millrace.addresses.broker!;
    await ask(first, FILLING);
    const lived = await ask(first, LIVING);
    const held = await ask(first, HELD);
    await millrace.stop();

    const kafka = await startKafka(directory, {
      circumstances: { topicGrows: false, wasKilled: false },
      properties: PATIENT,
    });
    assert.deepEqual(await ask(kafka.bootstrapServers, LIVING), lived);
    assert.deepEqual(await ask(kafka.bootstrapServers, HELD), held);
    const gaveUp = owning(3, [tasks('0', 0, 1), tasks('1', 0, 1)], COUNTER);
    const [, second] = await ask(kafka.bootstrapServers, [
      beat('has given up', gaveUp),
      beat('gets what was given up', owning(4, [], { ...COUNTER, memberId: 'm2' })),
    ]);
    const told = await ask(kafka.bootstrapServers, HELD);
    await kafka.stop();

    const again = await startMillraceOn(directory, { found: 'kafka', properties: PATIENT });
    assert.equal((second as { errorCode: number }).errorCode, 0);
    await ask(again.bootstrapServers, [beat('goes on', { ...COUNTER, memberEpoch: 4 })]);
    assert.deepEqual(await ask(again.bootstrapServers, HELD), told);
    await again.stop();
  });
});

describe('no streams groups, beside Apache Kafka 4.3.1', { skip: noReference ?? false }, () => {
  let both: Both;

  before(async () => {
    both = await startBoth();
  });

  after(() => both?.stop());

  testFrames(unservedStreamsGroupSteps, () => both);
});
