// Every byte of a batch, made wrong in every way a bit or several of it can be: known for one wrong byte, and for where the
// batch lies. Two wrong bytes, and a write of which a sector is missing, are not.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { buildBatch } from '../../protocol/records/build-batch.ts';
import { randomOf } from '../fs/memory.ts';
import { endOfFlipped, type Stretch } from './flipped-byte.ts';

const LEADER_EPOCH = { from: 12, to: 16 };
const SECTOR_BYTES = 512;

function batch(valueBytes: number): Buffer {
  const random = randomOf(valueBytes);
  const value = Buffer.from(Array.from({ length: valueBytes }, () => 1 + Math.floor(random() * 255)));
  const records = [{ key: Buffer.from('key'), value, timestamp: 1_700_000_000_000 }];
  return buildBatch({
    records: [...records, ...records],
    baseOffset: 70_003,
    producerId: 7n,
    baseSequence: 1,
  });
}

const AT = { position: 1_234, nextOffset: 70_003, followingOffset: 70_005 };

const isOneByteOff = (stretch: Stretch): boolean => {
  const end = endOfFlipped(stretch);
  if (end !== null) assert.equal(end, 70_005);
  return end !== null;
};

describe('a batch with one wrong byte', () => {
  it('is known, whichever byte it is', () => {
    const sound = batch(40);
    for (let at = 0; at < sound.length; at++) {
      for (const error of [1, 2, 4, 8, 16, 32, 64, 128, 255, 0x5a]) {
        const bytes = Buffer.from(sound);
        bytes[at]! ^= error;
        const isSeen = at < LEADER_EPOCH.from || at >= LEADER_EPOCH.to;
        assert.equal(isOneByteOff({ ...AT, bytes }), isSeen, `byte ${at} ^ ${error}`);
      }
    }
  });

  it('is known in a large one, and behind offsets that compaction took', () => {
    const bytes = batch(100_000);
    bytes[77_777]! ^= 8;
    assert.ok(isOneByteOff({ ...AT, bytes }));
    assert.ok(isOneByteOff({ ...AT, bytes, nextOffset: 60_000, followingOffset: 80_000 }));
  });

  it('is not that batch when its offsets do not fit between its neighbours', () => {
    const bytes = batch(40);
    bytes[100]! ^= 1;
    assert.ok(!isOneByteOff({ ...AT, bytes, followingOffset: 70_004 }));
    assert.ok(!isOneByteOff({ ...AT, bytes, nextOffset: 70_004, followingOffset: 70_006 }));
  });
});

describe('what is no flipped byte', () => {
  it('is a batch that is right, one with two wrong bytes, and less than a header', () => {
    const sound = batch(300);
    assert.ok(!isOneByteOff({ ...AT, bytes: sound }));
    const random = randomOf(3);
    let taken = 0;
    for (let run = 0; run < 2_000; run++) {
      const bytes = Buffer.from(sound);
      const first = Math.floor(random() * bytes.length);
      const second = (first + 1 + Math.floor(random() * (bytes.length - 1))) % bytes.length;
      if ([first, second].some(at => at >= LEADER_EPOCH.from && at < LEADER_EPOCH.to)) continue;
      bytes[first]! ^= 1 + Math.floor(random() * 255);
      bytes[second]! ^= 1 + Math.floor(random() * 255);
      if (isOneByteOff({ ...AT, bytes })) taken += 1;
    }
    // 661 in 16 million: one of them by chance.
    assert.ok(taken <= 1, String(taken));
    assert.ok(!isOneByteOff({ ...AT, bytes: sound.subarray(0, 60) }));
  });

  it('is a write of which sectors are missing', () => {
    const sound = batch(4_000);
    const first = SECTOR_BYTES - (AT.position % SECTOR_BYTES);
    for (let start = first; start < sound.length; start += SECTOR_BYTES) {
      const bytes = Buffer.from(sound);
      bytes.fill(0, start, Math.min(start + SECTOR_BYTES, bytes.length));
      assert.ok(!isOneByteOff({ ...AT, bytes }), `sector at ${start}`);
    }
    const torn = Buffer.from(sound);
    torn.fill(0, 0, first);
    assert.ok(!isOneByteOff({ ...AT, bytes: torn }), 'its beginning');
  });

  it('is a write that stopped before its last bytes, though all but one of them are zero', () => {
    const bytes = batch(300);
    assert.ok(bytes.at(-2) !== 0 && bytes.at(-1) === 0);
    bytes[bytes.length - 2] = 0;
    assert.ok(!isOneByteOff({ ...AT, bytes }));
  });
});
