// One request in the light of the quotas: what it counts for, and how long its client is held back for it. The answer
// says so (`throttle_time_ms`) and leaves at once; it is the connection that then takes no further request for that time
// (KIP-219). Only made while a quota is set. Rules: KafkaApis, RequestHandlerHelper.

import { WriteTxnMarkers } from '../../protocol/messages/apis/write-txn-markers.ts';
import type { Outcome } from '../handlers/handler.ts';
import type { Metered } from './client-quota.ts';
import type { ActiveQuotas } from './client-quotas.ts';
import { MutationQuota } from './mutation-quota.ts';
import type { WindowedRate } from './windowed-rate.ts';

/** Asked by other brokers only; Apache Kafka exempts them. */
const EXEMPT: ReadonlySet<number> = new Set([WriteTxnMarkers.key]);
/** Milliseconds of work as percent of a second. */
const PERCENT_PER_MS = 0.1;

export interface RequestThrottleOptions {
  readonly quotas: ActiveQuotas;
  readonly apiKey: number;
  /** `User:alice` */
  readonly principal: string;
  readonly clientId: string;
  readonly requestBytes: number;
  /** On the monotonic clock. */
  readonly startedMs: number;
  readonly monotonicMs: () => number;
  /** The connection takes no request for so long. */
  readonly mute: (durationMs: number) => void;
}

export class RequestThrottle {
  readonly #options: RequestThrottleOptions;
  readonly #user: string;
  #throttleTimeMs = 0;
  #mutations: MutationQuota | null = null;
  #isWorkCounted = false;
  #workedMs = -1;

  constructor(options: RequestThrottleOptions) {
    this.#options = options;
    this.#user = options.principal.slice(options.principal.indexOf(':') + 1);
  }

  /** The request's bytes count as produced. What comes behind it on the connection waits from now on. */
  produced(): void {
    const { quotas, requestBytes } = this.#options;
    this.#hold(this.#exceeded(quotas.produce.of(...this.#client()), requestBytes));
  }

  /** More at once would always be held back, however long the client was silent. */
  get fetchBytesMax(): number {
    const { quotas } = this.#options;
    const metered = quotas.fetch.of(...this.#client());
    const { count, sizeMs } = quotas.windows;
    return metered === undefined ? Infinity : Math.trunc((metered.limit * (count - 1) * sizeMs) / 1000);
  }

  /** True: too much. Nothing counts as fetched then, and the answer must be empty. */
  fetched(responseBytes: number): boolean {
    const { quotas } = this.#options;
    const throttleTimeMs = this.#countWork();
    const metered = quotas.fetch.of(...this.#client());
    const excessMs = Math.max(throttleTimeMs, this.#exceeded(metered, responseBytes));
    if (excessMs === 0) return false;
    metered?.meter.record(-responseBytes, quotas.clock.nowMs());
    this.#hold(excessMs);
    return true;
  }

  /** For a request that makes or removes partitions; undefined without such a quota. */
  mutations(isStrict: boolean): MutationQuota | undefined {
    this.#mutations = this.uncountedMutations(isStrict) ?? null;
    return this.#mutations ?? undefined;
  }

  /** The client is not held back for what exceeds it (topics that Metadata makes). */
  uncountedMutations(isStrict: boolean): MutationQuota | undefined {
    const { clock, mutation } = this.#options.quotas;
    const metered = mutation.of(...this.#client());
    return metered && new MutationQuota({ metered, clock, isStrict });
  }

  /** The request's own work is done; what follows is waiting. */
  handled(): void {
    if (this.#workedMs < 0) this.#workedMs = this.#options.monotonicMs() - this.#options.startedMs;
  }

  /** Work that belongs to the request but comes after its answer is known: it counts for those that follow. */
  workedAfterwards(durationMs: number): void {
    const { quotas } = this.#options;
    if (!this.#isWorkCounted) return;
    quotas.request.of(...this.#client())?.meter.record(durationMs * PERCENT_PER_MS, quotas.clock.nowMs());
  }

  /** Once the answer is known; gives the answer to send. */
  settle(outcome: Outcome<object>): Outcome<object> {
    if (outcome === 'close') return outcome;
    // Produce with acks=0 has no answer, and is exempt from the quota for requests.
    if (outcome !== null) this.#hold(Math.max(this.#countWork(), this.#mutations?.throttleTimeMs ?? 0));
    if (outcome === null || this.#throttleTimeMs === 0) return outcome;
    return { ...outcome, throttleTimeMs: this.#throttleTimeMs };
  }

  #countWork(): number {
    const { quotas, apiKey } = this.#options;
    if (this.#isWorkCounted || EXEMPT.has(apiKey)) return 0;
    this.#isWorkCounted = true;
    this.handled();
    const metered = quotas.request.of(...this.#client());
    // A client is never silenced for longer than a window by what it made the broker compute.
    return Math.min(quotas.windows.sizeMs, this.#exceeded(metered, this.#workedMs * PERCENT_PER_MS));
  }

  #exceeded(metered: Metered<WindowedRate> | undefined, value: number): number {
    if (metered === undefined) return 0;
    const nowMs = this.#options.quotas.clock.nowMs();
    metered.meter.record(value, nowMs);
    return metered.limit === Infinity ? 0 : metered.meter.excessMs(metered.limit, nowMs);
  }

  #hold(throttleTimeMs: number): void {
    if (throttleTimeMs <= this.#throttleTimeMs) return;
    this.#throttleTimeMs = Math.min(throttleTimeMs, 2 ** 31 - 1);
    this.#options.mute(this.#throttleTimeMs);
  }

  #client(): [user: string, clientId: string, nowMs: number] {
    return [this.#user, this.#options.clientId, this.#options.quotas.clock.nowMs()];
  }
}
