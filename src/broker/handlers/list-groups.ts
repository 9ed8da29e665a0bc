// ListGroups: the groups of this node, by state (version 4+) and type (version 5+). Rules: GroupMetadataManager.listGroups.

import { ListGroups } from '../../protocol/messages/apis/list-groups.ts';
import { handler } from './handler.ts';

export const listGroups = handler(
  ListGroups,
  { versions: '0-5', failed: (_request, errorCode) => ({ errorCode, groups: [] }) },
  ({ statesFilter, typesFilter }, { node }) => node.groups.list({ states: statesFilter, types: typesFilter }),
);
