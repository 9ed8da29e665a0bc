// The transcripts once more, over the wire: handlers, codecs and a whole broker between a client's bytes and the state
// machine. The time of the broker is the test's.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ManualTime } from '../../../src/broker/runtime/clock.ts';
import { DescribeGroups } from '../../../src/protocol/messages/apis/describe-groups.ts';
import type { RawConnection } from '../../support/raw-connection.ts';
import { openTestBroker } from '../../support/test-broker.ts';
import { play, prepare, transcriptsByProperties } from './play.ts';

/** A group's description leaves after all answers that were decided before it; the second one leaves after they left. */
async function passTwice(connection: RawConnection, groupId: string): Promise<void> {
  const request = { groups: [groupId], includeAuthorizedOperations: false };
  await connection.request(DescribeGroups, 5, request);
  await connection.request(DescribeGroups, 5, request);
}

describe('group transcripts over the wire', () => {
  for (const [properties, files] of transcriptsByProperties()) {
    it(`${files.length} with ${properties}`, async context => {
      const time = new ManualTime(Date.now());
      const { port, connect } = await openTestBroker(context, { time, properties: JSON.parse(properties) });
      await prepare(port);
      const probe = await connect();
      const barrier = (groupId: string) => passTwice(probe, groupId);
      for (const file of files) {
        const advance = (byMs: number) => time.advance(byMs);
        assert.deepEqual(await play(file, { port, barrier, advance }), []);
      }
    });
  }
});
