// Committed offsets of consumer groups (KIP-848): who may commit and fetch them. A commit counts when it comes in the member's
// epoch, or in one no older than the epoch the member got the partition in. Follows Apache Kafka's
// ConsumerGroup.validateOffsetCommit and validateOffsetFetch.

import { ErrorCode } from '../../../protocol/errors.ts';
import {
  type CommitCommand,
  type CommitDecision,
  commitFailed,
  decideAllowedCommit,
} from '../offsets/offset-commit.ts';
import type { ConsumerGroup } from './consumer-group.ts';
import type { ConsumerMember } from './consumer-member.ts';

/** Older requests call a member epoch a generation: members of consumer groups may not use them. */
const MEMBER_EPOCH_SINCE = 9;

export interface ConsumerCommitContext {
  readonly nowMs: number;
  readonly offsetMetadataMaxSize: number;
  readonly isTransactional: boolean;
}

export function decideConsumerCommit(
  group: ConsumerGroup,
  command: CommitCommand,
  context: ConsumerCommitContext,
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
  if (!isTransactional && member.classic === null && command.apiVersion < MEMBER_EPOCH_SINCE)
    return refused(ErrorCode.UNSUPPORTED_VERSION);
  const staleError =
    isTransactional || member.classic !== null ? ErrorCode.ILLEGAL_GENERATION : ErrorCode.STALE_MEMBER_EPOCH;
  if (generationId > member.memberEpoch) return refused(staleError);
  return decideAllowedCommit(command, context, ({ topicId, partition }) =>
    isCurrent(member, { topicId, partition, memberEpoch: generationId }) ? 0 : staleError,
  );
}

function isCurrent(
  member: ConsumerMember,
  commit: { readonly topicId: string; readonly partition: number; readonly memberEpoch: number },
): boolean {
  const { topicId, partition, memberEpoch } = commit;
  if (memberEpoch === member.memberEpoch) return true;
  const assignmentEpoch =
    member.assigned.get(topicId)?.get(partition) ?? member.pendingRevocation.get(topicId)?.get(partition);
  return assignmentEpoch !== undefined && memberEpoch >= assignmentEpoch;
}

/** The error of an OffsetFetch by a member, or 0. Null and -1: not a member, everybody may ask. */
export function consumerFetchError(
  group: ConsumerGroup,
  { memberId, memberEpoch }: { readonly memberId: string | null; readonly memberEpoch: number },
): number {
  if (memberId === null && memberEpoch < 0) return 0;
  const member = group.members.get(memberId ?? '');
  if (member === undefined) return ErrorCode.UNKNOWN_MEMBER_ID;
  if (memberEpoch === member.memberEpoch) return 0;
  return member.classic === null ? ErrorCode.STALE_MEMBER_EPOCH : ErrorCode.ILLEGAL_GENERATION;
}
