// Every request body that Apache Kafka's own classes made (golden/messages: defaults, random values, extremes, nulls,
// tags) is sent to a whole broker, in every version that is served. Whatever it asks for, it is answered in a way that
// decodes, or the connection is closed; no handler fails in a way that nobody thought of.

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { ObservedTime } from '../../../test/support/observed-time.ts';
import { decodeResponse, type RawConnection } from '../../../test/support/raw-connection.ts';
import { openTestBroker } from '../../../test/support/test-broker.ts';
import type { Handler } from './handler.ts';
import { handlers } from './index.ts';

interface GoldenCase {
  readonly version: number;
  readonly kind: string;
  readonly hex: string;
}

const folder = new URL('../../../test/golden/messages/', import.meta.url);
/** Turns of the loop and steps of time until a request that waits must have been answered. */
const STEPS_MAX = 2_000;
/** Longer than any timeout of the protocol: those are int32 milliseconds. */
const STEP_MS = 2 ** 31;

test('every golden request of every served API', async context => {
  const time = new ObservedTime();
  const broker = await openTestBroker(context, { time, reading: { poison: true } });
  for (const handler of handlers) {
    const file = new URL(`${handler.api.name}Request.json`, folder);
    assert.ok(existsSync(file), handler.api.name);
    const { cases } = JSON.parse(readFileSync(file, 'utf8')) as { cases: GoldenCase[] };
    for (const golden of cases) {
      const { min, max } = handler.served;
      if (golden.version < min || golden.version > max) continue;
      const connection = await broker.connect();
      connection.write(frameOf(handler, golden));
      await outcome(connection, { handler, golden, time });
      connection.close();
      const bug = broker.reports.find(report => report.includes('bug in Millrace'));
      assert.equal(bug, undefined, `${handler.api.name} version ${golden.version}, ${golden.kind}`);
    }
  }
});

async function outcome(
  connection: RawConnection,
  { handler, golden, time }: { handler: Handler; golden: GoldenCase; time: ObservedTime },
): Promise<void> {
  for (let step = 0; step < STEPS_MAX; step += 1) {
    const frame = connection.pending[0];
    if (frame !== undefined) {
      decodeResponse(handler.api, golden.version, frame);
      return;
    }
    if (connection.isClosed) return;
    await new Promise(resolve => setImmediate(resolve));
    if (step > 20) time.advance(STEP_MS);
  }
  assert.fail(`${handler.api.name} version ${golden.version}, ${golden.kind}: no answer`);
}

function frameOf({ api }: Handler, { version, hex }: GoldenCase): Buffer {
  const body = Buffer.from(hex, 'hex');
  const header = Buffer.alloc(4 + 10 + (version >= api.flexibleSince ? 1 : 0));
  header.writeInt32BE(header.length - 4 + body.length, 0);
  header.writeInt16BE(api.key, 4);
  header.writeInt16BE(version, 6);
  header.writeInt32BE(7, 8);
  header.writeInt16BE(-1, 12);
  return Buffer.concat([header, body]);
}
