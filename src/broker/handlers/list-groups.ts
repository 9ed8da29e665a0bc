// ListGroups: the groups of this node, by state (version 4+) and type (version 5+). Rules: GroupMetadataManager.listGroups.

import { ListGroups } from '../../protocol/messages/apis/list-groups.ts';
import { CLUSTER_NAME } from '../security/acl/acl-names.ts';
import { isQuietlyAuthorized } from './authorize.ts';
import { handler } from './handler.ts';

export const listGroups = handler(
  ListGroups,
  {
    versions: '0-5',
    acl: { perResource: 'DESCRIBE on CLUSTER or GROUP' },
    failed: (_request, errorCode) => ({ errorCode, groups: [] }),
  },
  ({ statesFilter, typesFilter }, context) => {
    const seesAll = isQuietlyAuthorized(context, 'DESCRIBE', 'CLUSTER', CLUSTER_NAME);
    const listed = context.node.groups.list({ states: statesFilter, types: typesFilter });
    if (seesAll) return listed;
    return listed.map(answer => ({
      ...answer,
      groups: answer.groups.filter(({ groupId }) =>
        isQuietlyAuthorized(context, 'DESCRIBE', 'GROUP', groupId),
      ),
    }));
  },
);
