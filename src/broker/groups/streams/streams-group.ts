// A group of Kafka Streams threads (KIP-1071), as its records tell it: only `replay*` and `forget*` change that, and a
// decision reads it. The group epoch moves with members, topology, topics and settings; the target is made for a group
// epoch; each member then walks from what it owns to its target. Rules: Apache Kafka's StreamsGroup.

import { LEAVE_EPOCH } from '../member-epochs.ts';
import type { ConfiguredTopology } from './configure-topology.ts';
import { isReconciledTo, newMember, type StreamsMember } from './streams-member.ts';
import { TaskProcesses } from './task-processes.ts';
import { NO_OWNED_TASKS, NO_TASKS, type Tasks } from './tasks.ts';
import type { Topology } from './topology.ts';

export type StreamsGroupState = 'Empty' | 'NotReady' | 'Assigning' | 'Reconciling' | 'Stable';

/** What a group knows beside its records; a new start begins without it, as in Apache Kafka. */
export interface GroupMemory {
  /** The topology held against the topics of `checkedTopicsVersion`. */
  readonly configuredTopology: ConfiguredTopology | null;
  readonly checkedTopicsVersion: number;
  /** Moves when a member with an endpoint gets or loses tasks. */
  readonly endpointEpoch: number;
  /** The member that asked for the end of the whole application. */
  readonly shutdownRequestedBy: string | null;
}

/** The epoch a group is born with; its first member makes it 2. */
const FIRST_EPOCH = 1;

export class StreamsGroup {
  readonly groupId: string;
  groupEpoch = FIRST_EPOCH;
  /** Of the topics the topology needs: a change of theirs moves the group epoch. */
  metadataHash = 0n;
  /** The topology's epoch once all its topics are there as they must be, else -1. */
  validatedTopologyEpoch = 0;
  /** The settings the last target was made by. */
  assignmentConfigs: ReadonlyMap<string, string> = new Map();
  assignmentEpoch = FIRST_EPOCH;
  /** 0: not known. */
  assignmentTimestampMs = 0;
  topology: Topology | null = null;
  readonly members = new Map<string, StreamsMember>();
  /** Who has which task, or has not said yet that it gave it up. */
  readonly processes = new TaskProcesses();
  readonly #targets = new Map<string, Tasks>();
  #memory: GroupMemory = {
    configuredTopology: null,
    checkedTopicsVersion: -1,
    endpointEpoch: 0,
    shutdownRequestedBy: null,
  };

  constructor(groupId: string) {
    this.groupId = groupId;
  }

  get state(): StreamsGroupState {
    if (this.members.size === 0) return 'Empty';
    if (this.topology?.epoch !== this.validatedTopologyEpoch) return 'NotReady';
    if (this.groupEpoch > this.assignmentEpoch) return 'Assigning';
    for (const member of this.members.values()) {
      if (!isReconciledTo(member, this.assignmentEpoch)) return 'Reconciling';
    }
    return 'Stable';
  }

  get memory(): GroupMemory {
    return this.#memory;
  }

  remember(memory: Partial<GroupMemory>): void {
    this.#memory = { ...this.#memory, ...memory };
    if (this.members.size === 0) this.#forgetShutdown();
  }

  targetOf(memberId: string): Tasks {
    return this.#targets.get(memberId) ?? NO_TASKS;
  }

  get targets(): ReadonlyMap<string, Tasks> {
    return this.#targets;
  }

  /** Whether the topic is read: an empty group reads nothing, so that its offsets can expire. */
  isSubscribedTo(topic: string): boolean {
    return this.members.size > 0 && this.topology?.subtopologyOfSource.has(topic) === true;
  }

  replayMember(member: StreamsMember): void {
    const before = this.members.get(member.memberId);
    if (before !== undefined) this.processes.remove(before);
    this.members.set(member.memberId, member);
    this.processes.add(member);
  }

  memberOrNew(memberId: string): StreamsMember {
    return this.members.get(memberId) ?? newMember(memberId);
  }

  forgetOwnership(memberId: string): void {
    const member = this.members.get(memberId);
    if (member === undefined) return;
    this.replayMember({
      ...member,
      memberEpoch: LEAVE_EPOCH,
      previousMemberEpoch: LEAVE_EPOCH,
      assigned: NO_OWNED_TASKS,
      pendingRevocation: NO_OWNED_TASKS,
    });
  }

  forgetMember(memberId: string): void {
    const member = this.members.get(memberId);
    if (member === undefined) return;
    this.processes.remove(member);
    this.members.delete(memberId);
    if (this.members.size === 0) this.#forgetShutdown();
  }

  replayTarget(memberId: string, target: Tasks): void {
    this.#targets.set(memberId, target);
  }

  forgetTarget(memberId: string): void {
    this.#targets.delete(memberId);
  }

  /** The application has ended; a new one begins. */
  #forgetShutdown(): void {
    this.#memory = { ...this.#memory, shutdownRequestedBy: null };
  }
}
