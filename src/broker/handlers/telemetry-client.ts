// Who a client is in the eyes of metrics subscriptions (ClientMetricsInstanceMetadata).

import type { TelemetryClient } from '../telemetry/client-telemetry.ts';
import type { RequestContext } from './handler.ts';

export function telemetryClientOf({ clientId, connection, signal }: RequestContext): TelemetryClient {
  return {
    attributes: new Map([
      ['client_id', clientId],
      ['client_software_name', connection.clientSoftwareName],
      ['client_software_version', connection.clientSoftwareVersion],
      ['client_source_address', connection.remoteAddress],
      ['client_source_port', String(connection.remotePort)],
    ]),
    closed: signal,
  };
}
