// npm run test:conformance: Kafka Connect 4.3.1 in distributed mode, from file to topic to file, over Apache Kafka and over
// Millrace. What REST answers, what arrives, and what stands in the cluster at the end must be the same.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { startWorkbench } from '../support/workbench.ts';
import { converseWithConnect, type Step } from './connect/conversation.ts';
import { missingJavaToolchain, startReference } from './reference.ts';

async function overKafka(): Promise<Step[]> {
  const node = await startReference({ heap: '512m' });
  try {
    return await converseWithConnect(node.bootstrapServers);
  } finally {
    await node.stop();
  }
}

async function overMillrace(): Promise<Step[]> {
  const node = await startWorkbench();
  try {
    return await converseWithConnect(node.addresses.broker ?? '');
  } finally {
    await node.stop();
  }
}

describe('Kafka Connect 4.3.1, distributed', { skip: missingJavaToolchain() ?? false }, () => {
  it('file to topic to file, two workers, one killed', async context => {
    const [expected, actual] = await Promise.all([overKafka(), overMillrace()]);
    assert.ok(expected.length > 40, 'the conversation over Apache Kafka has all its steps');
    for (const [index, step] of expected.entries()) {
      await context.test(step.step, () => assert.deepEqual(actual[index], step));
    }
    assert.equal(actual.length, expected.length, 'Millrace was asked as much');
  });
});
