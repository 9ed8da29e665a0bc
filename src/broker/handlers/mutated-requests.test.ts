// Golden requests with a few bytes changed at random (and the length left right): what a broken or hostile client sends.
// The broker answers or closes; it never fails in a way that nobody thought of, and goes on serving others.
// Run again with the printed seed: MUTATION_SEED=<seed> node --test src/broker/handlers/mutated-requests.test.ts

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import process from 'node:process';
import { test } from 'node:test';
import { createTopic } from '../../../test/support/raw-client.ts';
import { openTestBroker } from '../../../test/support/test-broker.ts';
import { ApiVersions } from '../../protocol/messages/apis/api-versions.ts';
import { handlers } from './index.ts';

const folder = new URL('../../../test/golden/messages/', import.meta.url);
const MUTATIONS = 1_500;
const HEADER_BYTES = 14;

/** Marsaglia's xorshift: small, and the same everywhere. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed | 1;
  return below => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

function frames(): { name: string; bytes: Buffer }[] {
  return handlers.flatMap(({ api, served }) => {
    const file = readFileSync(new URL(`${api.name}Request.json`, folder), 'utf8');
    const { cases } = JSON.parse(file) as { cases: { version: number; hex: string }[] };
    return cases
      .filter(({ version }) => version >= served.min && version <= served.max)
      .map(({ version, hex }) => {
        const header = Buffer.alloc(HEADER_BYTES + (version >= api.flexibleSince ? 1 : 0));
        header.writeInt16BE(api.key, 4);
        header.writeInt16BE(version, 6);
        header.writeInt16BE(-1, 12);
        const bytes = Buffer.concat([header, Buffer.from(hex, 'hex')]);
        bytes.writeInt32BE(bytes.length - 4, 0);
        return { name: `${api.name} version ${version}`, bytes };
      });
  });
}

test('mutated requests', async context => {
  const seed = Number(process.env['MUTATION_SEED'] ?? 20_261_124);
  context.diagnostic(`seed ${seed}`);
  const random = randomFrom(seed);
  const broker = await openTestBroker(context, { reading: { poison: true } });
  const other = await broker.connect();
  await createTopic(other, { name: 'orders' });
  const all = frames();
  for (let count = 0; count < MUTATIONS; count += 1) {
    const { name, bytes } = all[random(all.length)]!;
    const mutated = Buffer.from(bytes);
    for (let changes = 1 + random(4); changes > 0; changes -= 1) {
      const position = 4 + random(mutated.length - 4);
      mutated[position] = random(2) === 0 ? random(256) : [0, 0x7f, 0x80, 0xff][random(4)]!;
    }
    const connection = await broker.connect();
    connection.write(mutated);
    // Another client sees nothing of it. Its answer also means that the broken request has had its turn.
    const { errorCode } = await other.request(ApiVersions, 0, {
      clientSoftwareName: '',
      clientSoftwareVersion: '',
    });
    assert.equal(errorCode, 0);
    connection.close();
    const bug = broker.reports.find(report => report.includes('bug in Millrace'));
    assert.equal(bug, undefined, `seed ${seed}, mutation ${count}: ${name} ${mutated.toString('hex')}`);
  }
});
