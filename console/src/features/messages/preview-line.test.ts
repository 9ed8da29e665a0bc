import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Body } from '../../lib/api/types.ts';
import { bytesOfBase64, hexDump } from './bytes.ts';
import { previewLine } from './preview-line.ts';

const body = (part: Partial<Body>): Body => ({
  text: '',
  encoding: 'utf8',
  format: 'text',
  size: 0,
  truncated: false,
  ...part,
});

describe('preview of a body', () => {
  it('is one line', () => {
    assert.equal(previewLine(body({ text: '{\r\n  "a":\t1\n}' })), '{   "a": 1 }');
  });

  it('marks other control characters instead of hiding them', () => {
    assert.equal(previewLine(body({ text: 'a\u0000\u001bb' })), 'a\ufffd\ufffdb');
  });

  it('says when there is more', () => {
    assert.equal(previewLine(body({ text: 'abc', truncated: true })), 'abc…');
    assert.equal(previewLine(body({ text: 'x'.repeat(301) })), `${'x'.repeat(300)}…`);
  });

  it('shows bytes as hex', () => {
    assert.equal(previewLine(body({ encoding: 'base64', text: 'AAH/', size: 3 })), '00 01 ff');
    assert.equal(previewLine(body({ encoding: 'base64', text: 'AAH/', size: 300 })), '00 01 ff …');
  });
});

describe('hex dump', () => {
  it('has address, bytes and printable characters', () => {
    const bytes = Uint8Array.from([...Buffer.from('Kafka é ASCII? no.')]);
    assert.equal(
      hexDump(bytes),
      [
        '000000  4b 61 66 6b 61 20 c3 a9  20 41 53 43 49 49 3f 20  Kafka .. ASCII? ',
        '000010  6e 6f 2e                                          no.',
      ].join('\n'),
    );
  });

  it('takes base64 that was cut inside a group', () => {
    assert.deepEqual([...bytesOfBase64('AAH/AA')], [0, 1, 255]);
  });
});
