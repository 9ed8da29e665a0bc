// Who may speak for a member of a consumer group: epochs, static instances, room in the group. Each refusal is Apache
// Kafka's, message included (GroupMetadataManager.throwIf…).

import { KafkaError } from '../../../protocol/errors.ts';
import { JOIN_EPOCH, STATIC_LEAVE_EPOCH } from '../member-epochs.ts';
import type { ConsumerGroup } from './consumer-group.ts';
import type { ConsumerMember, PartitionEpochs } from './consumer-member.ts';
import type { OwnedPartitions } from './reconcile.ts';

export function knownMember(group: ConsumerGroup, memberId: string): ConsumerMember {
  const member = group.members.get(memberId);
  if (member === undefined) {
    throw new KafkaError(
      'UNKNOWN_MEMBER_ID',
      `Member ${memberId} is not a member of group ${group.groupId}.`,
    );
  }
  return member;
}

export function knownStaticMember(
  group: ConsumerGroup,
  { instanceId, memberId }: { readonly instanceId: string; readonly memberId: string },
): ConsumerMember {
  const member = group.staticMember(instanceId);
  if (member === undefined)
    throw new KafkaError('UNKNOWN_MEMBER_ID', `Instance id ${instanceId} is unknown.`);
  if (member.memberId !== memberId) {
    throw new KafkaError(
      'FENCED_INSTANCE_ID',
      `Static member ${memberId} with instance id ${instanceId} was fenced by member ${member.memberId}.`,
    );
  }
  return member;
}

/** A static member's place is free once it has left it for a while (epoch -2). */
export function assertReleased(
  member: ConsumerMember,
  { instanceId, memberId }: { readonly instanceId: string; readonly memberId: string },
): void {
  if (member.memberEpoch === STATIC_LEAVE_EPOCH) return;
  throw new KafkaError(
    'UNRELEASED_INSTANCE_ID',
    `Static member ${memberId} with instance id ${instanceId} cannot join the group because the instance id is owned by ${member.memberId} member.`,
  );
}

export function assertRoom(
  group: ConsumerGroup,
  { memberId, maxSize }: { readonly memberId: string; readonly maxSize: number },
): void {
  if (group.members.size < maxSize || group.members.has(memberId)) return;
  throw new KafkaError(
    'GROUP_MAX_SIZE_REACHED',
    `The consumer group has reached its maximum capacity of ${maxSize} members.`,
  );
}

export function assertEpoch(
  member: ConsumerMember,
  memberEpoch: number,
  ownedPartitions: OwnedPartitions | null,
): void {
  if (memberEpoch === JOIN_EPOCH || memberEpoch === member.memberEpoch) return;
  const isGreater = memberEpoch > member.memberEpoch;
  // The answer with the newer epoch may have got lost.
  const missedAnswer =
    memberEpoch === member.previousMemberEpoch && isSubset(ownedPartitions, member.assigned);
  if (!isGreater && missedAnswer) return;
  throw new KafkaError(
    'FENCED_MEMBER_EPOCH',
    `The consumer group member has a ${isGreater ? 'greater' : 'smaller'} member epoch (${memberEpoch}) than the one known by the group coordinator (${member.memberEpoch}). The member must abandon all its partitions and rejoin.`,
  );
}

function isSubset(ownedPartitions: OwnedPartitions | null, assigned: PartitionEpochs): boolean {
  if (ownedPartitions === null) return false;
  return ownedPartitions.every(({ topicId, partitions }) => {
    const ofTopic = assigned.get(topicId);
    return ofTopic !== undefined && partitions.every(partition => ofTopic.has(partition));
  });
}
