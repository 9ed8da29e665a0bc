// Whether a request really comes from the member it names. One order of checks for Join, Sync, Heartbeat, Leave and
// OffsetCommit, as in Apache Kafka's ClassicGroup.validateMember (KIP-345).

import { ErrorCode } from '../../../protocol/errors.ts';
import type { ClassicGroup } from './classic-group.ts';

export interface MemberIdentity {
  readonly memberId: string;
  readonly groupInstanceId: string | null;
}

/** 0, UNKNOWN_MEMBER_ID or FENCED_INSTANCE_ID. */
export function fencingError(group: ClassicGroup, identity: MemberIdentity): number {
  if (identity.groupInstanceId !== null) {
    const holder = group.staticMembers.get(identity.groupInstanceId);
    if (holder === undefined) return ErrorCode.UNKNOWN_MEMBER_ID;
    if (holder !== identity.memberId) return ErrorCode.FENCED_INSTANCE_ID;
  }
  return group.members.has(identity.memberId) ? 0 : ErrorCode.UNKNOWN_MEMBER_ID;
}
