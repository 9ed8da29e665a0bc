// The topics of the cluster as consumer groups look at them. The metadata stands behind it; nothing here changes it.

export interface TopicView {
  readonly id: string;
  readonly name: string;
  readonly partitionCount: number;
  /** Of everything that makes a new assignment necessary: id, name, partitions, racks. */
  readonly hash: bigint;
}

export interface TopicsView {
  /** Moves whenever a topic appears, changes or goes. */
  readonly version: number;
  /** The version in which a topic last appeared. */
  readonly newTopicsVersion: number;
  byName(name: string): TopicView | undefined;
  byId(topicId: string): TopicView | undefined;
  names(): Iterable<string>;
}
