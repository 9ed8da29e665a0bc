// A hundred administrative requests, answered by Apache Kafka 4.3.1 once (test/golden/admin) and by Millrace now: the same
// codes, the same sentences, the same sources of every setting.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { converse, steps } from '../../../test/support/admin-conversation.ts';
import { openTestBroker } from '../../../test/support/test-broker.ts';

interface GoldenAnswer {
  readonly step: string;
  readonly answer: unknown;
}

test('administrative requests are answered as Apache Kafka answers them', async context => {
  const file = new URL('../../../test/golden/admin/answers.json', import.meta.url);
  const golden = JSON.parse(readFileSync(file, 'utf8')) as GoldenAnswer[];
  // The golden answers show defaults as Apache Kafka has them.
  const broker = await openTestBroker(context, { profile: 'kafka' });
  const answers = await converse(await broker.connect(), broker.port);
  assert.equal(answers.length, golden.length);
  for (const [index, { api, version, name }] of steps.entries()) {
    assert.equal(golden[index]!.step, name);
    const answer = JSON.parse(JSON.stringify(answers[index])) as unknown;
    assert.deepEqual(answer, golden[index]!.answer, `${api.name} version ${version}: ${name}`);
  }
});
