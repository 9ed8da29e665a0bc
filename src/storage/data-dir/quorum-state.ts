// `__cluster_metadata-0/quorum-state`: one line of JSON, KRaft's vote and epoch (QuorumStateData). data_version 1 goes
// with kraft.version 1; 0 adds clusterId, appliedOffset and currentVoters. Written as a temporary file, synced, renamed.

export interface QuorumState {
  readonly leaderId: number;
  readonly leaderEpoch: number;
  readonly votedId: number;
  /** Kafka's uuid text; all zero when nobody was voted for. */
  readonly votedDirectoryId: string;
}
