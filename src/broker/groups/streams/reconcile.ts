// The walk of one member of a streams group from what it owns to its target (KIP-1071): first it gives up what is not its
// own any more, then it moves to the target's epoch, then it gets what others have released. A task is never active twice,
// and its state is never twice in one process. Follows Apache Kafka's CurrentAssignmentBuilder.

import { KafkaError } from '../../../protocol/errors.ts';
import { isReconciledTo, isSameOwnership, MemberState, type StreamsMember } from './streams-member.ts';
import type { TaskProcesses } from './task-processes.ts';
import {
  containsAny,
  isEmpty,
  NO_OWNED_TASKS,
  type OwnedTasks,
  type TaskEpochs,
  type TaskPartitions,
  type Tasks,
} from './tasks.ts';

export interface ReconcileInput {
  readonly member: StreamsMember;
  readonly targetEpoch: number;
  readonly target: Tasks;
  /** Who has which task, or has not confirmed that it gave it up. */
  readonly processes: Pick<TaskProcesses, 'activeOf' | 'standbysOf' | 'warmupsOf'>;
  /** What the member says it owns; null: it does not say. */
  readonly ownTasks: Tasks | null;
}

/** The member as it is from now on; the same object where nothing changes. */
export function reconcile(input: ReconcileInput): StreamsMember {
  const { member, targetEpoch, ownTasks } = input;
  if (isReconciledTo(member, targetEpoch)) return member;
  switch (member.state) {
    case MemberState.STABLE:
    case MemberState.UNRELEASED_TASKS:
      return nextAssignment(input, member.memberEpoch);
    case MemberState.UNREVOKED_TASKS:
      if (ownTasks === null || containsAny(ownTasks, member.pendingRevocation)) return member;
      return nextAssignment(input, member.memberEpoch + 1);
    default:
      if (ownTasks === null || !isEmpty(ownTasks)) {
        throw new KafkaError(
          'FENCED_MEMBER_EPOCH',
          'The streams group member is in a unknown state. The member must abandon all its tasks and rejoin.',
        );
      }
      return nextAssignment(input, targetEpoch);
  }
}

function nextAssignment(input: ReconcileInput, memberEpoch: number): StreamsMember {
  const { member, targetEpoch, ownTasks } = input;
  const { kept, revoked, given, isWaiting } = splitTasks(input);
  const mustRevoke = !isEmpty(revoked) && (ownTasks === null || containsAny(ownTasks, revoked));
  const next: StreamsMember = mustRevoke
    ? {
        ...member,
        memberEpoch,
        previousMemberEpoch: member.memberEpoch,
        state: MemberState.UNREVOKED_TASKS,
        assigned: kept,
        pendingRevocation: revoked,
      }
    : {
        ...member,
        memberEpoch: targetEpoch,
        previousMemberEpoch: member.memberEpoch,
        state: isWaiting ? MemberState.UNRELEASED_TASKS : MemberState.STABLE,
        assigned: merged(kept, given),
        pendingRevocation: NO_OWNED_TASKS,
      };
  return isSameOwnership(member, next) ? member : next;
}

interface SplitTasks {
  readonly kept: OwnedTasks;
  readonly revoked: OwnedTasks;
  readonly given: OwnedTasks;
  /** Not all of the target can be given yet. */
  readonly isWaiting: boolean;
}

function splitTasks({ member, target, targetEpoch, processes }: ReconcileInput): SplitTasks {
  const { assigned, processId } = member;
  /** A copy of the state is in the member's own process: two would be in each other's way. */
  const hasCopy: IsUnreleased = (id, partition) =>
    processes.standbysOf(id, partition).has(processId) || processes.warmupsOf(id, partition).has(processId);
  const isActiveHere: IsUnreleased = (id, partition) => processes.activeOf(id, partition) === processId;
  const isActive: IsUnreleased = (id, partition) => processes.activeOf(id, partition) !== undefined;
  const active = split(assigned.active, target.active, (id, at) => isActive(id, at) || hasCopy(id, at));
  const copies = (current: TaskPartitions, wanted: TaskPartitions) =>
    split(current, wanted, (id, partition) => isActiveHere(id, partition) || hasCopy(id, partition));
  const standby = copies(assigned.standby, target.standby);
  const warmup = copies(assigned.warmup, target.warmup);
  const owned = (kind: 'kept' | 'revoked'): OwnedTasks => ({
    active: withEpochs(active[kind], (id, partition) => assigned.active.get(id)!.get(partition)!),
    standby: standby[kind],
    warmup: warmup[kind],
  });
  return {
    kept: owned('kept'),
    revoked: owned('revoked'),
    given: {
      active: withEpochs(active.given, () => targetEpoch),
      standby: standby.given,
      warmup: warmup.given,
    },
    isWaiting: active.isWaiting || standby.isWaiting || warmup.isWaiting,
  };
}

/** Whether the task must not be given to the member yet. */
type IsUnreleased = (subtopologyId: string, partition: number) => boolean;

interface Split {
  readonly kept: TaskPartitions;
  readonly revoked: TaskPartitions;
  readonly given: TaskPartitions;
  readonly isWaiting: boolean;
}

/** Of one kind of tasks: what may be kept, what must be given up, what can be given now. */
function split(
  current: TaskPartitions | TaskEpochs,
  wanted: TaskPartitions,
  isUnreleased: IsUnreleased,
): Split {
  const kept = new Map<string, Set<number>>();
  const revoked = new Map<string, Set<number>>();
  const given = new Map<string, Set<number>>();
  let isWaiting = false;
  for (const [id, partitions] of current) {
    for (const partition of partitions.keys())
      addTask(wanted.get(id)?.has(partition) ? kept : revoked, id, partition);
  }
  for (const [id, partitions] of wanted) {
    for (const partition of partitions) {
      if (kept.get(id)?.has(partition)) continue;
      if (isUnreleased(id, partition)) isWaiting = true;
      else addTask(given, id, partition);
    }
  }
  return { kept, revoked, given, isWaiting };
}

function addTask(tasks: Map<string, Set<number>>, subtopologyId: string, partition: number): void {
  const partitions = tasks.get(subtopologyId);
  if (partitions === undefined) tasks.set(subtopologyId, new Set([partition]));
  else partitions.add(partition);
}

function withEpochs(
  tasks: TaskPartitions,
  epochOf: (subtopologyId: string, partition: number) => number,
): TaskEpochs {
  return new Map(
    [...tasks].map(([id, partitions]) => [
      id,
      new Map([...partitions].map(partition => [partition, epochOf(id, partition)])),
    ]),
  );
}

function merged(left: OwnedTasks, right: OwnedTasks): OwnedTasks {
  const active = new Map(left.active);
  for (const [id, epochs] of right.active) active.set(id, new Map([...(active.get(id) ?? []), ...epochs]));
  const together = (some: TaskPartitions, others: TaskPartitions) => {
    const all = new Map(some);
    for (const [id, partitions] of others) all.set(id, new Set([...(all.get(id) ?? []), ...partitions]));
    return all;
  };
  return {
    active,
    standby: together(left.standby, right.standby),
    warmup: together(left.warmup, right.warmup),
  };
}
