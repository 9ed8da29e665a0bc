// Committed offsets of groups whose members live in epochs (consumer and streams groups): who may commit and fetch them. A
// commit counts when it comes in the member's epoch, or in one no older than the epoch in which the member got what it reads the
// partition by. Follows validateOffsetCommit and validateOffsetFetch of Apache Kafka's ConsumerGroup and StreamsGroup.

import { ErrorCode } from '../../../protocol/errors.ts';
import {
  type CommitCommand,
  type CommitDecision,
  commitFailed,
  decideAllowedCommit,
} from './offset-commit.ts';

/** Older requests call a member epoch a generation: members of these groups may not use them. */
const MEMBER_EPOCH_SINCE = 9;

export interface MemberCommitContext {
  readonly nowMs: number;
  readonly offsetMetadataMaxSize: number;
  readonly isTransactional: boolean;
}

export interface CommittedPartition {
  readonly topic: string;
  readonly topicId: string;
  readonly partition: number;
}

/** In which epoch the member got what it reads the partition by; undefined: it has it not. */
export type AssignmentEpochOf = (partition: CommittedPartition) => number | undefined;

interface EpochMember {
  readonly memberEpoch: number;
}

/** What of a group says who may commit and fetch. */
export interface OffsetMembers<Member extends EpochMember> {
  readonly members: ReadonlyMap<string, Member>;
  /** It speaks the classic protocol: its epochs are generations to it. */
  readonly isClassic: (member: Member) => boolean;
  /** Null: nobody reads anything now. */
  readonly assignmentEpochs: (member: Member) => AssignmentEpochOf | null;
}

export function decideMemberCommit<Member extends EpochMember>(
  { members, isClassic, assignmentEpochs }: OffsetMembers<Member>,
  command: CommitCommand,
  context: MemberCommitContext,
): CommitDecision {
  const { isTransactional } = context;
  const { memberId, groupInstanceId, generationId, topics } = command;
  const refused = (errorCode: number): CommitDecision => ({
    records: [],
    topics: commitFailed(topics, errorCode),
    timers: [],
  });
  const isNobody = generationId < 0 && members.size === 0;
  const isAnonymous = isTransactional && generationId === -1 && memberId === '' && groupInstanceId === null;
  if (isNobody || isAnonymous) return decideAllowedCommit(command, context, () => 0);
  const member = members.get(memberId);
  if (member === undefined) return refused(ErrorCode.UNKNOWN_MEMBER_ID);
  if (!isTransactional && !isClassic(member) && command.apiVersion < MEMBER_EPOCH_SINCE)
    return refused(ErrorCode.UNSUPPORTED_VERSION);
  if (generationId === member.memberEpoch) return decideAllowedCommit(command, context, () => 0);
  const staleError =
    isTransactional || isClassic(member) ? ErrorCode.ILLEGAL_GENERATION : ErrorCode.STALE_MEMBER_EPOCH;
  const assignmentEpochOf = assignmentEpochs(member);
  if (generationId > member.memberEpoch || assignmentEpochOf === null) return refused(staleError);
  return decideAllowedCommit(command, context, partition => {
    const assignmentEpoch = assignmentEpochOf(partition);
    return assignmentEpoch !== undefined && generationId >= assignmentEpoch ? 0 : staleError;
  });
}

/** The error of an OffsetFetch by a member, or 0. Null and -1: not a member, everybody may ask. */
export function memberFetchError<Member extends EpochMember>(
  { members, isClassic }: OffsetMembers<Member>,
  { memberId, memberEpoch }: { readonly memberId: string | null; readonly memberEpoch: number },
): number {
  if (memberId === null && memberEpoch < 0) return 0;
  const member = members.get(memberId ?? '');
  if (member === undefined) return ErrorCode.UNKNOWN_MEMBER_ID;
  if (memberEpoch === member.memberEpoch) return 0;
  return isClassic(member) ? ErrorCode.ILLEGAL_GENERATION : ErrorCode.STALE_MEMBER_EPOCH;
}
