// What DescribeGroups and ListGroups show of a shard: classic groups in full, groups of the other kinds by name, state and
// type, since each kind has a Describe of its own.

import { ErrorCode } from '../../protocol/errors.ts';
import type { ClassicGroup } from './classic/classic-group.ts';
import type { GroupShardState } from './group-shard-state.ts';

export interface DescribedMember {
  readonly memberId: string;
  readonly groupInstanceId: string | null;
  readonly clientId: string;
  readonly clientHost: string;
  readonly memberMetadata: Buffer;
  readonly memberAssignment: Buffer;
}

export interface DescribedGroup {
  readonly groupId: string;
  /** GROUP_ID_NOT_FOUND, or why the group cannot be looked at. */
  readonly errorCode: number;
  /** What a client is told that the group is not; "Group … not found." where it is nothing. */
  readonly isOtherKind?: boolean;
  readonly group: {
    readonly state: string;
    readonly protocolType: string;
    /** The protocol's name; "" unless the group is stable. */
    readonly protocolData: string;
    readonly members: readonly DescribedMember[];
  } | null;
}

export interface ListedGroup {
  readonly groupId: string;
  readonly protocolType: string;
  readonly groupState: string;
  readonly groupType: string;
}

/** Empty lists filter nothing. Case does not matter. */
export interface ListFilter {
  readonly states: readonly string[];
  readonly types: readonly string[];
}

const CLASSIC = 'classic';

export function describeGroup(state: GroupShardState, groupId: string): DescribedGroup {
  const group = state.groups.get(groupId);
  if (group === undefined) {
    const isOtherKind = state.foreignKind(groupId) !== undefined;
    return { groupId, errorCode: ErrorCode.GROUP_ID_NOT_FOUND, isOtherKind, group: null };
  }
  const isStable = group.state === 'Stable';
  return {
    groupId,
    errorCode: 0,
    group: {
      state: group.state,
      protocolType: group.protocolType ?? '',
      protocolData: isStable ? (group.protocolName ?? '') : '',
      members: describedMembers(group),
    },
  };
}

/** Metadata only in a stable group: in between, members may not agree on a protocol. */
function describedMembers(group: ClassicGroup): DescribedMember[] {
  return [...group.members.values()].map(member => ({
    memberId: member.memberId,
    groupInstanceId: member.groupInstanceId,
    clientId: member.clientId,
    clientHost: member.clientHost,
    memberMetadata: group.state === 'Stable' ? group.metadataOf(member) : Buffer.alloc(0),
    memberAssignment: member.assignment,
  }));
}

type Kind = Pick<ListedGroup, 'protocolType' | 'groupType'>;

export function listGroups(state: GroupShardState, filter: ListFilter): ListedGroup[] {
  const states = new Set(filter.states.map(name => name.trim().toLowerCase()));
  const types = new Set(filter.types.map(name => name.toLowerCase()));
  const listed: ListedGroup[] = [];
  const list = (group: { readonly groupId: string; readonly state: string }, kind: Kind) => {
    const { groupId, state: groupState } = group;
    if (types.size > 0 && !types.has(kind.groupType)) return;
    if (states.size > 0 && !states.has(wordOf(groupState))) return;
    listed.push({ groupId, groupState, ...kind });
  };
  for (const group of state.groups.values())
    list(group, { protocolType: group.protocolType ?? '', groupType: CLASSIC });
  for (const groups of state.kinds) {
    const { name } = groups.kind;
    for (const group of groups.values()) list(group, { protocolType: name, groupType: name });
  }
  return listed;
}

/** As a filter spells a state: in lower case, but one state of streams groups has a word of its own. */
function wordOf(state: string): string {
  return state === 'NotReady' ? 'not_ready' : state.toLowerCase();
}
