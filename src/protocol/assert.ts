// What cannot happen, checked in production too: a failed assertion stops its shard, not silently the data. Ours, because
// node:assert loads streams and terminal colours with it, 3 ms of every start.

export class AssertionFailed extends Error {
  override readonly name = 'AssertionFailed';
}

export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new AssertionFailed(message);
}
