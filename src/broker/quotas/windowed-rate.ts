// A rate over a sliding time, as Apache Kafka's metrics measure it (SampledStat, WindowedSum, Rate): sums per window,
// the newest `count` windows kept, and the span always taken as at least `count - 1` whole windows, so that a burst
// at the start does not look like an enormous rate. Windows begin when something is recorded, not on a grid.

export interface QuotaWindows {
  /** `quota.window.num` */
  readonly count: number;
  /** `quota.window.size.seconds` */
  readonly sizeMs: number;
}

interface Window {
  sum: number;
  startMs: number;
  lastMs: number;
}

export class WindowedRate {
  readonly #windows: QuotaWindows;
  /** One more than is counted: the oldest may reach into the measured time. */
  readonly #samples: Window[] = [];
  #current = 0;

  constructor(windows: QuotaWindows) {
    this.#windows = windows;
  }

  record(value: number, nowMs: number): void {
    let sample = this.#samples[this.#current];
    if (sample === undefined || nowMs - sample.startMs >= this.#windows.sizeMs) sample = this.#advance(nowMs);
    sample.sum += value;
    sample.lastMs = nowMs;
  }

  perSecond(nowMs: number): number {
    const spanMs = this.#spanMs(nowMs);
    let sum = 0;
    for (const sample of this.#samples) sum += sample.sum;
    return (sum / spanMs) * 1000;
  }

  /** How long nothing may be recorded until the rate is `limit` again; 0 while it is not above it. */
  excessMs(limit: number, nowMs: number): number {
    const rate = this.perSecond(nowMs);
    return rate <= limit ? 0 : Math.round(((rate - limit) / limit) * this.#spanMs(nowMs));
  }

  #advance(nowMs: number): Window {
    if (this.#samples.length > 0) this.#current = (this.#current + 1) % (this.#windows.count + 1);
    const sample = this.#samples[this.#current];
    if (sample !== undefined) return reset(sample, nowMs);
    const added = { sum: 0, startMs: nowMs, lastMs: nowMs };
    this.#samples.push(added);
    return added;
  }

  #spanMs(nowMs: number): number {
    const { count, sizeMs } = this.#windows;
    let oldestMs = nowMs;
    for (const sample of this.#samples) {
      if (nowMs - sample.lastMs >= count * sizeMs) reset(sample, nowMs);
      oldestMs = Math.min(oldestMs, sample.startMs);
    }
    const elapsedMs = nowMs - oldestMs;
    const missing = Math.max(0, count - 1 - Math.floor(elapsedMs / sizeMs));
    return Math.max(elapsedMs + missing * sizeMs, 1);
  }
}

function reset(sample: Window, nowMs: number): Window {
  sample.sum = 0;
  sample.startMs = nowMs;
  sample.lastMs = nowMs;
  return sample;
}
