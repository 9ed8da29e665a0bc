// What a StreamsGroupHeartbeat must look like at all, whatever group it is for, and which parts of KIP-1071 Apache Kafka 4.3
// refuses: static members, task offsets, warm-ups, topics by pattern. Order and sentences: GroupCoordinatorService.

import type { KafkaError } from '../../../protocol/errors.ts';
import { isBlank } from '../is-blank.ts';
import { JOIN_EPOCH, STATIC_LEAVE_EPOCH } from '../member-epochs.ts';
import { invalid } from './identity.ts';
import type { HeartbeatRequest } from './streams-decision.ts';
import { invalidTopology } from './topology.ts';

/**
 * Topics a topology may name, of every kind together. A record holds at most 1 MiB by default, and deciding the partitions
 * of topics that depend on each other costs the square of their number.
 */
const TOPICS_MAX = 10_000;

/** Null: it may be decided upon. */
export function invalidity(request: HeartbeatRequest): KafkaError | null {
  const message = unsupported(request) || blankness(request) || epochInvalidity(request);
  if (message) return invalid(message);
  const topologyProblem = request.memberEpoch === JOIN_EPOCH ? topologyInvalidity(request) : null;
  if (topologyProblem !== null) return topologyProblem;
  const tasks = [request.activeTasks, request.standbyTasks, request.warmupTasks];
  const said = tasks.filter(ofKind => ofKind !== null).length;
  if (said > 0 && said < tasks.length) return invalid('If one task-type is non-null, all must be non-null.');
  if (request.memberEpoch !== JOIN_EPOCH && request.topology !== null)
    return invalid('Topology can only be provided when (re-)joining.');
  return null;
}

function unsupported(request: HeartbeatRequest): string | false {
  const { instanceId, taskOffsets, taskEndOffsets, warmupTasks, topology } = request;
  const hasPatterns = topology?.subtopologies.some(({ sourceTopicRegex }) => sourceTopicRegex.length > 0);
  return (
    (instanceId !== null && 'Static membership is not yet supported.') ||
    (taskOffsets !== null && 'TaskOffsets are not supported yet.') ||
    (taskEndOffsets !== null && 'TaskEndOffsets are not supported yet.') ||
    (warmupTasks !== null && warmupTasks.length > 0 && 'WarmupTasks are not supported yet.') ||
    (hasPatterns === true && 'Regular expressions for source topics are not supported yet.')
  );
}

function blankness({ memberId, groupId, rackId }: HeartbeatRequest): string | false {
  return (
    (isBlank(memberId) && "MemberId can't be empty.") ||
    (isBlank(groupId) && "GroupId can't be empty.") ||
    (isBlank(rackId) && "RackId can't be empty.")
  );
}

function epochInvalidity(request: HeartbeatRequest): string | false {
  const { memberEpoch, instanceId } = request;
  if (memberEpoch === JOIN_EPOCH) return joinInvalidity(request);
  if (memberEpoch === STATIC_LEAVE_EPOCH) return instanceId === null && "InstanceId can't be null.";
  return (
    memberEpoch < STATIC_LEAVE_EPOCH &&
    `MemberEpoch is ${memberEpoch}, but must be greater than or equal to -2.`
  );
}

function joinInvalidity(request: HeartbeatRequest): string | false {
  const isNotEmpty = (tasks: readonly unknown[] | null) => tasks === null || tasks.length > 0;
  return (
    (request.rebalanceTimeoutMs === -1 && 'RebalanceTimeoutMs must be provided in first request.') ||
    (isNotEmpty(request.activeTasks) && 'ActiveTasks must be empty when (re-)joining.') ||
    (isNotEmpty(request.standbyTasks) && 'StandbyTasks must be empty when (re-)joining.') ||
    (isNotEmpty(request.warmupTasks) && 'WarmupTasks must be empty when (re-)joining.') ||
    (request.topology === null && 'Topology must be non-null when (re-)joining.')
  );
}

function topologyInvalidity({ topology }: HeartbeatRequest): KafkaError | null {
  let topics = 0;
  for (const subtopology of topology?.subtopologies ?? []) {
    const { sourceTopics, repartitionSinkTopics, repartitionSourceTopics, stateChangelogTopics } =
      subtopology;
    topics += 1 + sourceTopics.length + repartitionSinkTopics.length;
    topics += repartitionSourceTopics.length + stateChangelogTopics.length;
    const counted = stateChangelogTopics.find(({ partitions }) => partitions !== 0);
    if (counted === undefined) continue;
    return invalidTopology(
      `Changelog topic ${counted.name} must have an undefined partition count, but it is set to ${counted.partitions}.`,
    );
  }
  if (topics <= TOPICS_MAX) return null;
  return invalidTopology(
    `A topology may have ${TOPICS_MAX} topics and subtopologies together, not ${topics}.`,
  );
}
