// ShareGroupHeartbeat (KIP-932): members of share groups join, stay, and leave. The rules are in groups/share.

import { KafkaError } from '../../protocol/errors.ts';
import { ShareGroupHeartbeat } from '../../protocol/messages/apis/share-group-heartbeat.ts';
import { clientHostOf } from '../groups/client-host.ts';
import { splitByAuthorized } from './authorize.ts';
import { handler } from './handler.ts';
import { requireMember } from './share-group-requests.ts';

export const shareGroupHeartbeat = handler(
  ShareGroupHeartbeat,
  {
    versions: '1-1',
    acl: { perResource: 'READ on GROUP, DESCRIBE on every subscribed TOPIC' },
    failed: (_request, errorCode) => ({
      throttleTimeMs: 0,
      errorCode,
      memberEpoch: 0,
      heartbeatIntervalMs: 0,
    }),
  },
  (request, context) => {
    requireMember(request, context);
    const { node, clientId, connection } = context;
    const needed = { operation: 'DESCRIBE', resource: 'TOPIC' } as const;
    const names = request.subscribedTopicNames ?? [];
    if (splitByAuthorized(context, needed, names, name => name).unauthorized.length > 0)
      throw new KafkaError('TOPIC_AUTHORIZATION_FAILED');
    const clientHost = clientHostOf(connection.remoteAddress);
    return node.groups.share.heartbeat({ request, clientId, clientHost });
  },
);
