// npm run test:conformance: the partition side of share groups (KIP-932), at a metadata.version that has them: raw frames,
// and the Java client's share consumer, with a restart of both brokers in the middle. Both must have answered the same.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { startWorkbench, type TestWorkbench } from '../support/workbench.ts';
import { converse, linesOf } from './converse.ts';
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
      const options = ['-Xmx512m', ...SHORT_LIVED_JVM, '-Dorg.slf4j.simpleLogger.defaultLogLevel=error'];
      const command = ['java', ...options, '-cp', javaClassPath(), 'ShareRecords', half];
      const [expected, actual] = await Promise.all([
        converse(command, theirs(), 'shared'),
        converse(command, ours(), 'shared'),
      ]);
      assert.ok(expected.length > 3, 'the conversation with Apache Kafka has all its steps');
      for (const [index, step] of expected.entries()) {
        await context.test(step.step, () => assert.deepEqual(linesOf(actual[index]), linesOf(step)));
      }
      assert.equal(actual.length, expected.length, 'Millrace was asked as much');
    });
  }
});
