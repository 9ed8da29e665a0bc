// One committed offset and what it is the offset of, as the store, the records and the requests share them.

export interface OffsetKey {
  readonly groupId: string;
  readonly topic: string;
  readonly partition: number;
}

export interface CommittedOffset {
  readonly offset: number;
  /** -1: not given. */
  readonly leaderEpoch: number;
  readonly metadata: string;
  readonly commitTimestampMs: number;
  /** -1: by the broker's retention. */
  readonly expireTimestampMs: number;
  /** The zero uuid in records written before topics had ids. */
  readonly topicId: string;
}
