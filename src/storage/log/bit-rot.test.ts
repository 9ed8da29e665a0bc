// One flipped bit, anywhere in a segment that had been safe on disk, after a clean stop and after a kill, and under a
// running broker: it costs the batch it lies in and no other, is reported once, and no changed byte is ever served.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MemoryFileSystem, randomOf } from '../fs/memory.ts';
import { readWholeFile, writeWholeFile } from '../fs/whole-file.ts';
import { batchOf, Harness, readAll, textOf } from '../test-support/harness.ts';

const SETTINGS = { segmentBytes: 2_000, indexIntervalBytes: 200 };
const BATCHES = 40;
/** The leader epoch and what lies beside it is not data: a batch may be served with another. */
const LEADER_EPOCH = { from: 12, to: 16 };

const recordValue = (index: number): string => `value-${index}-${'x'.repeat(index * 3)}`;

async function filled({ isSaved = true } = {}): Promise<Harness> {
  const harness = new Harness({ fileSystem: new MemoryFileSystem({ manualSyncs: true }) });
  const log = harness.log(SETTINGS);
  for (let index = 0; index < BATCHES; index++) {
    log.append(batchOf({ values: [recordValue(index)], producerId: 7, baseSequence: index }), {
      leaderEpoch: 0,
      origin: 'client',
    });
    harness.settle();
  }
  if (isSaved) harness.store.writeCheckpoints();
  return harness;
}

/** Flips a bit in a .log; answers the offset of its batch, and whether anybody must notice. */
function flip(
  disk: MemoryFileSystem,
  random: () => number,
  isRunning: boolean,
): { offset: number; isSeen: boolean } {
  const all = disk.list('/data/a-0').filter(({ name }) => name.endsWith('.log'));
  // What is still in memory is served from there.
  const names = isRunning ? all.slice(0, -1) : all;
  const path = `/data/a-0/${names[Math.floor(random() * names.length)]!.name}`;
  const bytes = readWholeFile(disk, path)!;
  const position = Math.floor(random() * bytes.length);
  let at = 0;
  while (at + 12 + bytes.readInt32BE(at + 8) <= position) at += 12 + bytes.readInt32BE(at + 8);
  const offset = Number(bytes.readBigInt64BE(at));
  bytes[position]! ^= 1 << Math.floor(random() * 8);
  writeWholeFile(disk, path, bytes);
  const inBatch = position - at;
  return { offset, isSeen: inBatch < LEADER_EPOCH.from || inBatch >= LEADER_EPOCH.to };
}

function check(harness: Harness, damage: { offset: number; isSeen: boolean }, what: string): void {
  const expected = Array.from({ length: BATCHES }, (_, index) => index);
  const kept = expected.filter(index => !damage.isSeen || index !== damage.offset);
  for (let round = 0; round < 2; round++) {
    const records = readAll(harness.log(SETTINGS), { maxBytes: 500 });
    assert.deepEqual(records.map(textOf), kept.map(recordValue), `${what}`);
    assert.deepEqual(
      records.map(record => record.offset),
      kept,
      what,
    );
  }
  const alone = readAll(harness.log(SETTINGS), { offset: damage.offset, maxBytes: 1 });
  assert.deepEqual(alone.map(textOf), kept.filter(index => index >= damage.offset).map(recordValue), what);
  const errors = harness.reports.filter(({ level }) => level === 'error');
  assert.equal(errors.length, damage.isSeen ? 1 : 0, `${what}: ${JSON.stringify(errors)}`);
  assert.equal(harness.log(SETTINGS).damagedBytes > 0, damage.isSeen, what);
}

describe('a flipped bit costs one batch', () => {
  const seed = Number(process.env['MILLRACE_SIMULATION_SEED'] ?? 20_261_124);
  for (const life of [
    'stopped',
    'killed',
    'killed and passed over',
    'killed and never saved',
    'running',
  ] as const) {
    it(`in a log that was ${life} (seed ${seed})`, async () => {
      for (let run = 0; run < 60; run++) {
        const random = randomOf(seed + run);
        let harness = await filled({ isSaved: life !== 'killed and never saved' });
        const disk = harness.fileSystem;
        if (life === 'stopped') await harness.close();
        if (life.startsWith('killed')) disk.kill();
        const damage = flip(disk, random, life === 'running');
        // Of the last batch nobody can tell whether its write was torn, or its base offset was ever another.
        if (damage.offset === BATCHES - 1) continue;
        const passing = life === 'killed and passed over' ? { passedBytesMin: 0 } : {};
        if (life !== 'running') harness = new Harness({ fileSystem: disk, ...passing });
        check(harness, damage, `MILLRACE_SIMULATION_SEED=${seed + run}`);
      }
    });
  }

  it('in what one read of megabytes takes in, and where a second reader begins in its middle', async () => {
    for (const at of [0, 1, 57, 120, 199]) {
      const harness = new Harness({ fileSystem: new MemoryFileSystem({ manualSyncs: true }) });
      const values = Array.from(
        { length: 200 },
        (_, index) => `${index}-${'y'.repeat(index === 50 ? 1_200_000 : 15_000)}`,
      );
      for (const value of values)
        harness.log().append(batchOf({ values: [value] }), { leaderEpoch: 0, origin: 'client' });
      harness.settle();
      await harness.close();
      const path = '/data/a-0/00000000000000000000.log';
      const bytes = readWholeFile(harness.fileSystem, path)!;
      let position = 0;
      for (let index = 0; index < at; index++) position += 12 + bytes.readInt32BE(position + 8);
      bytes[position + 1_000]! ^= 4;
      writeWholeFile(harness.fileSystem, path, bytes);
      const again = new Harness({ fileSystem: harness.fileSystem });
      for (const offset of [at === 199 ? 0 : at + 1, 0, 40, 0]) {
        const texts = readAll(again.log(), { offset, maxBytes: 3_000_000 }).map(textOf);
        const isKept = (_: string, index: number): boolean => index >= offset && index !== at;
        assert.deepEqual(texts, values.filter(isKept), `${at} from ${offset}`);
      }
      assert.equal(again.reports.filter(({ level }) => level === 'error').length, 1);
    }
  });

  it('in the base offset, which no checksum covers', async () => {
    for (const bit of [1, 2, 4, 8]) {
      for (let offset = 1; offset < 19; offset += 3) {
        const harness = await filled();
        await harness.close();
        const path = '/data/a-0/00000000000000000000.log';
        const bytes = readWholeFile(harness.fileSystem, path)!;
        let at = 0;
        while (at < bytes.length && Number(bytes.readBigInt64BE(at)) < offset)
          at += 12 + bytes.readInt32BE(at + 8);
        assert.equal(Number(bytes.readBigInt64BE(at)), offset, 'the first segment holds it');
        bytes[at + 7]! ^= bit;
        writeWholeFile(harness.fileSystem, path, bytes);
        check(
          new Harness({ fileSystem: harness.fileSystem }),
          { offset, isSeen: true },
          `${offset} ^ ${bit}`,
        );
      }
    }
  });
});
