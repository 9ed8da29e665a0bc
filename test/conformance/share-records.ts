// npm run test:conformance: the partition side of share groups (KIP-932), at a metadata.version that has them: raw frames,
// and the Java client's share consumer, with a restart of both brokers in the middle. Both must have answered the same.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { startWorkbench, type TestWorkbench } from '../support/workbench.ts';
import { converse, linesOf, type Step } from './converse.ts';
import { comparable, type Peer, peerAt } from './frames/frame-step.ts';
import { shareFetchSteps } from './frames/share-fetch-steps.ts';
import {
  javaClassPath,
  missingJavaToolchain,
  type ReferenceNode,
  SHORT_LIVED_JVM,
  startReference,
} from './reference.ts';

const LEVEL = 30;
const RELEASE = '4.3';
/** Locks and heartbeats may be as short as a test has patience for. */
const PROPERTIES = {
  'group.share.min.record.lock.duration.ms': '1000',
  'group.share.heartbeat.interval.ms': '500',
  'group.share.min.heartbeat.interval.ms': '500',
  'group.share.assignment.interval.ms': '0',
  'log.retention.ms': '-1',
};
const CONFIG = Object.entries(PROPERTIES).map(([key, value]) => `${key}=${value}`);

const noReference = missingJavaToolchain();

describe('shared records, beside Apache Kafka 4.3.1', { skip: noReference ?? false }, () => {
  const home = mkdtempSync(join(tmpdir(), 'shared-records-'));
  let reference: ReferenceNode | undefined;
  let millrace: TestWorkbench | undefined;

  const start = async () => {
    [reference, millrace] = await Promise.all([
      startReference({ directory: join(home, 'kafka'), properties: PROPERTIES, releaseVersion: RELEASE }),
      startWorkbench({ data: join(home, 'millrace'), config: CONFIG, metadataVersion: LEVEL }),
    ]);
  };
  const stop = () => Promise.all([reference?.stop(), millrace?.stop()]);
  const theirs = () => reference?.bootstrapServers ?? '';
  const ours = () => millrace?.addresses.broker ?? '';

  before(start);
  after(async () => {
    await stop();
    rmSync(home, { recursive: true, force: true });
  });

  it('raw frames', async context => {
    const [there, here]: [Peer, Peer] = [peerAt(theirs()), peerAt(ours())];
    for (const { name, apart, ask } of shareFetchSteps) {
      await context.test(name, { skip: apart ?? false }, async () => {
        const [expected, actual] = await Promise.all([ask(there), ask(here)]);
        assert.deepEqual(comparable(actual, here), comparable(expected, there));
      });
    }
  });

  for (const half of ['before', 'after']) {
    it(`kafka-clients 4.3.1, ${half} a restart`, async context => {
      if (half === 'after') {
        await stop();
        await start();
      }
      const [expected, actual] = await Promise.all([talk(half, theirs()), talk(half, ours())]);
      assert.ok(expected.length > 3, 'the conversation with Apache Kafka has all its steps');
      for (const [index, step] of expected.entries()) {
        await context.test(step.step, () => assert.deepEqual(linesOf(actual[index]), linesOf(step)));
      }
      assert.equal(actual.length, expected.length, 'Millrace was asked as much');
    });
  }

  it('what is under way goes from one broker to the other', async () => {
    const held: Step[][] = [];
    for (const brokers of [
      [startMillraceAt, startKafkaAt],
      [startKafkaAt, startMillraceAt],
    ]) {
      const directory = mkdtempSync(join(home, 'handed-over-'));
      for (const [index, startAt] of brokers.entries()) {
        const broker = await startAt(join(directory, 'data'));
        try {
          held.push(await talk(index === 0 ? 'half' : 'after', broker.address));
        } finally {
          await broker.stop();
        }
      }
    }
    const [millraceFirst, kafkaSecond, kafkaFirst, millraceSecond] = held;
    assert.deepEqual(millraceFirst, kafkaFirst);
    assert.ok(kafkaSecond!.length > 3);
    assert.deepEqual(millraceSecond, kafkaSecond);
  });
});

interface Started {
  readonly address: string;
  stop(): Promise<unknown>;
}

async function startMillraceAt(data: string): Promise<Started> {
  const millrace = await startWorkbench({ data, config: CONFIG, metadataVersion: LEVEL });
  return { address: millrace.addresses.broker ?? '', stop: () => millrace.stop() };
}

async function startKafkaAt(directory: string): Promise<Started> {
  const kafka = await startReference({ directory, properties: PROPERTIES, releaseVersion: RELEASE });
  return { address: kafka.bootstrapServers, stop: () => kafka.stop() };
}

function talk(half: string, address: string): Promise<Step[]> {
  const options = ['-Xmx512m', ...SHORT_LIVED_JVM, '-Dorg.slf4j.simpleLogger.defaultLogLevel=error'];
  return converse(['java', ...options, '-cp', javaClassPath(), 'ShareRecords', half], address, 'shared');
}
