// GetTelemetrySubscriptions: answered, but not advertised, as by Apache Kafka without a receiver of metrics (KIP-714).

import { GetTelemetrySubscriptions } from '../../protocol/messages/apis/get-telemetry-subscriptions.ts';
import type { ResponseDraft } from '../../protocol/schema/field.ts';
import { ZERO_UUID } from '../metadata/image.ts';
import { handler } from './handler.ts';
import { telemetryClientOf } from './telemetry-client.ts';

type Response = ResponseDraft<typeof GetTelemetrySubscriptions>;

/** zstd, lz4, gzip, snappy: in the order of preference. */
const COMPRESSION_TYPES = [4, 3, 1, 2];

export const getTelemetrySubscriptions = handler(
  GetTelemetrySubscriptions,
  {
    versions: '0-0',
    acl: { none: 'every client may say how it fares' },
    advertises: 'never',
    failed: (_request, errorCode) => failed(errorCode),
  },
  (request, context): Response => {
    const { telemetry } = context.node;
    const { errorCode, clientInstanceId, wanted } = telemetry.subscribe(
      request.clientInstanceId,
      telemetryClientOf(context),
    );
    if (errorCode !== 0) return failed(errorCode);
    return {
      throttleTimeMs: 0,
      errorCode,
      clientInstanceId,
      subscriptionId: wanted.subscriptionId,
      acceptedCompressionTypes: COMPRESSION_TYPES,
      pushIntervalMs: wanted.pushIntervalMs,
      telemetryMaxBytes: telemetry.bytesMax,
      deltaTemporality: true,
      requestedMetrics: [...wanted.metrics],
    };
  },
);

function failed(errorCode: number): Response {
  return {
    throttleTimeMs: 0,
    errorCode,
    clientInstanceId: ZERO_UUID,
    subscriptionId: 0,
    acceptedCompressionTypes: [],
    pushIntervalMs: 0,
    telemetryMaxBytes: 0,
    deltaTemporality: false,
    requestedMetrics: [],
  };
}
