// OffsetCommit: who may commit (members of the present generation, or anybody while the group is empty) and the records
// it makes. Follows Apache Kafka's OffsetMetadataManager and ClassicGroup.validateOffsetCommit.
//
// Errors: UNKNOWN_MEMBER_ID, ILLEGAL_GENERATION, GROUP_ID_NOT_FOUND (version 9+), FENCED_INSTANCE_ID,
// REBALANCE_IN_PROGRESS, OFFSET_METADATA_TOO_LARGE.

import { ErrorCode } from '../../../protocol/errors.ts';
import type { ClassicGroup } from '../classic/classic-group.ts';
import { sessionRestart, type TimerChange } from '../classic/decision.ts';
import { fencingError, type MemberIdentity } from '../classic/fencing.ts';
import { type GroupRecord, offsetCommitRecord } from '../group-records.ts';

/** From this version on, a generation for a group that is not there is GROUP_ID_NOT_FOUND. */
const FIRST_VERSION_WITH_GROUP_ID_NOT_FOUND = 9;
/** "Use the broker's retention", in the versions that let the client choose (2-4). */
const RETENTION_OF_THE_BROKER = -1;

export interface PartitionCommit {
  readonly partitionIndex: number;
  readonly committedOffset: number;
  readonly committedLeaderEpoch: number;
  readonly committedMetadata: string | null;
}

export interface TopicCommit {
  readonly name: string;
  readonly topicId: string;
  readonly partitions: readonly PartitionCommit[];
}

export interface CommitCommand extends MemberIdentity {
  readonly groupId: string;
  /** -1: not a member, the client assigns itself its partitions. */
  readonly generationId: number;
  readonly retentionTimeMs: number;
  readonly apiVersion: number;
  /** Topics and partitions that exist; the others never come here. */
  readonly topics: readonly TopicCommit[];
}

export interface PartitionResult {
  readonly partitionIndex: number;
  readonly errorCode: number;
}

export interface TopicResult {
  readonly name: string;
  readonly topicId: string;
  readonly partitions: readonly PartitionResult[];
}

export interface CommitDecision {
  readonly records: readonly GroupRecord[];
  readonly topics: readonly TopicResult[];
  readonly timers: readonly TimerChange[];
}

export function decideCommit(
  group: ClassicGroup | undefined,
  command: CommitCommand,
  context: { readonly nowMs: number; readonly offsetMetadataMaxSize: number },
): CommitDecision {
  const errorCode = commitError(group, command);
  return decideKnown(group, command, { ...context, errorCode });
}

/** TxnOffsetCommit: its records count once the transaction commits. The group's state does not matter, only who asks. */
export function decideTransactionalCommit(
  group: ClassicGroup | undefined,
  command: CommitCommand,
  context: { readonly nowMs: number; readonly offsetMetadataMaxSize: number },
): CommitDecision {
  const errorCode = transactionalCommitError(group, command);
  return { ...decideKnown(group, command, { ...context, errorCode }), timers: [] };
}

function decideKnown(
  group: ClassicGroup | undefined,
  command: CommitCommand,
  context: { readonly nowMs: number; readonly offsetMetadataMaxSize: number; readonly errorCode: number },
): CommitDecision {
  const { errorCode } = context;
  if (errorCode !== 0) return { records: [], topics: commitFailed(command.topics, errorCode), timers: [] };
  const allowed = decideAllowedCommit(command, context, () => 0);
  return { ...allowed, timers: sessionOf(group, command.memberId) };
}

/** The records of a commit whose member may commit; `errorOf` a partition that it may not commit fails all of them. */
export function decideAllowedCommit(
  command: CommitCommand,
  context: { readonly nowMs: number; readonly offsetMetadataMaxSize: number },
  errorOf: (partition: {
    readonly topic: string;
    readonly topicId: string;
    readonly partition: number;
  }) => number,
): CommitDecision {
  const records: GroupRecord[] = [];
  const topics: TopicResult[] = [];
  for (const topic of command.topics) {
    const { name, topicId } = topic;
    const partitions: PartitionResult[] = [];
    for (const commit of topic.partitions) {
      const { partitionIndex } = commit;
      if ((commit.committedMetadata ?? '').length > context.offsetMetadataMaxSize) {
        partitions.push({ partitionIndex, errorCode: ErrorCode.OFFSET_METADATA_TOO_LARGE });
        continue;
      }
      const errorCode = errorOf({ topic: name, topicId, partition: partitionIndex });
      if (errorCode !== 0)
        return { records: [], topics: commitFailed(command.topics, errorCode), timers: [] };
      records.push(recordOf(command, topic, commit, context.nowMs));
      partitions.push({ partitionIndex, errorCode: 0 });
    }
    topics.push({ name, topicId, partitions });
  }
  return { records, topics, timers: [] };
}

/** The same error for every partition. */
export function commitFailed(topics: readonly TopicCommit[], errorCode: number): TopicResult[] {
  return topics.map(({ name, topicId, partitions }) => ({
    name,
    topicId,
    partitions: partitions.map(({ partitionIndex }) => ({ partitionIndex, errorCode })),
  }));
}

function commitError(group: ClassicGroup | undefined, command: CommitCommand): number {
  const { generationId, memberId, groupInstanceId, apiVersion } = command;
  if (group === undefined) {
    // Without a generation it is a client that assigns itself: its group comes into being with its first offset.
    if (generationId < 0) return 0;
    return apiVersion >= FIRST_VERSION_WITH_GROUP_ID_NOT_FOUND
      ? ErrorCode.GROUP_ID_NOT_FOUND
      : ErrorCode.ILLEGAL_GENERATION;
  }
  if (generationId < 0 && group.state === 'Empty') return 0;
  if (generationId < 0 && memberId === '' && groupInstanceId === null) return ErrorCode.UNKNOWN_MEMBER_ID;
  const fenced = fencingError(group, command);
  if (fenced !== 0) return fenced;
  if (generationId !== group.generationId) return ErrorCode.ILLEGAL_GENERATION;
  return group.state === 'CompletingRebalance' ? ErrorCode.REBALANCE_IN_PROGRESS : 0;
}

function transactionalCommitError(group: ClassicGroup | undefined, command: CommitCommand): number {
  const { generationId, memberId, groupInstanceId } = command;
  if (group === undefined) return generationId < 0 ? 0 : ErrorCode.ILLEGAL_GENERATION;
  if (generationId < 0 && group.state === 'Empty') return 0;
  // Up to version 2 the request does not say which member asks.
  if (generationId < 0 && memberId === '' && groupInstanceId === null) return 0;
  const fenced = fencingError(group, command);
  if (fenced !== 0) return fenced;
  return generationId === group.generationId ? 0 : ErrorCode.ILLEGAL_GENERATION;
}

function recordOf(
  command: CommitCommand,
  topic: TopicCommit,
  commit: PartitionCommit,
  nowMs: number,
): GroupRecord {
  const { groupId, retentionTimeMs } = command;
  return offsetCommitRecord(
    { groupId, topic: topic.name, partition: commit.partitionIndex },
    {
      offset: commit.committedOffset,
      leaderEpoch: commit.committedLeaderEpoch,
      metadata: commit.committedMetadata ?? '',
      commitTimestampMs: nowMs,
      expireTimestampMs: retentionTimeMs === RETENTION_OF_THE_BROKER ? -1 : expiry(nowMs, retentionTimeMs),
      topicId: topic.topicId,
    },
  );
}

/** A client may ask for all of time. */
function expiry(nowMs: number, retentionTimeMs: number): number {
  return Math.max(0, Math.min(nowMs + retentionTimeMs, Number.MAX_SAFE_INTEGER));
}

/** A commit is a sign of life. */
function sessionOf(group: ClassicGroup | undefined, memberId: string): TimerChange[] {
  const member = group?.members.get(memberId);
  return member === undefined ? [] : [sessionRestart(memberId, member.sessionTimeoutMs)];
}
