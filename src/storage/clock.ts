// Time as storage sees it: the two ports it needs, in the shape of the broker's, so that tests drive time by hand.
// Storage itself never asks the operating system what time it is.

export interface StorageClock {
  /** Milliseconds since the epoch. */
  nowMs(): number;
}

export interface StorageTimers {
  schedule(delayMs: number, callback: () => void): { cancel(): void };
}
