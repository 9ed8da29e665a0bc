// One member of a classic group. A value: a change makes a new one, so that a decision can be thrown away.
// The rules are those of Apache Kafka's ClassicGroupMember.

export interface MemberProtocol {
  readonly name: string;
  /** Opaque to the broker: the subscription of a consumer, the worker's state of Kafka Connect. */
  readonly metadata: Buffer;
}

/** Names a request that waits for its answer; what stands behind it is the coordinator's business. */
export type Ticket = number;

export interface ClassicMember {
  readonly memberId: string;
  /** Set: a static member (KIP-345). */
  readonly groupInstanceId: string | null;
  readonly clientId: string;
  readonly clientHost: string;
  readonly rebalanceTimeoutMs: number;
  readonly sessionTimeoutMs: number;
  /** In the order the member prefers them. */
  readonly protocols: readonly MemberProtocol[];
  readonly assignment: Buffer;
  /** It has joined, but has never got an answer: it cannot send heartbeats yet. */
  readonly isNew: boolean;
  /** The JoinGroup that waits for the rebalance to end. */
  readonly joinTicket: Ticket | null;
  /** The SyncGroup that waits for the leader's assignment. */
  readonly syncTicket: Ticket | null;
}

export const NO_ASSIGNMENT: Buffer = Buffer.alloc(0);

/** Whether a session that ran out may be ignored: who waits for the group is alive by definition. */
export function isExcusedFromHeartbeat(member: ClassicMember): boolean {
  return !member.isNew && (member.joinTicket !== null || member.syncTicket !== null);
}

export function metadataOf(member: ClassicMember, protocolName: string): Buffer | undefined {
  return member.protocols.find(protocol => protocol.name === protocolName)?.metadata;
}

/** Same names, same order, same bytes. */
export function hasProtocols(member: ClassicMember, protocols: readonly MemberProtocol[]): boolean {
  return (
    member.protocols.length === protocols.length &&
    member.protocols.every((protocol, index) => {
      const other = protocols[index]!;
      return protocol.name === other.name && protocol.metadata.equals(other.metadata);
    })
  );
}
