// Who commits and fetches the offsets of a consumer group (KIP-848): its members, by the epoch in which each got a partition.
// A member that came from the classic protocol is told of generations. The rules are in offsets/member-offsets.ts.

import type { OffsetMembers } from '../offsets/member-offsets.ts';
import type { ConsumerGroup } from './consumer-group.ts';
import { type ConsumerMember, isClassic } from './consumer-member.ts';

export function offsetMembersOf({ members }: ConsumerGroup): OffsetMembers<ConsumerMember> {
  return {
    members,
    isClassic,
    assignmentEpochs:
      ({ assigned, pendingRevocation }) =>
      ({ topicId, partition }) =>
        assigned.get(topicId)?.get(partition) ?? pendingRevocation.get(topicId)?.get(partition),
  };
}
