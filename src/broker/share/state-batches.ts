// What is kept of a share partition's records: ranges of offsets with one delivery state and count (KIP-932). Ranges that
// are written later may lie across earlier ones; here they become ranges that do not overlap. Where two say something of
// one offset, the higher delivery count wins, then the higher state. The outcome is that of Apache Kafka's
// PersisterStateBatchCombiner, range for range, because it goes into records.

export interface StateBatch {
  readonly firstOffset: number;
  readonly lastOffset: number;
  /** 0 available, 2 acknowledged, 4 archived. */
  readonly deliveryState: number;
  readonly deliveryCount: number;
}

/** In order of their offsets, and none below `startOffset` (-1: no such bound). */
export function combineStateBatches(
  soFar: readonly StateBatch[],
  added: readonly StateBatch[],
  startOffset: number,
): readonly StateBatch[] {
  const kept = [...soFar, ...added].flatMap(batch => notBefore(batch, startOffset));
  if (kept.length < 2) return kept;
  const waiting = new SortedBatches(kept);
  const combined: StateBatch[] = [];
  for (let previous = waiting.take(); previous !== undefined; previous = waiting.take()) {
    const next = waiting.first;
    if (next === undefined || !isMergeable(previous, next)) {
      combined.push(previous);
      continue;
    }
    waiting.take();
    for (const piece of merged(previous, next)) waiting.add(piece);
  }
  return combined;
}

function notBefore(batch: StateBatch, startOffset: number): readonly StateBatch[] {
  if (batch.lastOffset < startOffset) return [];
  return batch.firstOffset >= startOffset ? [batch] : [{ ...batch, firstOffset: startOffset }];
}

function isMergeable(previous: StateBatch, next: StateBatch): boolean {
  if (next.firstOffset <= previous.lastOffset) return true;
  return next.firstOffset === previous.lastOffset + 1 && compareDelivery(previous, next) === 0;
}

/** `next` begins where `previous` does, or behind it. */
function merged(previous: StateBatch, next: StateBatch): readonly StateBatch[] {
  const order = compareDelivery(next, previous);
  if (order === 0) return [{ ...previous, lastOffset: Math.max(previous.lastOffset, next.lastOffset) }];
  if (order < 0) return [previous, ...range(next, previous.lastOffset + 1, next.lastOffset)];
  return [
    ...range(previous, previous.firstOffset, next.firstOffset - 1),
    next,
    ...range(previous, next.lastOffset + 1, previous.lastOffset),
  ];
}

function range(batch: StateBatch, firstOffset: number, lastOffset: number): readonly StateBatch[] {
  return firstOffset > lastOffset ? [] : [{ ...batch, firstOffset, lastOffset }];
}

function compareDelivery(a: StateBatch, b: StateBatch): number {
  return a.deliveryCount - b.deliveryCount || a.deliveryState - b.deliveryState;
}

function compare(a: StateBatch, b: StateBatch): number {
  return a.firstOffset - b.firstOffset || a.lastOffset - b.lastOffset || compareDelivery(a, b);
}

/** A set, the last first: what is taken lies at the end, and what is added lies near it. */
class SortedBatches {
  readonly #batches: StateBatch[];

  constructor(batches: readonly StateBatch[]) {
    const sorted = batches.toSorted((a, b) => compare(b, a));
    this.#batches = sorted.filter((batch, index) => index === 0 || compare(batch, sorted[index - 1]!) !== 0);
  }

  get first(): StateBatch | undefined {
    return this.#batches.at(-1);
  }

  take(): StateBatch | undefined {
    return this.#batches.pop();
  }

  add(batch: StateBatch): void {
    let index = this.#batches.length;
    while (index > 0 && compare(this.#batches[index - 1]!, batch) < 0) index -= 1;
    if (index > 0 && compare(this.#batches[index - 1]!, batch) === 0) return;
    this.#batches.splice(index, 0, batch);
  }
}
