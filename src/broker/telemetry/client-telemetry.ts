// Client telemetry (KIP-714) on a node without a receiver: a client that asks is told which metrics the stored subscriptions
// want of it, and what it pushes is checked and dropped. Nothing of it is advertised, so only a client that does not ask
// first comes here. Follows Apache Kafka's ClientMetricsManager; an instance lives as long as its connection.

import { ErrorCode } from '../../protocol/errors.ts';
import { crc32c } from '../../protocol/wire/crc32c.ts';
import { ZERO_UUID } from '../metadata/image.ts';
import type { Clock } from '../runtime/clock.ts';

/** ClientMetricsManager.CACHE_MAX_SIZE */
const INSTANCES_MAX = 16_384;
/** ClientMetricsConfigs.INTERVAL_MS_DEFAULT */
const PUSH_INTERVAL_MS_DEFAULT = 300_000;
const ALL_METRICS = '*';
/** CompressionType: none to zstd. */
const COMPRESSION_TYPE_MAX = 4;
/** Uuid.ONE_UUID, which Kafka keeps for itself as it does the zero id. */
const ONE_UUID = 'AAAAAAAAAAAAAAAAAAAAAQ';

/** A client metrics resource as it is set. */
export interface MetricsSubscription {
  readonly metrics: readonly string[];
  readonly intervalMs: number;
  /** Patterns by ClientMetricsConfigs' parameter; all must match. */
  readonly match: ReadonlyMap<string, string>;
}

/** What subscriptions may match on, by their parameter's name. */
export type ClientAttributes = ReadonlyMap<string, string>;

export interface ClientTelemetryOptions {
  readonly clock: Clock;
  readonly newUuid: () => string;
  readonly subscriptions: () => readonly MetricsSubscription[];
  /** telemetry.max.bytes */
  readonly bytesMax: () => number;
}

/** `closed` ends the instance. */
export interface TelemetryClient {
  readonly attributes: ClientAttributes;
  readonly closed: AbortSignal;
}

export interface WantedMetrics {
  readonly subscriptionId: number;
  readonly pushIntervalMs: number;
  readonly metrics: readonly string[];
}

export interface TelemetryPush {
  readonly clientInstanceId: string;
  readonly subscriptionId: number;
  readonly terminating: boolean;
  readonly compressionType: number;
  readonly metrics: Buffer;
}

interface Instance extends WantedMetrics {
  lastGetMs: number;
  lastPushMs: number;
  isTerminating: boolean;
  lastErrorCode: number;
}

export class ClientTelemetry {
  readonly #options: ClientTelemetryOptions;
  readonly #instances = new Map<string, Instance>();

  constructor(options: ClientTelemetryOptions) {
    this.#options = options;
  }

  get bytesMax(): number {
    return this.#options.bytesMax();
  }

  /** A zero id asks for one. */
  subscribe(
    id: string,
    client: TelemetryClient,
  ): { readonly errorCode: number; readonly clientInstanceId: string; readonly wanted: WantedMetrics } {
    const clientInstanceId = id === ZERO_UUID ? this.#options.newUuid() : id;
    const instance = this.#instance(clientInstanceId, client);
    const nowMs = this.#options.clock.nowMs();
    const isDue = nowMs - Math.max(instance.lastGetMs, instance.lastPushMs) >= instance.pushIntervalMs;
    if (isDue) instance.lastGetMs = nowMs;
    const mayRepeat =
      instance.lastErrorCode === ErrorCode.UNKNOWN_SUBSCRIPTION_ID ||
      instance.lastErrorCode === ErrorCode.UNSUPPORTED_COMPRESSION_TYPE;
    if (!isDue && !mayRepeat) {
      return { errorCode: ErrorCode.THROTTLING_QUOTA_EXCEEDED, clientInstanceId, wanted: instance };
    }
    instance.lastErrorCode = ErrorCode.NONE;
    return { errorCode: ErrorCode.NONE, clientInstanceId, wanted: instance };
  }

  /** The error code. */
  push(push: TelemetryPush, client: TelemetryClient): number {
    const { clientInstanceId, terminating } = push;
    if (clientInstanceId === ZERO_UUID || clientInstanceId === ONE_UUID) return ErrorCode.INVALID_REQUEST;
    const instance = this.#instance(clientInstanceId, client);
    instance.lastErrorCode = this.#errorOfPush(push, instance);
    instance.isTerminating = terminating;
    return instance.lastErrorCode;
  }

  #errorOfPush(push: TelemetryPush, instance: Instance): number {
    if (instance.isTerminating) return ErrorCode.INVALID_REQUEST;
    const nowMs = this.#options.clock.nowMs();
    // The first push after a subscription may come early: clients spread theirs.
    const isDue =
      instance.lastGetMs > instance.lastPushMs || nowMs - instance.lastPushMs >= instance.pushIntervalMs;
    if (isDue) instance.lastPushMs = nowMs;
    else if (!push.terminating) return ErrorCode.THROTTLING_QUOTA_EXCEEDED;
    if (push.subscriptionId !== instance.subscriptionId) return ErrorCode.UNKNOWN_SUBSCRIPTION_ID;
    if (push.compressionType < 0 || push.compressionType > COMPRESSION_TYPE_MAX) {
      return ErrorCode.UNSUPPORTED_COMPRESSION_TYPE;
    }
    return push.metrics.length > this.bytesMax ? ErrorCode.TELEMETRY_TOO_LARGE : ErrorCode.NONE;
  }

  #instance(id: string, client: TelemetryClient): Instance {
    const attributes = new Map([...client.attributes, ['client_instance_id', id]]);
    const wanted = wantedOf(id, this.#options.subscriptions(), attributes);
    const known = this.#instances.get(id);
    if (known?.subscriptionId === wanted.subscriptionId) return known;
    const instance = { ...wanted, lastGetMs: 0, lastPushMs: 0, isTerminating: false, lastErrorCode: 0 };
    this.#instances.set(id, instance);
    if (this.#instances.size > INSTANCES_MAX) this.#instances.delete(this.#instances.keys().next().value!);
    if (known === undefined) {
      client.closed.addEventListener('abort', () => this.#instances.delete(id), { once: true });
    }
    return instance;
  }
}

function wantedOf(
  id: string,
  subscriptions: readonly MetricsSubscription[],
  attributes: ClientAttributes,
): WantedMetrics {
  const names = new Set<string>();
  let pushIntervalMs = PUSH_INTERVAL_MS_DEFAULT;
  for (const { metrics, intervalMs, match } of subscriptions) {
    const isMatched = [...match].every(([name, pattern]) =>
      new RegExp(`^(?:${pattern})$`).test(attributes.get(name) ?? ''),
    );
    if (!isMatched) continue;
    for (const name of metrics) names.add(name);
    pushIntervalMs = Math.min(pushIntervalMs, intervalMs);
  }
  const metrics = names.has(ALL_METRICS) ? [ALL_METRICS] : [...names].sort();
  return { subscriptionId: subscriptionIdOf(id, metrics, pushIntervalMs), pushIntervalMs, metrics };
}

/** The CRC-32C of what is wanted, with the instance's id folded in. */
function subscriptionIdOf(id: string, metrics: readonly string[], pushIntervalMs: number): number {
  const bytes = Buffer.from(id, 'base64url');
  const folded = [0, 4, 8, 12].reduce((hash, position) => hash ^ bytes.readInt32BE(position), 0);
  return crc32c(Buffer.from(`[${metrics.join(', ')}]${pushIntervalMs}`)) ^ folded;
}
