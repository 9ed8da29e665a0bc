// The states a record of a share partition is in, and what a consumer can say of a record (KIP-932, KIP-1222). The
// numbers are those of the wire and of __share_group_state.

export const RecordState = { AVAILABLE: 0, ACQUIRED: 1, ACKNOWLEDGED: 2, ARCHIVED: 4 } as const;
export type RecordState = (typeof RecordState)[keyof typeof RecordState];

export const AcknowledgeType = { GAP: 0, ACCEPT: 1, RELEASE: 2, REJECT: 3, RENEW: 4 } as const;

/** A terminal state is never left: the record's delivery is over. */
export function isTerminal(state: RecordState): boolean {
  return state === RecordState.ACKNOWLEDGED || state === RecordState.ARCHIVED;
}

/** What a record becomes; undefined for RENEW, which changes no state, and for what means nothing. */
export function stateAfter(acknowledgeType: number): RecordState | undefined {
  switch (acknowledgeType) {
    case AcknowledgeType.GAP:
    case AcknowledgeType.REJECT:
      return RecordState.ARCHIVED;
    case AcknowledgeType.ACCEPT:
      return RecordState.ACKNOWLEDGED;
    case AcknowledgeType.RELEASE:
      return RecordState.AVAILABLE;
    default:
      return undefined;
  }
}

/** Only these are ever written. A record that is held when the broker stops was never given back: it is available. */
export function stateOfKept(deliveryState: number): RecordState {
  return deliveryState === RecordState.ACKNOWLEDGED || deliveryState === RecordState.ARCHIVED
    ? deliveryState
    : RecordState.AVAILABLE;
}
