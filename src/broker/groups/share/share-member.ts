// One member of a share group (KIP-932). A value: a change makes a new one. What it is subscribed to stands in one record,
// what it is assigned in another; the rules are those of Apache Kafka's ShareGroupMember.

import { isSameAssignment, NO_PARTITIONS, type TopicPartitions } from '../assignors/assignor.ts';
import { isSameList } from '../consumer/consumer-member.ts';

/** The only state of a member of a share group: it gives nothing up before it gets something. */
export const STABLE = 0;

export interface ShareMember {
  readonly memberId: string;
  readonly memberEpoch: number;
  readonly previousMemberEpoch: number;
  /** The number of the record. */
  readonly state: number;
  readonly rackId: string | null;
  readonly clientId: string;
  readonly clientHost: string;
  /** Sorted, without duplicates, as the record has them. */
  readonly topicNames: readonly string[];
  readonly assigned: TopicPartitions;
}

export function newShareMember(memberId: string): ShareMember {
  return {
    memberId,
    memberEpoch: 0,
    previousMemberEpoch: -1,
    state: STABLE,
    rackId: null,
    clientId: '',
    clientHost: '',
    topicNames: [],
    assigned: NO_PARTITIONS,
  };
}

/** Whether two members say the same of themselves: what the metadata record holds. */
export function isSameMetadata(left: ShareMember, right: ShareMember): boolean {
  return (
    left.rackId === right.rackId &&
    left.clientId === right.clientId &&
    left.clientHost === right.clientHost &&
    isSameList(left.topicNames, right.topicNames)
  );
}

/** Whether two members are assigned the same in the same epoch: what the assignment record holds. */
export function isSamePlace(left: ShareMember, right: ShareMember): boolean {
  return (
    left.memberEpoch === right.memberEpoch &&
    left.previousMemberEpoch === right.previousMemberEpoch &&
    left.state === right.state &&
    isSameAssignment(left.assigned, right.assigned)
  );
}
