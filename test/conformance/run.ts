// npm run test:conformance: each client holds its conversation with Apache Kafka 4.3.1 and with Millrace, and both must
// have answered the same. Every leg is a test and each of its steps one in it; a leg whose toolchain is missing is skipped
// with its reason. CONFORMANCE_LEVEL=30 holds all of them at that metadata.version instead of 25.

import { after, before, describe, it } from 'node:test';
import { type Both, startBoth } from './both.ts';
import { legs } from './legs.ts';
import { missingJavaToolchain } from './reference.ts';
import { testConversation } from './same.ts';

/** All legs together; each conversation has its own limit. */
const SUITE_TIMEOUT_MS = 900_000;

const levelOptions =
  process.env['CONFORMANCE_LEVEL'] === '30' ? { releaseVersion: '4.3', metadataVersion: 30 } : {};

const noReference = missingJavaToolchain();

describe('conformance with Apache Kafka 4.3.1', {
  skip: noReference ?? false,
  timeout: SUITE_TIMEOUT_MS,
}, () => {
  let both: Both;

  before(async () => {
    both = await startBoth(levelOptions);
  });
  after(() => both?.stop());

  for (const leg of legs) {
    it(leg.name, { skip: leg.missing() ?? false }, async context => {
      const conversation = { command: leg.prepare(), prefix: `c${legs.indexOf(leg)}` };
      await testConversation(context, both, conversation);
    });
  }
});
