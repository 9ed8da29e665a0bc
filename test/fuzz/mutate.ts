// Breaks a whole frame the way a broken or hostile client would: lengths, counts, nulls, tags, the version, the end. The
// frame's own length stays right, or the framer would only ever see one frame; now and then it does not.

import type { Random } from './random.ts';

const LENGTH_SIZE = 4;
/** Lengths and counts as they may stand on the wire: int16, int32 and unsigned varints, of nothing, null, and too much. */
const LENGTHS = ['ffff', '7fff', '8000', 'ffffffff', '7fffffff', '3fffffff', '80000000', '00', '01', 'ff7f', 'ffffff7f', 'ffffffff0f', 'ffffffffff7f', '808080808000']
  .map(hex => Buffer.from(hex, 'hex')); // biome-ignore format: a list

type Mutation = (frame: Buffer, random: Random) => Buffer;

const MUTATIONS: readonly Mutation[] = [
  // Nothing: what is valid must be served.
  frame => frame,
  (frame, random) => {
    for (let count = 1 + random.below(4); count > 0; count -= 1) {
      frame[LENGTH_SIZE + random.below(frame.length - LENGTH_SIZE)] = random.oneIn(2)
        ? random.below(256)
        : random.pick([0, 0x7f, 0x80, 0xff]);
    }
    return frame;
  },
  (frame, random) => {
    const length = random.pick(LENGTHS);
    const position = LENGTH_SIZE + random.below(frame.length - LENGTH_SIZE);
    length.copy(frame, position);
    return frame;
  },
  (frame, random) => {
    const position = LENGTH_SIZE + random.below(frame.length - LENGTH_SIZE);
    return Buffer.concat([frame.subarray(0, position), random.pick(LENGTHS), frame.subarray(position)]);
  },
  (frame, random) => frame.subarray(0, LENGTH_SIZE + 1 + random.below(frame.length - LENGTH_SIZE)),
  (frame, random) => {
    frame.writeInt16BE(random.pick([-1, 0, 1, 2, 3, 5, 8, 12, 99, 32767]), 6);
    return frame;
  },
  (frame, random) => Buffer.concat([frame, random.bytes(1 + random.below(20))]),
  (frame, random) => {
    const from = LENGTH_SIZE + random.below(frame.length - LENGTH_SIZE);
    const piece = frame.subarray(from, from + 1 + random.below(16));
    return Buffer.concat([frame.subarray(0, from), piece, frame.subarray(from)]);
  },
  (frame, random) => {
    random.bytes(frame.length - LENGTH_SIZE).copy(frame, LENGTH_SIZE);
    return frame;
  },
];

export function mutated(frame: Buffer, random: Random): Buffer {
  // Half are left whole or nearly so: they reach the deepest.
  const mutation = random.oneIn(3) ? MUTATIONS[0]! : random.pick(MUTATIONS);
  const bytes = Buffer.from(mutation(frame, random));
  bytes.writeInt32BE(
    random.oneIn(500) ? random.pick([-1, 0, 1, 2 ** 31 - 1]) : bytes.length - LENGTH_SIZE,
    0,
  );
  return bytes;
}
