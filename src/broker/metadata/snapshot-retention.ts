// How much of the metadata log and of its snapshots is given up (KafkaRaftLog.maybeClean): while both together are larger
// than metadata.max.retention.bytes, or the oldest snapshot is older than metadata.max.retention.ms, the oldest one goes,
// and with it the log below the next one's end. The newest snapshot always stays. Decides only.

export interface RetainedSnapshot {
  readonly endOffset: number;
  readonly sizeInBytes: number;
  /** When the last record it stands for was written. Asked only where age decides. */
  lastTimestampMs(): number;
}

export interface SnapshotRetentionFacts<Snapshot extends RetainedSnapshot> {
  /** Oldest first. */
  readonly snapshots: readonly Snapshot[];
  readonly logSizeInBytes: number;
  /** metadata.max.retention.bytes; negative is without bound. */
  readonly retentionBytes: number;
  /** metadata.max.retention.ms; negative is without bound. */
  readonly retentionMs: number;
  readonly nowMs: number;
}

/** The snapshot that the log shall begin with; null: everything stays. */
export function newFirstSnapshot<Snapshot extends RetainedSnapshot>(
  facts: SnapshotRetentionFacts<Snapshot>,
): Snapshot | null {
  const { snapshots, retentionBytes, retentionMs, nowMs } = facts;
  let sizeInBytes = facts.logSizeInBytes;
  for (const snapshot of snapshots) sizeInBytes += snapshot.sizeInBytes;
  let first = 0;
  for (; first < snapshots.length - 1; first++) {
    const snapshot = snapshots[first]!;
    const isTooMuch = retentionBytes >= 0 && sizeInBytes > retentionBytes;
    if (!isTooMuch && !(retentionMs >= 0 && nowMs - snapshot.lastTimestampMs() > retentionMs)) break;
    sizeInBytes -= snapshot.sizeInBytes;
  }
  return first === 0 ? null : snapshots[first]!;
}
