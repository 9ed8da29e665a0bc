// Offsets that a member got to process, as ShareFetch answers them: how often they were delivered, this time included.

export interface AcquiredRange {
  readonly firstOffset: number;
  readonly lastOffset: number;
  readonly deliveryCount: number;
}
