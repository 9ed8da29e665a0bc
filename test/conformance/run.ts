// npm run test:conformance: each client holds its conversation with Apache Kafka 4.3.1 and with Millrace, and both must
// have answered the same. Every leg is a test and each of its steps one in it; a leg whose toolchain is missing is skipped
// with its reason.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type Both, startBoth } from './both.ts';
import { converse, linesOf } from './converse.ts';
import { legs } from './legs.ts';
import { missingJavaToolchain } from './reference.ts';

/** All legs together; each conversation has its own limit. */
const SUITE_TIMEOUT_MS = 900_000;

const noReference = missingJavaToolchain();

describe('conformance with Apache Kafka 4.3.1', {
  skip: noReference ?? false,
  timeout: SUITE_TIMEOUT_MS,
}, () => {
  let both: Both;

  before(async () => {
    both = await startBoth();
  });
  after(() => both?.stop());

  for (const leg of legs) {
    it(leg.name, { skip: leg.missing() ?? false }, async context => {
      const command = leg.prepare();
      const prefix = `c${legs.indexOf(leg)}`;
      const [expected, actual] = await Promise.all([
        converse(command, both.theirs, prefix),
        converse(command, both.ours, prefix),
      ]);
      assert.ok(expected.length > 10, 'the conversation with Apache Kafka has all its steps');
      for (const [index, step] of expected.entries()) {
        await context.test(step.step, () => assert.deepEqual(linesOf(actual[index]), linesOf(step)));
      }
      assert.equal(actual.length, expected.length, 'Millrace was asked as much');
    });
  }
});
