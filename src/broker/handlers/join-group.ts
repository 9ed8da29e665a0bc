// JoinGroup: waits, if it must, until the group's next generation begins. The rules are in groups/classic/join.ts.

import { JoinGroup } from '../../protocol/messages/apis/join-group.ts';
import { joinAnswer } from '../groups/classic/decision.ts';
import { clientHostOf } from '../groups/client-host.ts';
import { handler } from './handler.ts';

/** Before, "no protocol" was the empty string. */
const NULL_PROTOCOL_NAME_SINCE = 7;

export const joinGroup = handler(
  JoinGroup,
  {
    versions: '0-9',
    acl: { operation: 'READ', on: 'GROUP', named: ({ groupId }) => groupId },
    failed: (_request, errorCode) => ({ ...joinAnswer({ memberId: '', errorCode }), protocolName: '' }),
  },
  (request, { node, connection, apiVersion, clientId }) =>
    node.groups.classic
      .join({ request, apiVersion, clientId, clientHost: clientHostOf(connection.remoteAddress) })
      .map(response => ({
        ...response,
        protocolName: response.protocolName || (apiVersion < NULL_PROTOCOL_NAME_SINCE ? '' : null),
      })),
);
