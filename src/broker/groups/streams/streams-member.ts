// One member of a streams group (KIP-1071): a thread of a Kafka Streams process. A value: a change makes a new one. What it
// said of itself stands in one record, what it owns in another; the rules are those of Apache Kafka's StreamsGroupMember.

import { isSameOwned, NO_OWNED_TASKS, type OwnedTasks } from './tasks.ts';

/** How far the member is on the way from what it owns to its target; the numbers of the record. */
export const MemberState = {
  STABLE: 1,
  /** It has been asked to give tasks up and has not said yet that it has. */
  UNREVOKED_TASKS: 2,
  /** It waits for tasks that others have not given up yet. */
  UNRELEASED_TASKS: 3,
  /** Written by a newer Kafka: the member must give everything up and join again. */
  UNKNOWN: 127,
} as const;
export type MemberState = (typeof MemberState)[keyof typeof MemberState];

/** Where a process answers interactive queries. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

export interface StreamsMember {
  readonly memberId: string;
  readonly memberEpoch: number;
  readonly previousMemberEpoch: number;
  readonly state: MemberState;
  readonly instanceId: string | null;
  readonly rackId: string | null;
  readonly clientId: string;
  readonly clientHost: string;
  readonly rebalanceTimeoutMs: number;
  readonly topologyEpoch: number;
  /** Members of one process share its disk. */
  readonly processId: string;
  readonly userEndpoint: Endpoint | null;
  readonly clientTags: ReadonlyMap<string, string>;
  readonly assigned: OwnedTasks;
  readonly pendingRevocation: OwnedTasks;
}

export function newMember(memberId: string): StreamsMember {
  return {
    memberId,
    memberEpoch: 0,
    previousMemberEpoch: 0,
    state: MemberState.STABLE,
    instanceId: null,
    rackId: null,
    clientId: '',
    clientHost: '',
    rebalanceTimeoutMs: -1,
    topologyEpoch: -1,
    processId: '',
    userEndpoint: null,
    clientTags: new Map(),
    assigned: NO_OWNED_TASKS,
    pendingRevocation: NO_OWNED_TASKS,
  };
}

export function isReconciledTo(member: StreamsMember, targetEpoch: number): boolean {
  return member.state === MemberState.STABLE && member.memberEpoch === targetEpoch;
}

/** Whether two members say the same of themselves: what the metadata record holds. */
export function isSameMetadata(left: StreamsMember, right: StreamsMember): boolean {
  return (
    left.rackId === right.rackId &&
    left.instanceId === right.instanceId &&
    left.clientId === right.clientId &&
    left.clientHost === right.clientHost &&
    left.rebalanceTimeoutMs === right.rebalanceTimeoutMs &&
    left.topologyEpoch === right.topologyEpoch &&
    left.processId === right.processId &&
    left.userEndpoint?.host === right.userEndpoint?.host &&
    left.userEndpoint?.port === right.userEndpoint?.port &&
    isSameTags(left.clientTags, right.clientTags)
  );
}

function isSameTags(left: ReadonlyMap<string, string>, right: ReadonlyMap<string, string>): boolean {
  return left.size === right.size && [...left].every(([key, value]) => right.get(key) === value);
}

/** Whether two members own the same in the same epoch: what the assignment record holds. */
export function isSameOwnership(left: StreamsMember, right: StreamsMember): boolean {
  return (
    left.memberEpoch === right.memberEpoch &&
    left.previousMemberEpoch === right.previousMemberEpoch &&
    left.state === right.state &&
    isSameOwned(left.assigned, right.assigned) &&
    isSameOwned(left.pendingRevocation, right.pendingRevocation)
  );
}
