// A classic group as its record tells it: the last generation that was assigned, or an empty group. Rebalances under way,
// waiting requests and the protocols a member offered besides the chosen one are not in the log; after a restart members
// find their generation again or are told to join anew. Follows Apache Kafka's GroupMetadataManager.replay.

import type { GroupMetadataRecord } from '../group-records.ts';
import { ClassicGroup } from './classic-group.ts';
import type { ClassicMember } from './classic-member.ts';

type GroupMetadataValue = NonNullable<GroupMetadataRecord['value']>;

export function classicGroupOf(groupId: string, value: GroupMetadataValue): ClassicGroup {
  const group = new ClassicGroup(groupId, Number(value.currentStateTimestamp));
  for (const member of value.members) group.add(memberOf(member, value), value.protocolType);
  group.state = value.members.length === 0 ? 'Empty' : 'Stable';
  group.generationId = value.generation;
  group.protocolType = value.protocolType === '' ? null : value.protocolType;
  group.protocolName = value.protocol;
  group.leaderId = value.leader;
  return group;
}

function memberOf(member: GroupMetadataValue['members'][number], value: GroupMetadataValue): ClassicMember {
  return {
    memberId: member.memberId,
    groupInstanceId: member.groupInstanceId,
    clientId: member.clientId,
    clientHost: member.clientHost,
    rebalanceTimeoutMs: member.rebalanceTimeout === -1 ? member.sessionTimeout : member.rebalanceTimeout,
    sessionTimeoutMs: member.sessionTimeout,
    protocols: [{ name: value.protocol ?? '', metadata: member.subscription }],
    assignment: member.assignment,
    isNew: false,
    joinTicket: null,
    syncTicket: null,
  };
}
