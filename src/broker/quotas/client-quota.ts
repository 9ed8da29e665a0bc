// One quota (of a key such as `producer_byte_rate`) for all clients: the limits that are set and a meter for each who is
// measured. While no entity has the key, nothing is measured. Meters nobody used for an hour are forgotten, and there
// are never more than a bounded number: client ids are whatever clients say they are.

import type { QuotaLimits } from './quota-limits.ts';

/** Apache Kafka purges the sensors of a client after an hour without it. */
const UNUSED_MS = 3_600_000;
/** Far above the clients of one node; one that makes up a new client id per request must not take the memory. */
const METERS_MAX = 10_000;

export interface Metered<Meter> {
  readonly meter: Meter;
  /** Infinity: this client has none. */
  readonly limit: number;
}

interface Entry<Meter> {
  readonly meter: Meter;
  usedMs: number;
}

export class ClientQuota<Meter> {
  readonly #newMeter: () => Meter;
  readonly #meters = new Map<string, Entry<Meter>>();
  #limits: QuotaLimits | undefined;

  constructor(newMeter: () => Meter) {
    this.#newMeter = newMeter;
  }

  get isSet(): boolean {
    return this.#limits !== undefined;
  }

  /** What was measured until now still counts. */
  change(limits: QuotaLimits | undefined): void {
    this.#limits = limits;
  }

  /** undefined while the quota is set for nobody. */
  of(user: string, clientId: string, nowMs: number): Metered<Meter> | undefined {
    const limits = this.#limits;
    if (limits === undefined) return undefined;
    const subject = limits.subjectOf(user, clientId);
    const key = JSON.stringify([subject.user, subject.clientId]);
    let entry = this.#meters.get(key);
    if (entry === undefined) {
      this.#makeRoom(nowMs);
      entry = { meter: this.#newMeter(), usedMs: nowMs };
      this.#meters.set(key, entry);
    }
    entry.usedMs = nowMs;
    return { meter: entry.meter, limit: limits.limitOf(subject) ?? Number.POSITIVE_INFINITY };
  }

  #makeRoom(nowMs: number): void {
    if (this.#meters.size < METERS_MAX) return;
    for (const [key, { usedMs }] of this.#meters) if (nowMs - usedMs >= UNUSED_MS) this.#meters.delete(key);
    for (const key of this.#meters.keys()) {
      if (this.#meters.size < METERS_MAX) return;
      this.#meters.delete(key);
    }
  }
}
