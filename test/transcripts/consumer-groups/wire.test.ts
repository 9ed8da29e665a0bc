// The transcripts once more, over the wire: handlers, codecs and a whole broker between a client's bytes and the decisions.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openTestBroker } from '../../support/test-broker.ts';
import { play, transcripts } from './play.ts';

describe('consumer group transcripts over the wire', () => {
  for (const file of transcripts) {
    it(file.replace('.txt', '').replaceAll('-', ' '), async context => {
      const { port } = await openTestBroker(context);
      assert.deepEqual(await play(file, { port, lagMs: 0 }), []);
    });
  }
});
