import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fc } from '../../../test/support/properties.ts';
import { bodyOf, characterBorder } from './body.ts';

const WHOLE = Number.POSITIVE_INFINITY;

describe('a body', () => {
  it('keeps null apart from empty', () => {
    assert.equal(bodyOf(null, WHOLE), null);
    assert.deepEqual(bodyOf(Buffer.alloc(0), WHOLE), {
      text: '',
      encoding: 'utf8',
      format: 'text',
      size: 0,
      truncated: false,
    });
  });

  it('never writes JSON anew: long numbers, spaces and double keys stay', () => {
    const text = ' {"id": 12345678901234567890, "a":1,  "a":2, "f": 1.0}\n';
    const body = bodyOf(Buffer.from(text), WHOLE);
    assert.equal(body?.text, text);
    assert.equal(body?.format, 'json');
  });

  const formats = {
    '{"a":1}': 'json',
    '[1,2]': 'json',
    '  []  ': 'json',
    '{"a":1': 'text',
    '{a}': 'text',
    '42': 'text',
    true: 'text',
    olá: 'text',
  };
  for (const [text, format] of Object.entries(formats)) {
    it(`calls ${text} ${format}`, () => assert.equal(bodyOf(Buffer.from(text), WHOLE)?.format, format));
  }

  for (const hex of ['ff', 'c3', '00000005', 'eda080', '7b00227d']) {
    it(`gives the bytes ${hex} in base64`, () => {
      const body = bodyOf(Buffer.from(hex, 'hex'), WHOLE);
      assert.equal(body?.encoding, 'base64');
      assert.equal(body?.format, 'bytes');
      assert.equal(Buffer.from(body!.text, 'base64').toString('hex'), hex);
    });
  }

  it('says that it is cut, and how large it was', () => {
    const body = bodyOf(Buffer.from('é'.repeat(10)), 5);
    assert.deepEqual(body, { text: 'éé', encoding: 'utf8', format: 'text', size: 20, truncated: true });
  });

  it('calls a large value JSON by its brackets', () => {
    const large = Buffer.from(`[${'1,'.repeat(50_000)}1]`);
    assert.equal(bodyOf(large, 10)?.format, 'json');
    assert.equal(bodyOf(large, 10)?.text, large.toString('utf8', 0, 10));
  });

  it('is a prefix of the text and within the bound, wherever it is cut', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), fc.nat(100), (text, bytesMax) => {
        fc.pre(text.isWellFormed() && !text.includes('\0'));
        const bytes = Buffer.from(text);
        const body = bodyOf(bytes, bytesMax)!;
        assert.ok(text.startsWith(body.text));
        assert.ok(Buffer.byteLength(body.text) <= bytesMax);
        assert.equal(body.truncated, bytes.length > bytesMax);
        // Nothing that would have fit is missing.
        const next = [...text.slice(body.text.length)][0];
        if (next !== undefined) assert.ok(Buffer.byteLength(body.text + next) > bytesMax);
      }),
    );
  });

  it('comes back from any bytes when it is whole', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 50 }), bytes => {
        const body = bodyOf(Buffer.from(bytes), WHOLE)!;
        assert.deepEqual(Buffer.from(body.text, body.encoding), Buffer.from(bytes));
      }),
    );
  });
});

describe('a border between characters', () => {
  it('lies at or before the position and never inside a character', () => {
    const bytes = Buffer.from('a€😀b');
    const borders = Array.from({ length: bytes.length + 2 }, (_, position) =>
      characterBorder(bytes, position),
    );
    assert.deepEqual(borders, [0, 1, 1, 1, 4, 4, 4, 4, 8, 9, 9]);
  });
});
