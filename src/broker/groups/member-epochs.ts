// The epochs by which a heartbeat says that a member comes or goes, the same in consumer, share and streams groups.

export const JOIN_EPOCH = 0;
export const LEAVE_EPOCH = -1;
/** A static member leaves for a while: its place is kept until its session ends. Streams groups refuse it in Apache Kafka 4.3. */
export const STATIC_LEAVE_EPOCH = -2;
