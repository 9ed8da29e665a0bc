// What a classic group must have in common with the one that its records replay to. A rebalance under way is not in the
// log on purpose; there the last assigned generation is.

import assert from 'node:assert/strict';
import type { ClassicGroup } from '../../../src/broker/groups/classic/classic-group.ts';

export function assertReplayed(running: ClassicGroup, replayed: ClassicGroup): void {
  if (running.state === 'Stable' || running.state === 'Empty') {
    assert.deepEqual(inTheLog(replayed), inTheLog(running));
  } else {
    assert(replayed.generationId <= running.generationId);
    assert(replayed.state === 'Stable' || replayed.state === 'Empty');
  }
}

/** What a record says of a group. Only the chosen protocol's metadata is in it. */
function inTheLog(group: ClassicGroup) {
  return {
    state: group.state,
    stateTimestampMs: group.stateTimestampMs,
    generationId: group.generationId,
    protocolType: group.protocolType,
    protocolName: group.protocolName,
    leaderId: group.leaderId,
    staticMembers: [...group.staticMembers].sort(),
    members: [...group.members.values()].map(
      ({ protocols, isNew, joinTicket, syncTicket, assignment, ...member }) => ({
        ...member,
        assignment: assignment.toString('hex'),
        metadata: protocols.find(({ name }) => name === group.protocolName)?.metadata.toString('hex'),
      }),
    ),
  };
}
