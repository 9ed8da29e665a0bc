// The target assignment of a group epoch: the assignor makes it from the members as they will be, and only what differs from
// the last one is written. A topology whose topics are not as they must be has no tasks yet. Follows Apache Kafka's
// maybeUpdateStreamsTargetAssignment and TargetAssignmentBuilder.

import { isTimeForTarget } from '../assignment-interval.ts';
import type { GroupRecord } from '../group-records.ts';
import { assignTasks } from './assignor/sticky.ts';
import { type ConfiguredTopology, isReady } from './configure-topology.ts';
import { type Status, StatusCode } from './status.ts';
import type { StreamsContext } from './streams-decision.ts';
import type { StreamsGroup } from './streams-group.ts';
import type { StreamsMember } from './streams-member.ts';
import { targetEpochRecord, targetRecord } from './streams-records.ts';
import { isSameTasks, NO_TASKS, type Tasks } from './tasks.ts';

export interface Target {
  readonly epoch: number;
  /** Of the member that asked. */
  readonly tasks: Tasks;
}

export interface TargetInput {
  readonly group: StreamsGroup;
  readonly groupEpoch: number;
  readonly topology: ConfiguredTopology;
  readonly assignmentConfigs: ReadonlyMap<string, string>;
  /** As it will be; null: nobody asks, time has passed. */
  readonly member: StreamsMember | null;
  readonly isInitialDelayRunning: boolean;
}

/** `statuses`: what the member is told when it must wait for its target. */
export function targetFor(
  input: TargetInput,
  { nowMs, settings }: StreamsContext,
  { records, statuses }: { readonly records: GroupRecord[]; readonly statuses: Status[] },
): Target {
  const { group, groupEpoch, member } = input;
  const { groupId, assignmentEpoch } = group;
  if (input.isInitialDelayRunning) {
    statuses.push(delayed('initial rebalance delay'));
    return { epoch: assignmentEpoch, tasks: NO_TASKS };
  }
  const last = {
    epoch: assignmentEpoch,
    tasks: member === null ? NO_TASKS : group.targetOf(member.memberId),
  };
  if (assignmentEpoch >= groupEpoch) return last;
  if (!isTimeForTarget(group, { nowMs, settings })) {
    statuses.push(delayed('assignment interval'));
    return last;
  }
  const assignment = assign(input);
  for (const [memberId, tasks] of assignment) {
    const before = group.targets.get(memberId);
    if (before === undefined || !isSameTasks(before, tasks))
      records.push(targetRecord(groupId, memberId, tasks));
  }
  records.push(targetEpochRecord(groupId, groupEpoch, nowMs));
  return { epoch: groupEpoch, tasks: (member && assignment.get(member.memberId)) ?? NO_TASKS };
}

function delayed(by: string): Status {
  return {
    statusCode: StatusCode.ASSIGNMENT_DELAYED,
    statusDetail: `Assignment delayed due to the configured ${by}.`,
  };
}

function assign({ group, topology, assignmentConfigs, member }: TargetInput): ReadonlyMap<string, Tasks> {
  const members = new Map(group.members);
  if (member !== null) members.set(member.memberId, member);
  if (!isReady(topology)) return new Map([...members.keys()].map(memberId => [memberId, NO_TASKS]));
  return assignTasks({
    members: new Map(
      [...members].map(([memberId, { processId }]) => [
        memberId,
        { processId, tasks: group.targetOf(memberId) },
      ]),
    ),
    subtopologies: topology.subtopologies,
    standbyReplicas: Number(assignmentConfigs.get(STANDBY_REPLICAS) ?? 0),
  });
}

const STANDBY_REPLICAS = 'num.standby.replicas';

/** What of the group's settings a target depends on: a change of it moves the group epoch. */
export function assignmentConfigsOf({ settings }: StreamsContext): ReadonlyMap<string, string> {
  return new Map([[STANDBY_REPLICAS, String(settings.standbyReplicas)]]);
}
