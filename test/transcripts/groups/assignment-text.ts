// An assignment as a person reads it: partitions, or, where a transcript gave some words instead, those.

import { decodeAssignment } from '../../../src/protocol/messages/consumer-protocol.ts';
import { DecodeError } from '../../../src/protocol/wire/decode-error.ts';

export function assignmentText(assignment: Buffer): string {
  try {
    const { assignedPartitions } = decodeAssignment(assignment);
    const each = assignedPartitions.flatMap(({ topic, partitions }) =>
      partitions.map(partition => `${topic}-${partition}`),
    );
    return each.length === 0 ? 'nothing' : each.sort().join(' ');
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    return assignment.toString();
  }
}
