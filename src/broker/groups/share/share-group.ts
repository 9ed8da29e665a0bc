// A share group (KIP-932), as its records tell it: only `replayShareRecord` changes it, and a decision reads it. The group
// epoch moves with members, subscriptions and topics; the target assignment is made for a group epoch, of those partitions
// whose share state has been initialized; a member takes its target at once. Rules: Apache Kafka's ShareGroup.

import { NO_PARTITIONS, type TopicPartitions } from '../assignors/assignor.ts';
import { newShareMember, type ShareMember } from './share-member.ts';
import { NO_STATE_PARTITIONS, type StatePartitions } from './state-partitions.ts';

export type ShareGroupState = 'Empty' | 'Stable';

/** The epoch a group is born with; its first member makes it 2. */
const FIRST_EPOCH = 1;

export class ShareGroup {
  readonly groupId: string;
  groupEpoch = FIRST_EPOCH;
  /** Of the topics the group reads: a change of theirs moves the group epoch. */
  metadataHash = 0n;
  assignmentEpoch = FIRST_EPOCH;
  /** 0: not known. */
  assignmentTimestampMs = 0;
  readonly members = new Map<string, ShareMember>();
  readonly targets = new Map<string, TopicPartitions>();
  /** Null: there is no record of it. */
  statePartitions: StatePartitions | null = null;
  /** Not in the log: the version of the topics the group epoch was last held against; -1 after a load. */
  checkedTopicsVersion = -1;

  constructor(groupId: string) {
    this.groupId = groupId;
  }

  get state(): ShareGroupState {
    return this.members.size === 0 ? 'Empty' : 'Stable';
  }

  get initialized(): StatePartitions['initialized'] {
    return (this.statePartitions ?? NO_STATE_PARTITIONS).initialized;
  }

  targetOf(memberId: string): TopicPartitions {
    return this.targets.get(memberId) ?? NO_PARTITIONS;
  }

  memberOrNew(memberId: string): ShareMember {
    return this.members.get(memberId) ?? newShareMember(memberId);
  }
}
