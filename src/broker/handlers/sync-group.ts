// SyncGroup: gives the leader's assignment to the group, and waits for it elsewhere. The rules are in
// groups/classic/sync.ts.

import { ErrorCode } from '../../protocol/errors.ts';
import { SyncGroup } from '../../protocol/messages/apis/sync-group.ts';
import { syncAnswer } from '../groups/classic/decision.ts';
import { requireGroup } from './authorize.ts';
import { handler } from './handler.ts';

const PROTOCOL_MANDATORY_SINCE = 5;

export const syncGroup = handler(
  SyncGroup,
  {
    versions: '0-5',
    acl: { perResource: 'READ on GROUP' },
    failed: (_request, errorCode) => syncAnswer({ errorCode }),
  },
  (request, context) => {
    const { node, apiVersion } = context;
    const isNamed = request.protocolType !== null && request.protocolName !== null;
    if (apiVersion >= PROTOCOL_MANDATORY_SINCE && !isNamed) {
      return syncAnswer({ errorCode: ErrorCode.INCONSISTENT_GROUP_PROTOCOL });
    }
    requireGroup(context, 'READ', request.groupId);
    return node.groups.classic.sync({ request });
  },
);
