// Who commits and fetches the offsets of a streams group (KIP-1071): its members, by the epoch in which each got the task that
// reads a partition. The rules are in offsets/member-offsets.ts.

import type { OffsetMembers } from '../offsets/member-offsets.ts';
import type { StreamsGroup } from './streams-group.ts';
import type { StreamsMember } from './streams-member.ts';

export function offsetMembersOf({ members, topology }: StreamsGroup): OffsetMembers<StreamsMember> {
  return {
    members,
    isClassic: () => false,
    assignmentEpochs: ({ assigned, pendingRevocation }) => {
      if (topology === null) return null;
      return ({ topic, partition }) => {
        const subtopologyId = topology.subtopologyOfSource.get(topic);
        if (subtopologyId === undefined) return undefined;
        return (
          assigned.active.get(subtopologyId)?.get(partition) ??
          pendingRevocation.active.get(subtopologyId)?.get(partition)
        );
      };
    },
  };
}
