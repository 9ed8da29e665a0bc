// A client's metrics (OTLP, perhaps compressed).
// KIPs: 714.
// Errors: INVALID_REQUEST, UNSUPPORTED_COMPRESSION_TYPE, THROTTLING_QUOTA_EXCEEDED, UNKNOWN_SUBSCRIPTION_ID,
// TELEMETRY_TOO_LARGE.

import { api, bool, bytes, int8, int16, int32, uuid } from '../../schema/field.ts';

export const PushTelemetry = api({
  key: 72,
  name: 'PushTelemetry',
  versions: '0',
  flexible: '0+',
  request: {
    clientInstanceId: uuid,
    subscriptionId: int32,
    terminating: bool,
    compressionType: int8,
    metrics: bytes,
  },
  response: {
    throttleTimeMs: int32,
    errorCode: int16,
  },
});
