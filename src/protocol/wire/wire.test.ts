// Reader, writer and CRC against numbers that Apache Kafka computed (test/golden/hashes.json) and bytes written by hand.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadGolden } from '../../../test/support/golden-messages.ts';
import { fc } from '../../../test/support/properties.ts';
import { crc32c } from './crc32c.ts';
import { DecodeError } from './decode-error.ts';
import { ELEMENTS_MAX, Reader, ZERO_UUID } from './reader.ts';
import { Writer } from './writer.ts';

const hashes = loadGolden('hashes.json') as {
  crc32c: { dataHex: string; crc32c: number }[];
  uuid: { text: string; hex: string }[];
  varint: { int32: number; zigzagHex: string; unsignedHex: string }[];
  varlong: { int64: number | bigint; zigzagHex: string }[];
};

function reader(hex: string): Reader {
  return new Reader(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
}

function written(write: (writer: Writer) => void): string {
  const writer = new Writer(1);
  write(writer);
  assert.equal(writer.length, writer.toBuffer().length);
  return writer.toBuffer().toString('hex');
}

describe('values that Apache Kafka computed', () => {
  it('crc32c', () => {
    for (const { dataHex, crc32c: expected } of hashes.crc32c) {
      const data = Buffer.from(dataHex, 'hex');
      assert.equal(crc32c(data), expected);
      const padded = Buffer.concat([Buffer.from('xx'), data, Buffer.from('y')]);
      assert.equal(crc32c(padded, 2, padded.length - 1), expected);
    }
  });

  it('uuids', () => {
    for (const { text, hex } of hashes.uuid) {
      assert.equal(reader(hex).uuid(), text);
      assert.equal(
        written(writer => writer.uuid(text)),
        hex,
      );
    }
    assert.equal(reader('00'.repeat(16)).uuid(), ZERO_UUID);
  });

  it('varints', () => {
    for (const { int32, zigzagHex, unsignedHex } of hashes.varint) {
      assert.equal(reader(zigzagHex).varint(), int32);
      assert.equal(reader(unsignedHex).uvarint() | 0, int32);
      assert.equal(
        written(writer => writer.varint(int32)),
        zigzagHex,
      );
      assert.equal(
        written(writer => writer.uvarint(int32 >>> 0)),
        unsignedHex,
      );
    }
  });

  it('varlongs', () => {
    for (const { int64, zigzagHex } of hashes.varlong) {
      assert.equal(reader(zigzagHex).varlong(), BigInt(int64));
      assert.equal(
        written(writer => writer.varlong(BigInt(int64))),
        zigzagHex,
      );
      if (Number.isSafeInteger(Number(int64))) assert.equal(reader(zigzagHex).varlongNumber(), Number(int64));
      else assert.throws(() => reader(zigzagHex).varlongNumber(), DecodeError);
    }
  });
});

describe('Reader', () => {
  it('reads signed and unsigned numbers, big-endian', () => {
    assert.equal(reader('ff').int8(), -1);
    assert.equal(reader('ff').uint8(), 255);
    assert.equal(reader('8001').int16(), -32767);
    assert.equal(reader('8001').uint16(), 32769);
    assert.equal(reader('80000001').int32(), -2147483647);
    assert.equal(reader('80000001').uint32(), 2147483649);
    assert.equal(reader('c00c000000000000').float64(), -3.5);
  });

  it('reads every int64, and as a number what a number holds', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), value => {
        const bytes = Buffer.alloc(8);
        bytes.writeBigInt64BE(value);
        assert.equal(new Reader(bytes).int64(), value);
      }),
    );
    fc.assert(
      fc.property(fc.maxSafeInteger(), value => {
        const bytes = Buffer.alloc(8);
        bytes.writeBigInt64BE(BigInt(value));
        assert.equal(new Reader(bytes).int64Number(), value);
        assert.equal(new Reader(bytes).int64(), BigInt(value));
      }),
    );
    assert.equal(reader('ffe0000000000001').int64Number(), Number.MIN_SAFE_INTEGER);
    for (const beyond of ['0020000000000000', 'ffdfffffffffffff', '7fffffffffffffff', '8000000000000000']) {
      assert.throws(() => reader(beyond).int64Number(), DecodeError);
    }
  });

  it('keeps to its range and leaves the position where a read failed', () => {
    const within = new Reader(Buffer.from('0102030405', 'hex'), 1, 3);
    assert.equal(within.remaining, 2);
    assert.throws(() => within.int32(), new DecodeError('4 bytes are needed at position 1, but 2 are left'));
    assert.equal(within.int16(), 0x0203);
    assert.throws(() => within.uvarint(), DecodeError);
    assert.throws(() => within.slice(1), DecodeError);
    assert.throws(() => within.slice(-1), DecodeError);
    assert.throws(() => within.slice(Number.NaN), DecodeError);
    assert.equal(within.slice(0).length, 0);
  });

  it('refuses varints that are too long or cut', () => {
    assert.throws(() => reader('ffffffffff01').uvarint(), /longer than 5 bytes/);
    assert.throws(() => reader('ffffffffffffffffffff01').varlong(), /longer than 10 bytes/);
    assert.throws(() => reader('ffff').uvarint(), DecodeError);
    assert.throws(() => reader('ffff').varlongNumber(), DecodeError);
  });

  it('views with slice(), copies with copy()', () => {
    const bytes = Buffer.from('0102', 'hex');
    const view = new Reader(bytes).slice(2);
    const copy = new Reader(bytes).copy(2);
    bytes.fill(9);
    assert.deepEqual([view.toString('hex'), copy.toString('hex')], ['0909', '0102']);
  });

  it('reads UTF-8, a byte order mark included, and replaces what is none', () => {
    const text = '\ufeffnaïve 漢字 😀';
    const bytes = Buffer.from(text);
    assert.equal(new Reader(bytes).utf8(bytes.length), text);
    assert.equal(reader('61ff62').utf8(3), 'a\ufffdb');
  });

  it('has a budget of elements for all arrays of a message', () => {
    const many = new Reader(Buffer.alloc(ELEMENTS_MAX));
    assert.equal(many.elements(ELEMENTS_MAX, 1), ELEMENTS_MAX);
    assert.throws(() => many.elements(1, 1), /more than 4000000 array elements/);
    assert.throws(() => many.elements(2, ELEMENTS_MAX), /claims 2 elements/);
  });
});

describe('Writer', () => {
  it('writes what the reader reads', () => {
    const hex = written(writer => {
      writer.int8(-1);
      writer.uint8(255);
      writer.int16(-2);
      writer.uint16(65534);
      writer.int32(-3);
      writer.uint32(4294967293);
      writer.int64(-4n);
      writer.int64Number(-5);
      writer.int64Number(Number.MAX_SAFE_INTEGER);
      writer.float64(-3.5);
      writer.utf8('é');
      writer.bytes(Buffer.from('beef', 'hex'));
    });
    const numbers = 'ff ff fffe fffe fffffffd fffffffd fffffffffffffffc fffffffffffffffb 001fffffffffffff';
    assert.equal(hex, `${numbers} c00c000000000000 c3a9 beef`.replaceAll(' ', ''));
  });

  it('throws on what does not fit', () => {
    const writer = new Writer();
    const wrong = [
      () => writer.int8(128),
      () => writer.uint8(-1),
      () => writer.int16(32768),
      () => writer.uint16(65536),
      () => writer.int32(2 ** 31),
      () => writer.uint32(-1),
      () => writer.int64(2n ** 63n),
      () => writer.int64(5 as never),
      () => writer.int64Number(2 ** 53),
      () => writer.uvarint(-1),
      () => writer.varint(2 ** 31),
      () => writer.varlong(2n ** 63n),
      () => writer.uuid('short'),
      () => writer.uuid('?'.repeat(22)),
      () => writer.int16(undefined as never),
    ];
    for (const write of wrong) assert.throws(write, RangeError, String(write));
    assert.equal(writer.length, 0);
  });

  it('takes external buffers as they are, between its own bytes', () => {
    const external = Buffer.from('external');
    const writer = new Writer(2);
    writer.int32(0);
    writer.utf8('before');
    writer.external(external);
    writer.external(Buffer.alloc(0));
    writer.utf8('after');
    writer.external(external);
    writer.patchInt32(0, writer.length);
    const chunks = writer.chunks();
    assert.equal(chunks[1], external);
    assert.equal(Buffer.concat(chunks).toString('latin1'), '\0\0\0\u001fbeforeexternalafterexternal');
    assert.deepEqual(writer.toBuffer(), Buffer.concat(chunks));
    assert.equal(writer.length, 31);
  });

  it('keeps every byte, however own and external bytes alternate and its memory grows', () => {
    const piece = fc.record({
      isExternal: fc.boolean(),
      bytes: fc.uint8Array({ minLength: 1, maxLength: 30 }),
    });
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), fc.integer({ min: 1, max: 64 }), (pieces, capacity) => {
        const writer = new Writer(capacity);
        for (const { isExternal, bytes } of pieces) {
          if (isExternal) writer.external(Buffer.from(bytes));
          else writer.bytes(bytes);
        }
        const expected = Buffer.concat(pieces.map(({ bytes }) => bytes));
        assert.equal(writer.length, expected.length);
        assert.deepEqual(writer.toBuffer(), expected);
      }),
    );
  });

  it('prefixes with sizes of any length, also inside each other', () => {
    for (const size of [0, 1, 127, 128, 16383, 16384, 70000]) {
      const hex = written(writer => {
        writer.int8(7);
        const outer = writer.mark();
        const inner = writer.mark();
        writer.bytes(Buffer.alloc(size, 5));
        writer.prefixWithSize(inner);
        writer.int8(6);
        writer.prefixWithSize(outer);
        writer.int8(8);
      });
      const read = reader(hex);
      assert.equal(read.int8(), 7);
      const outerSize = read.uvarint();
      const outerEnd = read.position + outerSize;
      assert.equal(read.uvarint(), size);
      assert.deepEqual(read.slice(size), Buffer.alloc(size, 5));
      assert.equal(read.int8(), 6);
      assert.equal(read.position, outerEnd);
      assert.equal(read.int8(), 8);
      assert.equal(read.remaining, 0);
    }
  });

  it('starts again after reset()', () => {
    const writer = new Writer();
    writer.external(Buffer.from('x'));
    writer.utf8('one');
    writer.reset();
    writer.utf8('two');
    assert.equal(writer.toBuffer().toString(), 'two');
  });
});
