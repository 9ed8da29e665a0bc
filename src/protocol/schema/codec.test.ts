// The rules of encoding and decoding that no byte of Kafka's own shows: what is refused, what is forgiven, and how it is
// said. Expected bytes are written by hand.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Heartbeat } from '../messages/apis/heartbeat.ts';
import { Metadata } from '../messages/apis/metadata.ts';
import { OffsetCommit } from '../messages/apis/offset-commit.ts';
import { Produce } from '../messages/apis/produce.ts';
import { DecodeError } from '../wire/decode-error.ts';
import { Reader } from '../wire/reader.ts';
import { Writer } from '../wire/writer.ts';
import { codecOf } from './codec.ts';
import { EncodeError } from './encode-error.ts';
import {
  array,
  bytes,
  float64,
  int8,
  int16,
  int32,
  type Message,
  message,
  offset,
  string,
  struct,
} from './field.ts';

function encode<V, D>(definition: Message<V, D>, version: number, draft: D): string {
  const writer = new Writer();
  codecOf(definition, version).encode(writer, draft);
  return writer.toBuffer().toString('hex');
}

function decode<V, D>(definition: Message<V, D>, version: number, hex: string): V {
  return codecOf(definition, version).decode(new Reader(Buffer.from(hex, 'hex')));
}

/** Versions 0-1 plain, 2 flexible. */
const Sample = message({
  name: 'Sample',
  versions: '0-2',
  flexible: '2+',
  fields: {
    id: int16,
    since1: int32.since(1).default(7),
    dropped: int32.since(1).default(0).ignorable(),
    rows: array(struct({ name: string, note: string.nullable({ since: 1 }).default('x') })),
    tagged: int32.since(2).default(-1).tag(1),
    inner: struct({ at: offset }).since(2).nullable().default(null).tag(3),
  },
});

describe('encoding', () => {
  it('takes drafts: an absent field is its default', () => {
    assert.equal(
      encode(Sample, 1, { id: 1, rows: [{ name: 'a' }] }),
      '0001 00000007 00000000 00000001 000161 000178'.replaceAll(' ', ''),
    );
  });

  it('names a required field that is missing', () => {
    const draft = { id: 1, rows: [{ note: null }] } as never;
    assert.throws(
      () => encode(Sample, 1, draft),
      new EncodeError('Sample version 1: required field Sample.rows.name is missing'),
    );
  });

  it('names a field that is null and must not be', () => {
    assert.throws(
      () => encode(Sample, 1, { id: 1, rows: null as never }),
      /non-nullable field Sample\.rows is null/,
    );
    assert.throws(
      () => encode(Sample, 0, { id: 1, rows: [{ name: 'a', note: null }] }),
      /Sample\.rows\.note is null/,
    );
    assert.throws(() => encode(Sample, 0, { id: 1, rows: [null as never] }), /Sample\.rows is null/);
  });

  it('refuses a value the version has no place for', () => {
    assert.throws(
      () => encode(Sample, 0, { id: 1, since1: 8, rows: [] }),
      new EncodeError('Sample version 0: Sample.since1 is set, but this version has no place for it'),
    );
    assert.throws(() => encode(Sample, 1, { id: 1, rows: [], tagged: 5 }), /Sample\.tagged is set/);
    assert.throws(() => encode(Sample, 1, { id: 1, rows: [], inner: { at: 1 } }), /Sample\.inner is set/);
    assert.throws(
      () => encode(Sample, 1, { id: 1, rows: [], unknownTags: [{ tag: 9, data: Buffer.alloc(0) }] }),
      /Sample\.unknownTags is set/,
    );
  });

  it('drops an ignorable value, and a default, silently', () => {
    assert.equal(encode(Sample, 0, { id: 1, since1: 7, dropped: 5, rows: [] }), '000100000000');
  });

  it('refuses numbers that do not fit, instead of wrapping them', () => {
    for (const id of [32768, -32769, 1.5, Number.NaN, '1' as never]) {
      assert.throws(() => encode(Sample, 0, { id, rows: [] }), EncodeError, String(id));
    }
    assert.throws(() => encode(Sample, 2, { id: 1, rows: [], inner: { at: 2 ** 53 } }), EncodeError);
  });

  it('says where a value does not fit', () => {
    const rows = [{ name: 'a' }, { name: 'b', note: 5 as never }];
    assert.throws(() => encode(Sample, 1, { id: 1, rows }), /Sample\.rows\.note is no string/);
    const Nested = message({
      name: 'Nested',
      versions: '0',
      flexible: 'none',
      fields: { rows: array(struct({ codes: array(int16) })) },
    });
    const draft = { rows: [{ codes: [] }, { codes: [1, 70_000] }] };
    assert.throws(
      () => encode(Nested, 0, draft),
      new EncodeError('Nested version 0 at rows.1.codes.1: 70000 is no int16'),
    );
  });

  it('puts unknown tags between the known ones, in order', () => {
    const unknownTags = [
      { tag: 0, data: Buffer.from('aa', 'hex') },
      { tag: 2, data: Buffer.alloc(0) },
      { tag: 300, data: Buffer.from('bbcc', 'hex') },
    ];
    const value = { id: 1, since1: 7, dropped: 0, rows: [], tagged: 5, inner: { at: 9 }, unknownTags };
    const hex =
      '0001 00000007 00000000 01 05 0001aa 010400000005 0200 030a01000000000000000900 ac0202bbcc'.replaceAll(
        ' ',
        '',
      );
    assert.equal(encode(Sample, 2, value), hex);
    assert.deepStrictEqual(decode(Sample, 2, hex), value);
  });

  it('hands on large record sets instead of copying them, in several pieces if they come so', () => {
    const large = Buffer.alloc(5000, 1);
    const small = Buffer.alloc(10, 2);
    const writer = new Writer();
    codecOf(Produce.request, 3).encode(writer, {
      transactionalId: null,
      acks: 1,
      timeoutMs: 1,
      topicData: [{ name: 't', partitionData: [{ index: 0, records: [large, small, large] }] }],
    });
    const chunks = writer.chunks();
    assert.equal(chunks.filter(chunk => chunk === large).length, 2);
    const { topicData } = codecOf(Produce.request, 3).decode(new Reader(writer.toBuffer()));
    assert.deepEqual(topicData[0]!.partitionData[0]!.records, Buffer.concat([large, small, large]));
  });
});

describe('decoding', () => {
  it('gives every field, absent ones at their default, in one order', () => {
    const value = decode(Sample, 0, '000100000000');
    assert.deepStrictEqual(
      Object.entries(value),
      Object.entries({ id: 1, since1: 7, dropped: 0, rows: [], tagged: -1, inner: null }),
    );
  });

  it('says which field is null that must not be', () => {
    assert.throws(
      () => decode(Sample, 0, '0001ffffffff'),
      new DecodeError('non-nullable field Sample.rows was null'),
    );
    assert.throws(() => decode(Sample, 0, '000100000001ffff0000'), /Sample\.rows\.name was null/);
  });

  it('takes any negative length of what may be null as null, as Apache Kafka does', () => {
    assert.equal(decode(Metadata.request, 1, 'fffffffe').topics, null);
    assert.equal(decode(Sample, 1, '0001000000070000000000000001000161fffe').rows[0]!.note, null);
  });

  it('accepts duplicate and descending tags and bytes behind the message', () => {
    const heartbeat = '026700000001026d00';
    const value = decode(Heartbeat.request, 4, `${heartbeat}03${'0501aa'}${'0401bb'}${'0501cc'}ffff`);
    const unknownTags = [
      { tag: 5, data: Buffer.from('aa', 'hex') },
      { tag: 4, data: Buffer.from('bb', 'hex') },
      { tag: 5, data: Buffer.from('cc', 'hex') },
    ];
    assert.deepEqual(value, {
      groupId: 'g',
      generationId: 1,
      memberId: 'm',
      groupInstanceId: null,
      unknownTags,
    });
  });

  it('has no property for unknown tags where there are none', () => {
    assert.equal('unknownTags' in decode(Heartbeat.request, 4, '026700000001026d0000'), false);
  });

  it('checks a tag’s size against the bytes left', () => {
    assert.throws(() => decode(Heartbeat.request, 4, '026700000001026d0001057faa'), /claims 127 bytes/);
  });

  it('refuses a known tag in a version that does not have it', () => {
    const Tagged = message({
      name: 'Tagged',
      versions: '0-1',
      flexible: '0+',
      fields: { a: int8.since(1).default(0).tag(0) },
    });
    assert.throws(
      () => decode(Tagged, 0, '01000101'),
      new DecodeError('tagged field Tagged.a does not exist in this version'),
    );
  });

  it('checks an array’s length before it allocates', () => {
    assert.throws(() => decode(Sample, 0, '00017fffffff'), /claims 2147483647 elements, but only 0 bytes/);
    // 2 elements of a name (2 bytes) and a note (2 bytes) need 8 bytes; there are 7.
    assert.throws(
      () => decode(Sample, 1, '0001000000070000000000000002 00000000000000'.replaceAll(' ', '')),
      /claims 2 elements/,
    );
  });

  it('bounds strings', () => {
    const Text = message({ name: 'Text', versions: '0', flexible: '0+', fields: { text: string } });
    const hex = `818002${'61'.repeat(32768)}00`;
    assert.throws(() => decode(Text, 0, hex), /string Text\.text of 32768 bytes is longer than 32767/);
  });

  it('copies bytes and views records', () => {
    const Mixed = message({ name: 'Mixed', versions: '0', flexible: 'none', fields: { data: bytes } });
    const buffer = Buffer.from('00000002abcd', 'hex');
    const { data } = codecOf(Mixed, 0).decode(new Reader(buffer));
    buffer.fill(0);
    assert.equal(data.toString('hex'), 'abcd');
    const request = Buffer.from('ffff00010000000100000001000174000000010000000000000002abcd', 'hex');
    const { topicData } = codecOf(Produce.request, 3).decode(new Reader(request));
    request.fill(0);
    assert.equal(topicData[0]!.partitionData[0]!.records!.toString('hex'), '0000');
  });

  it('refuses offsets that a number cannot hold', () => {
    const head = '00000001000174000000010000000000000001';
    assert.throws(
      () => decode(OffsetCommit.request, 2, `000167ffffffff0000ffffffffffffffff${head}`),
      DecodeError,
    );
    const At = message({
      name: 'At',
      versions: '0',
      flexible: 'none',
      fields: { at: offset, ratio: float64 },
    });
    assert.deepEqual(decode(At, 0, '001fffffffffffff3ff8000000000000'), {
      at: Number.MAX_SAFE_INTEGER,
      ratio: 1.5,
    });
    assert.throws(() => decode(At, 0, '00200000000000003ff8000000000000'), /out of range/);
  });
});

describe('codecOf', () => {
  it('compiles once', () => assert.equal(codecOf(Sample, 1), codecOf(Sample, 1)));
  it('refuses versions the message does not have', () => {
    assert.throws(() => codecOf(Sample, 3), new RangeError('Sample has versions 0 to 2, not 3'));
    assert.throws(() => codecOf(Sample, -1), RangeError);
  });
});
