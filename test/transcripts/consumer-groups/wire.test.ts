// The transcripts once more, over the wire: handlers, codecs and a whole broker between a client's bytes and the decisions.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ManualTime } from '../../../src/broker/runtime/clock.ts';
import { DescribeGroups } from '../../../src/protocol/messages/apis/describe-groups.ts';
import { openTestBroker } from '../../support/test-broker.ts';
import { play, transcripts } from './play.ts';

describe('consumer group transcripts over the wire', () => {
  for (const file of transcripts) {
    it(file.replace('.txt', '').replaceAll('-', ' '), async context => {
      const time = new ManualTime(Date.now());
      const { port, connect } = await openTestBroker(context, { time });
      const probe = await connect();
      // A description leaves after all answers that were decided before it; the second one leaves after they left.
      const barrier = async (groupId: string) => {
        const request = { groups: [groupId], includeAuthorizedOperations: false };
        await probe.request(DescribeGroups, 5, request);
        await probe.request(DescribeGroups, 5, request);
      };
      const advance = (byMs: number) => time.advance(byMs);
      assert.deepEqual(await play(file, { port, lagMs: 0, barrier, advance }), []);
    });
  }
});
