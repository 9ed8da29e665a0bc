// PushTelemetry: checked and dropped, and not advertised: there is no receiver of metrics (KIP-714).

import { PushTelemetry } from '../../protocol/messages/apis/push-telemetry.ts';
import { handler } from './handler.ts';
import { telemetryClientOf } from './telemetry-client.ts';

export const pushTelemetry = handler(
  PushTelemetry,
  {
    versions: '0-0',
    acl: { none: 'every client may say how it fares' },
    advertises: 'never',
    failed: (_request, errorCode) => ({ throttleTimeMs: 0, errorCode }),
  },
  (request, context) => ({
    throttleTimeMs: 0,
    errorCode: context.node.telemetry.push(request, telemetryClientOf(context)),
  }),
);
