// What a member of a streams group is told besides its tasks (KIP-1071): codes and sentences are Apache Kafka's, because
// clients act on the one and show the other (StreamsGroupHeartbeatResponse.Status).

export const StatusCode = {
  STALE_TOPOLOGY: 0,
  MISSING_SOURCE_TOPICS: 1,
  INCORRECTLY_PARTITIONED_TOPICS: 2,
  MISSING_INTERNAL_TOPICS: 3,
  SHUTDOWN_APPLICATION: 4,
  ASSIGNMENT_DELAYED: 5,
} as const;

export interface Status {
  statusCode: (typeof StatusCode)[keyof typeof StatusCode];
  statusDetail: string;
}

/** The topics there are do not make the topology run; caught where a topology is configured, never further up. */
export class TopicProblem extends Error {
  readonly status: Status;

  constructor(statusCode: Status['statusCode'], statusDetail: string) {
    super(statusDetail);
    this.status = { statusCode, statusDetail };
  }
}
