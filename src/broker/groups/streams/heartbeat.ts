// StreamsGroupHeartbeat of a member that stays or joins (KIP-1071). Four steps, each with its records: the member as it is
// now; the topology, held against the topics there are, and a new group epoch when any of this has changed; a new target
// when the epoch has moved; the member's next step towards its target. Follows GroupMetadataManager.streamsGroupHeartbeat.

import { groupHash } from '../consumer/metadata-hash.ts';
import type { TopicsView } from '../consumer/topics-view.ts';
import type { GroupRecord } from '../group-records.ts';
import { JOIN_EPOCH } from '../member-epochs.ts';
import type { Beat } from './beat.ts';
import { clientTagsOf } from './client-tags.ts';
import { type ConfiguredTopology, configureTopology, isReady } from './configure-topology.ts';
import { heartbeatAnswer } from './heartbeat-answer.ts';
import { assertEpoch, assertRoom, assertTasksExist, invalid, knownMember } from './identity.ts';
import { reconcile } from './reconcile.ts';
import { StatusCode } from './status.ts';
import {
  type HeartbeatCommand,
  type HeartbeatOutcome,
  initialDelayTimerChange,
  rebalanceTimerCancelled,
  rebalanceTimerChange,
  type StreamsContext,
  type StreamsDecision,
  sessionTimerChange,
} from './streams-decision.ts';
import type { GroupMemory, StreamsGroup } from './streams-group.ts';
import { isSameMetadata, MemberState, type StreamsMember } from './streams-member.ts';
import { assignmentRecord, epochRecord, memberRecord, topologyRecord } from './streams-records.ts';
import { assignmentConfigsOf, type Target, targetFor } from './target.ts';
import { ownTasksOf } from './tasks.ts';
import { isSameTopology, type Topology, topologyOf, topologyRecordOf } from './topology.ts';

/** `records`: what made room for the group (the tombstone of an empty classic one). */
export function decideHeartbeat(
  group: StreamsGroup,
  command: HeartbeatCommand,
  context: StreamsContext & { readonly records: readonly GroupRecord[]; readonly isNameTaken: boolean },
): StreamsDecision<HeartbeatOutcome> {
  const { isNameTaken } = context;
  const beat: Beat = {
    group,
    command,
    context,
    records: [...context.records],
    timers: [],
    statuses: [],
    isNameTaken,
  };
  const { request } = command;
  const isJoining = request.memberEpoch === JOIN_EPOCH;
  if (isJoining) assertRoom(group, context.settings.maxSize);
  const before = isJoining ? group.memberOrNew(request.memberId) : knownMember(group, request.memberId);
  assertEpoch(before, request);
  const updated = updatedMember(before, command);
  const isChanged = !isSameMetadata(before, updated);
  if (isChanged) beat.records.push(memberRecord(group.groupId, updated));
  const topology = topologyAfter(beat, updated);
  const configured = configuredAfter(beat, topology);
  if (isReady(configured.topology)) assertTasksExist(configured.topology, request);
  const groupEpoch = groupEpochAfter(beat, { configured, isChanged });
  const target = nextTarget(beat, { groupEpoch, topology: configured.topology, member: updated });
  const member = step(beat, updated, target);
  beat.timers.push(sessionTimerChange(member.memberId, context.settings.sessionTimeoutMs));
  const shutdownRequestedBy =
    group.memory.shutdownRequestedBy ?? (request.shutdownApplication ? member.memberId : null);
  const answered = heartbeatAnswer(beat, {
    before,
    member,
    topology: configured.topology,
    shutdownRequestedBy,
  });
  const memory: GroupMemory = {
    configuredTopology: configured.topology,
    checkedTopicsVersion: context.topics.version,
    endpointEpoch: answered.endpointEpoch,
    shutdownRequestedBy,
  };
  const reason = isJoining ? `member ${member.memberId} joined` : `heartbeat of ${member.memberId}`;
  return { records: beat.records, response: answered.outcome, timers: beat.timers, memory, reason };
}

/** Null in a request means "as before". */
function updatedMember(
  before: StreamsMember,
  { request, clientId, clientHost }: HeartbeatCommand,
): StreamsMember {
  const { rackId, rebalanceTimeoutMs, topology, processId, userEndpoint, clientTags } = request;
  return {
    ...before,
    rackId: rackId ?? before.rackId,
    rebalanceTimeoutMs: rebalanceTimeoutMs === -1 ? before.rebalanceTimeoutMs : rebalanceTimeoutMs,
    topologyEpoch: topology?.epoch ?? before.topologyEpoch,
    processId: processId ?? before.processId,
    userEndpoint: userEndpoint ?? before.userEndpoint,
    clientTags: clientTags === null ? before.clientTags : clientTagsOf(clientTags),
    clientId,
    clientHost,
  };
}

/** The group's topology is that of its first member; a member with an older one is told so, a newer one is refused. */
function topologyAfter({ group, command, records, statuses }: Beat, member: StreamsMember): Topology {
  const requested = command.request.topology;
  const { topology } = group;
  if (topology === null) {
    // Only who joins gets here: a member that is known has brought the topology.
    const record = topologyRecordOf(requested!);
    records.push(topologyRecord(group.groupId, record));
    return topologyOf(record);
  }
  const isOlder = requested !== null && requested.epoch < topology.epoch;
  if (requested !== null && !isOlder && !isSameTopology(topology, topologyOf(topologyRecordOf(requested))))
    throw invalid('Topology updates are not supported yet.');
  if (member.topologyEpoch < topology.epoch) {
    statuses.push({
      statusCode: StatusCode.STALE_TOPOLOGY,
      statusDetail: `The member's topology epoch ${member.topologyEpoch} is behind the group's topology epoch ${topology.epoch}.`,
    });
  }
  return topology;
}

interface Configured {
  readonly topology: ConfiguredTopology;
  readonly metadataHash: bigint;
}

/** The topology held against the topics, anew when topics have changed. */
function configuredAfter({ group, context }: Beat, topology: Topology): Configured {
  const { topics } = context;
  const { configuredTopology, checkedTopicsVersion } = group.memory;
  if (configuredTopology !== null && checkedTopicsVersion === topics.version)
    return { topology: configuredTopology, metadataHash: group.metadataHash };
  const metadataHash = metadataHashOf(topology, topics);
  const isUnchanged = configuredTopology !== null && metadataHash === group.metadataHash;
  return { topology: isUnchanged ? configuredTopology : configureTopology(topology, topics), metadataHash };
}

function metadataHashOf({ requiredTopics }: Topology, topics: TopicsView): bigint {
  const hashes: bigint[] = [];
  for (const name of [...requiredTopics].sort()) {
    const topic = topics.byName(name);
    if (topic !== undefined) hashes.push(topic.hash);
  }
  return groupHash(hashes);
}

function groupEpochAfter(
  { group, context, records }: Beat,
  { configured, isChanged }: { readonly configured: Configured; readonly isChanged: boolean },
): number {
  const { topology, metadataHash } = configured;
  const validatedTopologyEpoch = isReady(topology) ? topology.epoch : -1;
  const assignmentConfigs = assignmentConfigsOf(context);
  const isBumped =
    isChanged ||
    metadataHash !== group.metadataHash ||
    validatedTopologyEpoch !== group.validatedTopologyEpoch ||
    !isSameConfigs(assignmentConfigs, group.assignmentConfigs);
  if (!isBumped) return group.groupEpoch;
  const groupEpoch = group.groupEpoch + 1;
  const epoch = { groupEpoch, metadataHash, validatedTopologyEpoch, assignmentConfigs };
  records.push(epochRecord(group.groupId, epoch));
  return groupEpoch;
}

function isSameConfigs(left: ReadonlyMap<string, string>, right: ReadonlyMap<string, string>): boolean {
  return left.size === right.size && [...left].every(([key, value]) => right.get(key) === value);
}

/** A new group waits a while for more members, so that many who start together cost one assignment. */
function nextTarget(
  { group, context, records, timers, statuses }: Beat,
  asked: {
    readonly groupEpoch: number;
    readonly topology: ConfiguredTopology;
    readonly member: StreamsMember;
  },
): Target {
  const { initialRebalanceDelayMs } = context.settings;
  const begins = group.members.size === 0 && initialRebalanceDelayMs > 0;
  if (begins) timers.push(initialDelayTimerChange(initialRebalanceDelayMs));
  const isInitialDelayRunning = begins || context.isInitialDelayRunning;
  const assignmentConfigs = assignmentConfigsOf(context);
  return targetFor({ group, ...asked, assignmentConfigs, isInitialDelayRunning }, context, {
    records,
    statuses,
  });
}

function step(
  { group, command, records, timers }: Beat,
  member: StreamsMember,
  target: Target,
): StreamsMember {
  const { processes, groupId } = group;
  const next = reconcile({
    member,
    targetEpoch: target.epoch,
    target: target.tasks,
    processes,
    ownTasks: ownTasksOf(command.request),
  });
  if (next === member) return member;
  records.push(assignmentRecord(groupId, next));
  timers.push(
    next.state === MemberState.UNREVOKED_TASKS
      ? rebalanceTimerChange(next)
      : rebalanceTimerCancelled(next.memberId),
  );
  return next;
}
