// Who may speak for a member of a streams group: epochs, room in the group, tasks that exist. Each refusal is Apache Kafka's,
// message included (GroupMetadataManager.throwIf…).

import { KafkaError } from '../../../protocol/errors.ts';
import { JOIN_EPOCH } from '../member-epochs.ts';
import type { ReadyTopology } from './configure-topology.ts';
import type { HeartbeatRequest } from './streams-decision.ts';
import type { StreamsGroup } from './streams-group.ts';
import type { StreamsMember } from './streams-member.ts';
import type { TaskEpochs, TaskPartitions } from './tasks.ts';

type OwnTasks = HeartbeatRequest['activeTasks'];

export function knownMember(group: StreamsGroup, memberId: string): StreamsMember {
  const member = group.members.get(memberId);
  if (member !== undefined) return member;
  throw new KafkaError('UNKNOWN_MEMBER_ID', `Member ${memberId} is not a member of group ${group.groupId}.`);
}

/** Also for a member that is in the group already and joins again, unlike in consumer groups. */
export function assertRoom({ members }: StreamsGroup, maxSize: number): void {
  if (members.size < maxSize) return;
  throw new KafkaError(
    'GROUP_MAX_SIZE_REACHED',
    `The streams group has reached its maximum capacity of ${maxSize} members.`,
  );
}

export function assertEpoch(member: StreamsMember, request: HeartbeatRequest): void {
  const { memberEpoch } = request;
  if (memberEpoch === JOIN_EPOCH || memberEpoch === member.memberEpoch) return;
  const isGreater = memberEpoch > member.memberEpoch;
  // The answer with the newer epoch may have got lost.
  const missedAnswer =
    memberEpoch === member.previousMemberEpoch &&
    isSubset(request.activeTasks, member.assigned.active) &&
    isSubset(request.standbyTasks, member.assigned.standby) &&
    isSubset(request.warmupTasks, member.assigned.warmup);
  if (!isGreater && missedAnswer) return;
  throw new KafkaError(
    'FENCED_MEMBER_EPOCH',
    `The streams group member has a ${isGreater ? 'greater' : 'smaller'} member epoch (${memberEpoch}) than the one known by the group coordinator (${member.memberEpoch}). The member must abandon all its partitions and rejoin.`,
  );
}

function isSubset(ownTasks: OwnTasks, assigned: TaskEpochs | TaskPartitions): boolean {
  if (ownTasks === null) return false;
  return ownTasks.every(({ subtopologyId, partitions }) => {
    const ofSubtopology = assigned.get(subtopologyId);
    return ofSubtopology !== undefined && partitions.every(partition => ofSubtopology.has(partition));
  });
}

export function assertTasksExist({ subtopologies }: ReadyTopology, request: HeartbeatRequest): void {
  const { activeTasks, standbyTasks, warmupTasks } = request;
  for (const tasks of [activeTasks, standbyTasks, warmupTasks]) {
    for (const { subtopologyId, partitions } of tasks ?? []) {
      const subtopology = subtopologies.get(subtopologyId);
      if (subtopology === undefined)
        throw invalid(`Subtopology ${subtopologyId} does not exist in the topology.`);
      const { taskCount } = subtopology;
      for (const partition of partitions) {
        if (partition >= 0 && partition < taskCount) continue;
        throw invalid(
          `Task ${partition} for subtopology ${subtopologyId} is invalid. Number of tasks for this subtopology: ${taskCount}`,
        );
      }
    }
  }
}

export function invalid(message: string): KafkaError {
  return new KafkaError('INVALID_REQUEST', message);
}
