// A group of the classic protocol: its members, its generation and how far the rebalance is. It holds state and answers
// questions about it; what happens next is decided in join.ts, rebalance.ts, sync.ts and leave.ts, always on a copy, so
// that a decision whose records cannot be written leaves nothing behind. The protocol type is opaque ("consumer",
// "connect", anything). The rules are those of Apache Kafka's ClassicGroup.

import { assert } from '../../../protocol/assert.ts';
import { type ClassicMember, type MemberProtocol, metadataOf } from './classic-member.ts';

export type ClassicGroupState = 'Empty' | 'PreparingRebalance' | 'CompletingRebalance' | 'Stable';

const BEFORE: { readonly [State in ClassicGroupState]: readonly ClassicGroupState[] } = {
  Empty: ['PreparingRebalance'],
  PreparingRebalance: ['Empty', 'CompletingRebalance', 'Stable'],
  CompletingRebalance: ['PreparingRebalance'],
  Stable: ['CompletingRebalance'],
};

export class ClassicGroup {
  readonly groupId: string;
  state: ClassicGroupState = 'Empty';
  /** `Empty` while preparing: the first rebalance, which waits its delay out (group.initial.rebalance.delay.ms). */
  previousState: ClassicGroupState | null = null;
  /** When the state was entered, in ms since the epoch. -1: unknown (old records). */
  stateTimestampMs: number;
  generationId = 0;
  /** Null: a group that was only ever used to commit offsets. */
  protocolType: string | null = null;
  protocolName: string | null = null;
  leaderId: string | null = null;
  /** In the order they joined. */
  readonly members: Map<string, ClassicMember>;
  /** Group instance id to member id. */
  readonly staticMembers: Map<string, string>;
  /** Member ids given out with MEMBER_ID_REQUIRED that have not come back yet (KIP-394). */
  readonly pendingJoins: Set<string>;
  /** Members of this generation that have not sent SyncGroup yet. */
  readonly pendingSyncs: Set<string>;
  /** During the first rebalance: somebody joined since its timer was set, so it may be set once more. */
  newMemberAdded = false;

  constructor(groupId: string, nowMs: number, like?: ClassicGroup) {
    this.groupId = groupId;
    this.stateTimestampMs = nowMs;
    this.members = new Map(like?.members);
    this.staticMembers = new Map(like?.staticMembers);
    this.pendingJoins = new Set(like?.pendingJoins);
    this.pendingSyncs = new Set(like?.pendingSyncs);
  }

  copy(): ClassicGroup {
    const copy = new ClassicGroup(this.groupId, this.stateTimestampMs, this);
    copy.state = this.state;
    copy.previousState = this.previousState;
    copy.generationId = this.generationId;
    copy.protocolType = this.protocolType;
    copy.protocolName = this.protocolName;
    copy.leaderId = this.leaderId;
    copy.newMemberAdded = this.newMemberAdded;
    return copy;
  }

  transitionTo(state: ClassicGroupState, nowMs: number): void {
    assert(BEFORE[state].includes(this.state), `a group in ${this.state} does not become ${state}`);
    this.previousState = this.state;
    this.state = state;
    this.stateTimestampMs = nowMs;
  }

  isLeader(memberId: string): boolean {
    return this.leaderId === memberId;
  }

  add(member: ClassicMember, protocolType: string): void {
    assert(!this.members.has(member.memberId), 'a member is added once');
    if (this.members.size === 0) this.protocolType = protocolType;
    if (member.groupInstanceId !== null) this.staticMembers.set(member.groupInstanceId, member.memberId);
    this.leaderId ??= member.memberId;
    this.members.set(member.memberId, member);
    this.pendingJoins.delete(member.memberId);
  }

  /** Puts a changed member in the place of the old one. */
  update(member: ClassicMember): void {
    assert(this.members.has(member.memberId), 'only a member can change');
    this.members.set(member.memberId, member);
  }

  remove(memberId: string): void {
    const removed = this.members.get(memberId);
    this.members.delete(memberId);
    if (removed !== undefined && removed.groupInstanceId !== null) {
      this.staticMembers.delete(removed.groupInstanceId);
    }
    if (this.leaderId === memberId) this.leaderId = this.members.keys().next().value ?? null;
    this.pendingJoins.delete(memberId);
    this.pendingSyncs.delete(memberId);
  }

  /** A static member came back under a new member id: same place, same assignment. */
  replaceStatic(replaced: ClassicMember, memberId: string): ClassicMember {
    assert(replaced.groupInstanceId !== null, 'only static members are replaced');
    const successor: ClassicMember = {
      ...replaced,
      memberId,
      isNew: false,
      joinTicket: null,
      syncTicket: null,
    };
    this.members.delete(replaced.memberId);
    this.members.set(memberId, successor);
    if (this.leaderId === replaced.memberId) this.leaderId = memberId;
    this.staticMembers.set(replaced.groupInstanceId, memberId);
    if (this.pendingSyncs.delete(replaced.memberId)) this.pendingSyncs.add(memberId);
    return successor;
  }

  get membersAwaitingJoin(): number {
    let count = 0;
    for (const member of this.members.values()) if (member.joinTicket !== null) count += 1;
    return count;
  }

  get hasAllMembersJoined(): boolean {
    return this.pendingJoins.size === 0 && this.membersAwaitingJoin === this.members.size;
  }

  /** As long as the most patient of its members asks for. */
  get rebalanceTimeoutMs(): number {
    let longestMs = 0;
    for (const member of this.members.values()) longestMs = Math.max(longestMs, member.rebalanceTimeoutMs);
    return longestMs;
  }

  /** Whether a member with these protocols has anything in common with those who are here. */
  supports(protocolType: string, protocols: readonly MemberProtocol[]): boolean {
    if (this.state === 'Empty') return protocolType !== '' && protocols.length > 0;
    if (this.protocolType !== protocolType) return false;
    return protocols.some(({ name }) => this.#isKnownToAll(name));
  }

  #isKnownToAll(protocolName: string): boolean {
    for (const { protocols } of this.members.values()) {
      if (!protocols.some(({ name }) => name === protocolName)) return false;
    }
    return true;
  }

  /** Each member votes for the first of its protocols that all know; most votes win, the earlier member's on a tie. */
  selectProtocol(): string {
    const [first] = this.members.values();
    assert(first !== undefined, 'an empty group has no protocol');
    const common = new Set(first.protocols.map(({ name }) => name).filter(name => this.#isKnownToAll(name)));
    const votes = new Map<string, number>();
    for (const member of this.members.values()) {
      const choice = member.protocols.find(({ name }) => common.has(name));
      assert(choice !== undefined, 'a member was let in without a protocol in common');
      votes.set(choice.name, (votes.get(choice.name) ?? 0) + 1);
    }
    let elected: [string, number] = ['', 0];
    for (const candidate of votes) if (candidate[1] > elected[1]) elected = candidate;
    return elected[0];
  }

  /** What the member told in the protocol the group has chosen. */
  metadataOf(member: ClassicMember): Buffer {
    assert(this.protocolName !== null, 'the group has no protocol yet');
    const metadata = metadataOf(member, this.protocolName);
    assert(metadata !== undefined, `member ${member.memberId} does not know ${this.protocolName}`);
    return metadata;
  }
}
