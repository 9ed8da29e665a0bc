// Random numbers from a seed (mulberry32), so that a run can be had again by its printed seed.

export interface Random {
  /** An integer in [from, to]. */
  between(from: number, to: number): number;
  oneOf<T>(choices: readonly T[]): T;
  bytes(length: number): Buffer;
}

export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const between = (from: number, to: number): number => from + Math.floor(next() * (to - from + 1));
  return {
    between,
    oneOf: choices => choices[between(0, choices.length - 1)]!,
    bytes: length => Buffer.from(Array.from({ length }, () => between(0, 255))),
  };
}
