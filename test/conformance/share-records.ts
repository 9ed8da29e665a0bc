// npm run test:conformance: the partition side of share groups (KIP-932), at a metadata.version that has them: raw frames,
// and the Java client's share consumer, with a restart of both brokers in the middle. Both must have answered the same.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { startWorkbench, type TestWorkbench } from '../support/workbench.ts';
import { converse, type Step } from './converse.ts';
import { shareFetchSteps } from './frames/share-fetch-steps.ts';
import {
  javaClassPath,
  missingJavaToolchain,
  type ReferenceNode,
  SHORT_LIVED_JVM,
  startReference,
} from './reference.ts';
import { type Addresses, peersOf, testConversation, testSteps } from './same.ts';

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
const PREFIX = 'shared';
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
  const addresses = (): Addresses => ({
    theirs: reference?.bootstrapServers ?? '',
    ours: millrace?.addresses.broker ?? '',
  });

  before(start);
  after(async () => {
    await stop();
    rmSync(home, { recursive: true, force: true });
  });

  describe('raw frames', () => testSteps(shareFetchSteps, peersOf(addresses)));

  for (const half of ['before', 'after']) {
    it(`kafka-clients 4.3.1, ${half} a restart`, async context => {
      if (half === 'after') {
        await stop();
        await start();
      }
      const talk = { command: commandOf(half), prefix: PREFIX, isOnce: true, stepsMin: 3 };
      await testConversation(context, addresses(), talk);
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
          held.push(await converse(commandOf(index === 0 ? 'half' : 'after'), broker.address, PREFIX));
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

function commandOf(half: string): string[] {
  const options = ['-Xmx512m', ...SHORT_LIVED_JVM, '-Dorg.slf4j.simpleLogger.defaultLogLevel=error'];
  return ['java', ...options, '-cp', javaClassPath(), 'ShareRecords', half];
}
