// However the bytes are cut, the frames are the same; and the caller's buffer may be overwritten after every push.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fc } from '../../../test/support/properties.ts';
import { DecodeError } from './decode-error.ts';
import { Framer } from './framer.ts';

const POISON = 0xee;

function stream(frames: readonly Uint8Array[]): Buffer {
  const parts = frames.flatMap(frame => {
    const length = Buffer.alloc(4);
    length.writeInt32BE(frame.length);
    return [length, frame];
  });
  return Buffer.concat(parts);
}

/** Pushes the bytes in chunks of these sizes through one buffer that is poisoned after every push. */
function framesOf(bytes: Buffer, chunkSizes: readonly number[]): string[] {
  const framer = new Framer({ frameBytesMax: 1 << 20 });
  const shared = Buffer.alloc(Math.max(1, ...chunkSizes, bytes.length));
  const frames: string[] = [];
  let position = 0;
  for (let index = 0; position < bytes.length; index++) {
    const size = chunkSizes[index] ?? bytes.length - position;
    const copied = bytes.copy(shared, 0, position, Math.min(position + size, bytes.length));
    framer.push(shared.subarray(0, copied), (buffer, start, end) => {
      frames.push(buffer.toString('hex', start, end));
    });
    shared.fill(POISON);
    position += copied;
  }
  assert.equal(framer.pendingBytes, 0);
  return frames;
}

const frame = fc.oneof(
  { weight: 9, arbitrary: fc.uint8Array({ minLength: 1, maxLength: 40 }) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 200_000 }).map(size => new Uint8Array(size).fill(7)) },
);
const chunkSize = fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 70_000 }));

describe('Framer', () => {
  it('gives the same frames for any chunking', () => {
    fc.assert(
      fc.property(
        fc.array(frame, { maxLength: 12 }),
        fc.array(chunkSize, { maxLength: 40 }),
        (frames, sizes) => {
          const expected = frames.map(bytes => Buffer.from(bytes).toString('hex'));
          assert.deepEqual(framesOf(stream(frames), sizes), expected);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('gives the same frames byte by byte', () => {
    const bytes = stream([Buffer.from('one'), Buffer.from('2'), Buffer.from('three')]);
    assert.deepEqual(framesOf(bytes, new Array(bytes.length).fill(1)), ['6f6e65', '32', '7468726565']);
  });

  it('passes a frame that lies whole in the chunk in place', () => {
    const framer = new Framer({ frameBytesMax: 100 });
    const chunk = stream([Buffer.from('ab'), Buffer.from('cd')]);
    const seen: [Buffer, number, number][] = [];
    framer.push(chunk, (buffer, start, end) => seen.push([buffer, start, end]));
    assert.deepEqual(
      seen.map(([buffer, start, end]) => [buffer === chunk, start, end]),
      [
        [true, 4, 6],
        [true, 10, 12],
      ],
    );
  });

  it('refuses lengths that are not positive or too large, wherever the chunk ends', () => {
    for (const length of [0, -1, -2147483648, 101, 2147483647]) {
      const bytes = Buffer.alloc(4);
      bytes.writeInt32BE(length);
      for (const cut of [1, 3, 4]) {
        const framer = new Framer({ frameBytesMax: 100 });
        const push = () => {
          framer.push(bytes.subarray(0, cut), () => assert.fail('no frame'));
          framer.push(bytes.subarray(cut), () => assert.fail('no frame'));
          framer.push(Buffer.from('x'), () => assert.fail('no frame'));
        };
        assert.throws(push, DecodeError, `length ${length}, cut ${cut}`);
      }
    }
  });

  it('accepts the largest frame', () => {
    const framer = new Framer({ frameBytesMax: 100 });
    let sizeInBytes = 0;
    framer.push(stream([Buffer.alloc(100)]), (_buffer, start, end) => {
      sizeInBytes = end - start;
    });
    assert.equal(sizeInBytes, 100);
  });

  it('spends memory on what arrived, not on what was announced', () => {
    const framer = new Framer({ frameBytesMax: 100 * 1024 * 1024 });
    const before = process.memoryUsage().arrayBuffers;
    const announced = Buffer.from('06400000ff', 'hex');
    framer.push(announced, () => assert.fail('no frame'));
    assert.equal(framer.pendingBytes, 5);
    assert.ok(process.memoryUsage().arrayBuffers - before < 1024 * 1024);
  });
});
