// SyncGroup: gives the leader's assignment to the group, and waits for it elsewhere. The rules are in
// groups/classic/sync.ts.

import { SyncGroup } from '../../protocol/messages/apis/sync-group.ts';
import { syncAnswer } from '../groups/classic/decision.ts';
import { handler } from './handler.ts';

export const syncGroup = handler(
  SyncGroup,
  { versions: '0-5', failed: (_request, errorCode) => syncAnswer({ errorCode }) },
  (request, { node }) => node.groups.sync({ request }),
);
