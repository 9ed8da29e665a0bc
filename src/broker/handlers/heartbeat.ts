// Heartbeat: keeps a member's session, and calls it to a rebalance. The rules are in groups/classic/sync.ts.

import { Heartbeat } from '../../protocol/messages/apis/heartbeat.ts';
import { handler } from './handler.ts';

export const heartbeat = handler(
  Heartbeat,
  {
    versions: '0-4',
    acl: { operation: 'READ', on: 'GROUP', named: ({ groupId }) => groupId },
    failed: (_request, errorCode) => ({ errorCode }),
  },
  (request, { node }) => node.groups.classic.heartbeat(request).map(errorCode => ({ errorCode })),
);
