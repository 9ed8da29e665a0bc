// The codecs on their own: round trips, foreign frames, damage, bounds. Frames that must be read are built here by hand
// or by the native libraries, not by the code under test.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { deflateRawSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { compressFrameSync } from 'lz4-napi';
import { compressSync as snappyBlock } from 'snappy';
import { loadGoldenBatches } from '../../../../test/support/golden-batches.ts';
import { fc } from '../../../../test/support/properties.ts';
import { CompressionError, OutputTooLargeError } from './codec.ts';
import { codecOfId } from './index.ts';
import { xxHash32 } from './xxhash32.ts';

const MIB = 1024 * 1024;
const codecs = [1, 2, 3, 4].map(id => codecOfId(id)!);
const [gzip, snappy, lz4, zstd] = codecs as [
  (typeof codecs)[0],
  (typeof codecs)[0],
  (typeof codecs)[0],
  (typeof codecs)[0],
];
const text = Buffer.from(
  'the mill turns, the mill turns, and the water runs through the race. '.repeat(3000),
);

/** Damage may go unnoticed (LZ4's content is not checksummed), but nothing else than CompressionError may come out. */
function survives(codec: (typeof codecs)[number], payload: Buffer): void {
  try {
    assert.ok(codec.decompress(payload, MIB).length <= MIB);
  } catch (error) {
    assert.ok(error instanceof CompressionError, String(error));
  }
}

describe('compression', () => {
  for (const codec of codecs) {
    it(`${codec.name} gives back what it took`, () => {
      for (const payload of [
        text,
        Buffer.alloc(0),
        Buffer.from('a'),
        Buffer.alloc(200_000),
        randomBytes(70_000),
      ]) {
        assert.ok(codec.decompress(codec.compress(payload), MIB).equals(payload));
      }
    });

    it(`${codec.name} stops at the bound`, () => {
      const compressed = codec.compress(Buffer.alloc(100_000));
      assert.equal(codec.decompress(compressed, 100_000).length, 100_000);
      assert.throws(() => codec.decompress(compressed, 99_999), OutputTooLargeError);
    });

    it(`${codec.name} survives damage and noise`, () => {
      const compressed = codec.compress(text);
      fc.assert(
        fc.property(
          fc.nat(compressed.length - 1),
          fc.nat(255),
          fc.nat(compressed.length),
          (at, byte, length) => {
            const damaged = Buffer.from(compressed);
            damaged[at] = byte;
            survives(codec, damaged);
            survives(codec, compressed.subarray(0, length));
          },
        ),
        { numRuns: 200 },
      );
      fc.assert(
        fc.property(fc.uint8Array({ maxLength: 200 }), noise => {
          survives(codec, Buffer.from(noise));
          survives(codec, Buffer.concat([compressed.subarray(0, 16), noise]));
        }),
      );
    });
  }
});

describe('gzip', () => {
  it('reads members that follow each other and ignores what is none', () => {
    const members = Buffer.concat([gzipSync('one '), gzipSync('two'), Buffer.from([0x1f, 0x8b, 1, 2])]);
    assert.equal(gzip.decompress(members, MIB).toString(), 'one two');
  });

  it('reads a header with every optional field', () => {
    const header = Buffer.from([0x1f, 0x8b, 8, 0x1e, 0, 0, 0, 0, 0, 3, 2, 0, 9, 9, 110, 0, 99, 0, 1, 2]);
    const trailer = gzipSync('body').subarray(-8);
    assert.equal(
      gzip.decompress(Buffer.concat([header, deflateRawSync('body'), trailer]), MIB).toString(),
      'body',
    );
  });

  it('sees a checksum that does not match', () => {
    const compressed = gzipSync('body');
    compressed[compressed.length - 8]! ^= 1;
    assert.throws(() => gzip.decompress(compressed, MIB), CompressionError);
  });
});

describe('snappy', () => {
  it('reads one raw block', () => {
    assert.ok(snappy.decompress(snappyBlock(text), MIB).equals(text));
  });

  it('reads framed streams that follow each other', () => {
    const twice = Buffer.concat([snappy.compress(Buffer.from('one ')), snappy.compress(Buffer.from('two'))]);
    assert.equal(snappy.decompress(twice, MIB).toString(), 'one two');
  });

  it('does not believe a size that its bytes cannot yield', () => {
    const claim = Buffer.from([0xff, 0xff, 0xff, 0x7f, 0, 0]);
    assert.throws(() => snappy.decompress(claim, 2 ** 31), /claims more than it can hold/);
  });
});

describe('lz4', () => {
  const golden = loadGoldenBatches().filter(({ name }) => /^lz4-block/.test(name));

  it('knows xxHash32', () => {
    // The reference vectors of the xxHash specification's sanity check with seed 0.
    assert.equal(xxHash32(Buffer.alloc(0), 0, 0), 0x02cc5d05);
    assert.equal(xxHash32(Buffer.from('a'), 0, 1), 0x550d7456);
    assert.equal(xxHash32(Buffer.from('abc'), 0, 3), 0x32d153ff);
    const sentence = Buffer.from('Nobody inspects the spammish repetition');
    assert.equal(xxHash32(sentence, 0, sentence.length), 0xe2293b2f);
  });

  it('reads frames of another implementation, with its checksums', () => {
    for (const contentChecksum of [false, true]) {
      for (const blockChecksums of [false, true]) {
        const frame = compressFrameSync(text, { contentChecksum, blockChecksums });
        assert.ok(lz4.decompress(frame, MIB).equals(text));
      }
    }
  });

  it('skips a content size and ignores a content checksum, as Kafka does', () => {
    const descriptor = Buffer.from([0x6c, 0x40, 5, 0, 0, 0, 0, 0, 0, 0]);
    const frame = Buffer.concat([
      Buffer.from([0x04, 0x22, 0x4d, 0x18]),
      descriptor,
      Buffer.from([(xxHash32(descriptor, 0, descriptor.length) >>> 8) & 0xff, 5, 0, 0, 0x80]),
      Buffer.from('hello'),
      Buffer.from([0, 0, 0, 0, 1, 2, 3, 4]),
    ]);
    assert.equal(lz4.decompress(frame, MIB).toString(), 'hello');
    assert.throws(() => lz4.decompress(frame.subarray(0, -1), MIB), CompressionError);
  });

  for (const { name, bytes } of golden.filter(({ name: checksummed }) => checksummed.endsWith('checksum'))) {
    it(`sees a flipped bit in a block of ${name}`, () => {
      const payload = Buffer.from(bytes.subarray(61));
      payload[payload.length - 12]! ^= 1;
      assert.throws(() => lz4.decompress(payload, MIB), /checksum does not match/);
    });
  }
});

describe('zstd', () => {
  it('reads frames that follow each other and skips skippable ones', () => {
    const skippable = Buffer.from('532a4d1804000000aabbccdd', 'hex');
    const frames = [skippable, zstdCompressSync('one '), skippable, zstdCompressSync('two'), skippable];
    assert.equal(zstd.decompress(Buffer.concat(frames), MIB).toString(), 'one two');
  });

  it('refuses what follows the last frame and is none', () => {
    const noise = Buffer.concat([zstdCompressSync('one'), Buffer.from('noise')]);
    assert.throws(() => zstd.decompress(noise, MIB), /unknown zstd frame descriptor/);
  });

  it('reads the next frame whatever became of the one before', () => {
    const frames = [1_000, 200_000, 3_000_000].map(size => {
      const bytes = Buffer.from(Array.from({ length: size }, (_, index) => (index * index) >> 3));
      return { bytes, frame: zstdCompressSync(bytes) };
    });
    for (const { bytes, frame } of frames) {
      for (let at = 5; at < frame.length; at += Math.ceil(frame.length / 50)) {
        const damaged = Buffer.from(frame);
        damaged[at]! ^= 0x10;
        survives(zstd, damaged);
        assert.throws(() => zstd.decompress(frame, bytes.length - 1), OutputTooLargeError);
        for (const good of frames) assert.deepEqual(zstd.decompress(good.frame, 4 * MIB), good.bytes);
      }
    }
  });

  it('refuses a declared size above the bound without decoding', () => {
    const frame = Buffer.from('28b52ffde0ffffffffffff7f000100000000', 'hex');
    assert.throws(() => zstd.decompress(frame, MIB), OutputTooLargeError);
  });
});

/** Reproducible, and does not compress. */
function randomBytes(length: number): Buffer {
  const bytes = Buffer.alloc(length);
  let state = 42;
  for (let index = 0; index < length; index++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    bytes[index] = state >>> 16;
  }
  return bytes;
}
