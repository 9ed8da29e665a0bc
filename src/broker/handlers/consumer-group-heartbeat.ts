// ConsumerGroupHeartbeat (KIP-848): members of consumer groups join, stay, and leave. The rules are in groups/consumer.

import { ConsumerGroupHeartbeat } from '../../protocol/messages/apis/consumer-group-heartbeat.ts';
import { clientHostOf } from '../groups/client-host.ts';
import { handler } from './handler.ts';

export const consumerGroupHeartbeat = handler(
  ConsumerGroupHeartbeat,
  {
    versions: '0-1',
    failed: (_request, errorCode, errorMessage) => ({
      throttleTimeMs: 0,
      errorCode,
      errorMessage,
      memberEpoch: 0,
      heartbeatIntervalMs: 0,
    }),
  },
  (request, { node, apiVersion, clientId, connection }) =>
    node.groups.consumer.heartbeat({
      request,
      apiVersion,
      clientId,
      clientHost: clientHostOf(connection.remoteAddress),
    }),
);
