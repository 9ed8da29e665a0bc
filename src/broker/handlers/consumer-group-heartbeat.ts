// ConsumerGroupHeartbeat (KIP-848): members of consumer groups join, stay, and leave. The rules are in groups/consumer.

import { KafkaError } from '../../protocol/errors.ts';
import { ConsumerGroupHeartbeat } from '../../protocol/messages/apis/consumer-group-heartbeat.ts';
import { clientHostOf } from '../groups/client-host.ts';
import { splitByAuthorized } from './authorize.ts';
import { requireGroupProtocol } from './group-protocol.ts';
import { handler } from './handler.ts';

export const consumerGroupHeartbeat = handler(
  ConsumerGroupHeartbeat,
  {
    versions: '0-1',
    acl: { operation: 'READ', on: 'GROUP', named: ({ groupId }) => groupId },
    failed: (_request, errorCode, errorMessage) => ({
      throttleTimeMs: 0,
      errorCode,
      errorMessage,
      memberEpoch: 0,
      heartbeatIntervalMs: 0,
    }),
  },
  (request, context) => {
    const { node, apiVersion, clientId, connection } = context;
    requireGroupProtocol(context, 'consumer');
    const needed = { operation: 'DESCRIBE', resource: 'TOPIC' } as const;
    const { unauthorized } = splitByAuthorized(
      context,
      needed,
      request.subscribedTopicNames ?? [],
      name => name,
    );
    if (unauthorized.length > 0) throw new KafkaError('TOPIC_AUTHORIZATION_FAILED');
    return node.groups.consumer.heartbeat({
      request,
      apiVersion,
      clientId,
      clientHost: clientHostOf(connection.remoteAddress),
    });
  },
);
