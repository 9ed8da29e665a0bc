// Committed offsets of streams groups (KIP-1071): who may commit and fetch them. A commit counts when it comes in the member's
// epoch, or in one no older than the epoch the member got the task in that reads the partition. Follows Apache Kafka's
// StreamsGroup.validateOffsetCommit and validateOffsetFetch.

import { ErrorCode } from '../../../protocol/errors.ts';
import {
  type CommitCommand,
  type CommitDecision,
  commitFailed,
  decideAllowedCommit,
} from '../offsets/offset-commit.ts';
import type { StreamsGroup } from './streams-group.ts';
import type { StreamsMember } from './streams-member.ts';

/** Older requests call a member epoch a generation: members of streams groups may not use them. */
const MEMBER_EPOCH_SINCE = 9;

export interface StreamsCommitContext {
  readonly nowMs: number;
  readonly offsetMetadataMaxSize: number;
  readonly isTransactional: boolean;
}

export function decideStreamsCommit(
  group: StreamsGroup,
  command: CommitCommand,
  context: StreamsCommitContext,
): CommitDecision {
  const { isTransactional } = context;
  const { memberId, groupInstanceId, generationId, topics } = command;
  const refused = (errorCode: number): CommitDecision => ({
    records: [],
    topics: commitFailed(topics, errorCode),
    timers: [],
  });
  const isNobody = generationId < 0 && group.members.size === 0;
  const isAnonymous = isTransactional && generationId === -1 && memberId === '' && groupInstanceId === null;
  if (isNobody || isAnonymous) return decideAllowedCommit(command, context, () => 0);
  const member = group.members.get(memberId);
  if (member === undefined) return refused(ErrorCode.UNKNOWN_MEMBER_ID);
  if (!isTransactional && command.apiVersion < MEMBER_EPOCH_SINCE)
    return refused(ErrorCode.UNSUPPORTED_VERSION);
  if (generationId === member.memberEpoch) return decideAllowedCommit(command, context, () => 0);
  const staleError = isTransactional ? ErrorCode.ILLEGAL_GENERATION : ErrorCode.STALE_MEMBER_EPOCH;
  if (generationId > member.memberEpoch || group.topology === null) return refused(staleError);
  const isCurrent = (topic: string, partition: number) =>
    generationId >= (assignmentEpochOf(group, member, { topic, partition }) ?? Number.POSITIVE_INFINITY);
  return decideAllowedCommit(command, context, ({ topic, partition }) =>
    isCurrent(topic, partition) ? 0 : staleError,
  );
}

/** In which epoch the member got the task that reads the partition; undefined: it has it not. */
function assignmentEpochOf(
  { topology }: StreamsGroup,
  { assigned, pendingRevocation }: StreamsMember,
  { topic, partition }: { readonly topic: string; readonly partition: number },
): number | undefined {
  const subtopologyId = topology?.subtopologyOfSource.get(topic);
  if (subtopologyId === undefined) return undefined;
  return (
    assigned.active.get(subtopologyId)?.get(partition) ??
    pendingRevocation.active.get(subtopologyId)?.get(partition)
  );
}

/** The error of an OffsetFetch by a member, or 0. Null and -1: not a member, everybody may ask. */
export function streamsFetchError(
  group: StreamsGroup,
  { memberId, memberEpoch }: { readonly memberId: string | null; readonly memberEpoch: number },
): number {
  if (memberId === null && memberEpoch < 0) return 0;
  const member = group.members.get(memberId ?? '');
  if (member === undefined) return ErrorCode.UNKNOWN_MEMBER_ID;
  return memberEpoch === member.memberEpoch ? 0 : ErrorCode.STALE_MEMBER_EPOCH;
}
