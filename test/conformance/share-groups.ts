// npm run test:conformance: the group side of share groups (KIP-932), beside Apache Kafka, both at a metadata.version that
// has them: raw frames and the records they leave, the Java client's share consumer and Admin, and the command line tools.
// At the level of a new Millrace directory there are no share groups: those requests are refused alike.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { startWorkbench } from '../support/workbench.ts';
import { type Both, startBoth } from './both.ts';
import { comparable, type FrameStep, type Peer, peerAt } from './frames/frame-step.ts';
import { createTopic } from './frames/produce-steps.ts';
import { unservedShareFetchSteps } from './frames/share-fetch-steps.ts';
import {
  alterOffsets,
  beat,
  beatUntil,
  deleteGroups,
  describe as describeGroups,
  describeOffsets,
  findCoordinator,
  GROUP,
  produce,
  TOPIC,
  to,
} from './frames/share-group-requests.ts';
import { shareGroupSteps, unservedShareGroupSteps } from './frames/share-group-steps.ts';
import { startKafka, startMillraceOn } from './handover/nodes.ts';
import { javaClassPath, missingJavaToolchain, SHORT_LIVED_JVM } from './reference.ts';
import { peersOf, testCommands, testConversation, testSteps } from './same.ts';
import { shareCommands } from './tools/share-commands.ts';

const LEVEL = 30;
const RELEASE = '4.3';
/** Who joins is assigned at once, as the profile of Millrace has it. */
const PROPERTIES = { 'group.share.assignment.interval.ms': '0' };

const noReference = missingJavaToolchain();

function testFrames(steps: readonly FrameStep[], both: () => Both): void {
  describe('raw frames', () => testSteps(steps, peersOf(both)));
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
    await testConversation(context, both, { command, prefix: 'java' });
  });

  it("Apache Kafka's command line tools", context => testCommands(context, both, shareCommands));
});

/** What stands in a directory about share groups, as any broker tells it. */
const HELD: readonly FrameStep[] = [
  describeGroups('both', [GROUP, `${GROUP}-kept`, `${GROUP}-gone`]),
  describeOffsets('with a member', null),
  describeOffsets('without', null, { groupId: `${GROUP}-kept` }),
];

describe('share groups in a directory that changes hands', { skip: noReference ?? false }, () => {
  const home = mkdtempSync(join(tmpdir(), 'share-groups-'));
  const topicIds = new Map<string, string>();

  after(() => rmSync(home, { recursive: true, force: true }));

  const ask = async (bootstrapServers: string, steps: readonly FrameStep[]): Promise<unknown[]> => {
    const peer: Peer = { ...peerAt(bootstrapServers), topicIds };
    const answers: unknown[] = [];
    for (const step of steps) answers.push(comparable(await step.ask(peer), peer));
    return answers;
  };

  it('go from Millrace to Apache Kafka and back', async () => {
    const directory = join(home, 'data');
    const millrace = await startWorkbench({ data: directory, metadataVersion: LEVEL });
    const first = millrace.addresses.broker!;
    await ask(first, [
      createTopic(TOPIC, 2),
      produce(TOPIC, 10),
      findCoordinator(GROUP),
      beat('joins', { memberEpoch: 0, subscribedTopicNames: [TOPIC] }),
      beatUntil('is assigned', { memberEpoch: 2, subscribedTopicNames: [TOPIC] }, 2),
      alterOffsets('kept', [to(TOPIC, [0, 3], [1, 0])], `${GROUP}-kept`),
      alterOffsets('gone', [to(TOPIC, [0, 3])], `${GROUP}-gone`),
      deleteGroups('gone', [`${GROUP}-gone`]),
    ]);
    const held = await ask(first, HELD);
    await millrace.stop();

    const kafka = await startKafka(directory, { circumstances: { topicGrows: false, wasKilled: false } });
    assert.deepEqual(await ask(kafka.bootstrapServers, HELD), held);
    const [beaten] = await ask(kafka.bootstrapServers, [beat('the member goes on', { memberEpoch: 3 })]);
    assert.equal((beaten as { errorCode: number }).errorCode, 0);
    await ask(kafka.bootstrapServers, [
      alterOffsets('kept', [to(TOPIC, [0, 7])], `${GROUP}-kept`),
      beat('it leaves', { memberEpoch: -1 }),
    ]);
    const changed = await ask(kafka.bootstrapServers, HELD);
    await kafka.stop();

    const again = await startMillraceOn(directory, { found: 'kafka' });
    assert.deepEqual(await ask(again.bootstrapServers, HELD), changed);
    await again.stop();
  });
});

describe('no share groups, beside Apache Kafka 4.3.1', { skip: noReference ?? false }, () => {
  let both: Both;

  before(async () => {
    both = await startBoth();
  });

  after(() => both?.stop());

  testFrames([...unservedShareGroupSteps, ...unservedShareFetchSteps], () => both);
});
