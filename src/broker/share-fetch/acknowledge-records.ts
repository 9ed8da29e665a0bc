// What an acknowledgement, the leaving of a member, and the end of locks do to the records in flight. Acknowledging and
// releasing begin changes that are to be written before they hold; the first thing wrong in a request takes back all of
// it. Locks that ended are a fact: records are available again at once. Words and rules: Apache Kafka's SharePartition.

import type { ErrorName } from '../../protocol/errors.ts';
import type { StateBatch } from '../share/state-batches.ts';
import type { InFlightBatch } from './in-flight-batch.ts';
import { type InFlightState, NOBODY } from './in-flight-state.ts';
import type { InFlightWindow } from './in-flight-window.ts';
import { AcknowledgeType, RecordState, stateAfter } from './record-state.ts';

export interface AcknowledgementBatch {
  readonly firstOffset: number;
  readonly lastOffset: number;
  /** One for all offsets, or one for each. */
  readonly acknowledgeTypes: readonly number[];
}

export interface ShareError {
  readonly error: ErrorName;
  readonly message: string | null;
}

export interface BegunChange {
  readonly state: InFlightState;
  readonly written: StateBatch;
}

export interface ChangeRules {
  readonly deliveryCountLimit: number;
  /** share.renew.acknowledge.enable */
  readonly isRenewEnabled: boolean;
  /** Of a lock that begins now. */
  readonly lockEndsMs: number;
}

export interface Acknowledgement extends ChangeRules {
  readonly memberId: string;
  readonly batches: readonly AcknowledgementBatch[];
}

/** Begins the changes, and collects them; null, or what is wrong. */
export function beginAcknowledgement(
  window: InFlightWindow,
  acknowledgement: Acknowledgement,
  begun: BegunChange[],
): ShareError | null {
  for (const batch of acknowledgement.batches) {
    if (batch.acknowledgeTypes.some(isUnknown)) {
      return refused('INVALID_REQUEST', `Invalid acknowledge type: [${batch.acknowledgeTypes.join(', ')}]`);
    }
    if (batch.lastOffset < window.startOffset) continue;
    const found = findBatches(window, batch);
    if ('error' in found) return found;
    for (const inFlight of found) {
      if (inFlight.lastOffset < window.startOffset) continue;
      const error = acknowledgeBatch({ window, acknowledgement, batch, begun }, inFlight);
      if (error !== null) return error;
    }
  }
  return null;
}

function isUnknown(type: number): boolean {
  return type !== AcknowledgeType.RENEW && stateAfter(type) === undefined;
}

function refused(error: ErrorName, message: string): ShareError {
  return { error, message };
}

const invalidState = (message: string) => refused('INVALID_RECORD_STATE', message);

const CHANGING = 'The record state is invalid. The acknowledgement of delivery could not be completed.';

function findBatches(window: InFlightWindow, batch: AcknowledgementBatch): InFlightBatch[] | ShareError {
  const { firstOffset, lastOffset } = batch;
  let floor = window.floor(firstOffset);
  if (floor === undefined && firstOffset < window.startOffset) floor = window.floor(window.startOffset);
  if (floor === undefined) {
    return invalidState('Batch record not found. The request batch offsets are not found in the cache.');
  }
  const found = window.beginningWithin(floor.firstOffset, lastOffset);
  const last = found.at(-1)!.lastOffset;
  if (last < firstOffset) {
    return refused(
      'INVALID_REQUEST',
      'Batch record not found. The first offset in request is past acquired records.',
    );
  }
  if (lastOffset > last) {
    return refused(
      'INVALID_REQUEST',
      'Batch record not found. The last offset in request is past acquired records.',
    );
  }
  return found;
}

interface Acknowledging {
  readonly window: InFlightWindow;
  readonly acknowledgement: Acknowledgement;
  readonly batch: AcknowledgementBatch;
  readonly begun: BegunChange[];
}

function acknowledgeBatch(acknowledging: Acknowledging, inFlight: InFlightBatch): ShareError | null {
  const { window, acknowledgement, batch } = acknowledging;
  const { whole } = inFlight;
  if (whole === null) return acknowledgeOffsets(acknowledging, inFlight);
  if (whole.memberId === NOBODY) {
    return invalidState('The batch cannot be acknowledged. The batch is not in the acquired state.');
  }
  if (whole.memberId !== acknowledgement.memberId)
    return invalidState('Member is not the owner of batch record');
  if (whole.isChanging) return invalidState(CHANGING);
  const isWhole =
    inFlight.liesWithin(batch.firstOffset, batch.lastOffset) &&
    batch.acknowledgeTypes.length === 1 &&
    inFlight.firstOffset >= window.startOffset;
  if (isWhole) {
    const { firstOffset, lastOffset } = inFlight;
    return acknowledgeState(acknowledging, whole, {
      firstOffset,
      lastOffset,
      type: batch.acknowledgeTypes[0]!,
    });
  }
  inFlight.split();
  return acknowledgeOffsets(acknowledging, inFlight);
}

function acknowledgeOffsets(acknowledging: Acknowledging, inFlight: InFlightBatch): ShareError | null {
  const { window, acknowledgement, batch } = acknowledging;
  const first = Math.max(batch.firstOffset, window.startOffset);
  for (const { state, firstOffset: offset } of inFlight.statesWithin(first, batch.lastOffset)) {
    if (state.state !== RecordState.ACQUIRED) {
      return invalidState('The offset cannot be acknowledged. The offset is not acquired.');
    }
    if (state.isChanging) return invalidState(CHANGING);
    if (state.memberId !== acknowledgement.memberId) return invalidState('Member is not the owner of offset');
    const types = batch.acknowledgeTypes;
    const type = types.length > 1 ? types[offset - batch.firstOffset]! : types[0]!;
    const error = acknowledgeState(acknowledging, state, { firstOffset: offset, lastOffset: offset, type });
    if (error !== null) return error;
  }
  return null;
}

function acknowledgeState(
  { acknowledgement, begun }: Acknowledging,
  state: InFlightState,
  range: { readonly firstOffset: number; readonly lastOffset: number; readonly type: number },
): ShareError | null {
  const { deliveryCountLimit, isRenewEnabled, lockEndsMs } = acknowledgement;
  const to = stateAfter(range.type);
  if (to === undefined) {
    if (!isRenewEnabled) return invalidState('Renewing acquisition locks is not enabled for the group.');
    state.renew(lockEndsMs);
    return null;
  }
  if (!state.begin({ to, deliveryCountLimit }))
    return invalidState('Unable to acknowledge records for the batch');
  begun.push({ state, written: writtenOf(state, range) });
  return null;
}

/** A member has left: what it holds goes back. */
export function beginRelease(
  window: InFlightWindow,
  { memberId, deliveryCountLimit }: { readonly memberId: string; readonly deliveryCountLimit: number },
): BegunChange[] {
  const begun: BegunChange[] = [];
  for (const batch of window.batches) {
    splitAtStart(window, batch);
    for (const { state, firstOffset, lastOffset } of batch.statesWithin()) {
      if (state.memberId !== memberId) continue;
      const to = lastOffset < window.startOffset ? RecordState.ARCHIVED : RecordState.AVAILABLE;
      if (!state.begin({ to, deliveryCountLimit })) continue;
      begun.push({ state, written: writtenOf(state, { firstOffset, lastOffset }) });
    }
  }
  return begun;
}

/** Gives back what was held too long, for good; what of it is to be written. */
export function endLocks(
  window: InFlightWindow,
  { nowMs, deliveryCountLimit }: { readonly nowMs: number; readonly deliveryCountLimit: number },
): StateBatch[] {
  const written: StateBatch[] = [];
  for (const batch of window.batches) {
    if (batch.whole?.isExpired(nowMs) === true) splitAtStart(window, batch);
    for (const { state, firstOffset, lastOffset } of batch.statesWithin()) {
      if (!state.isExpired(nowMs)) continue;
      const to = lastOffset < window.startOffset ? RecordState.ARCHIVED : RecordState.AVAILABLE;
      if (!state.giveUp({ to, deliveryCountLimit })) continue;
      if (state.isAvailable) window.becameAvailable();
      written.push(writtenOf(state, { firstOffset, lastOffset }));
    }
  }
  return written;
}

/** When the next of the locks ends; null without any. */
export function nextLockEndMs(window: InFlightWindow, nowMs: number): number | null {
  let next: number | null = null;
  for (const batch of window.batches) {
    for (const { state } of batch.statesWithin()) {
      // One that ended while a change of its record is written ends with that change.
      if (state.lockEndsMs === null || (state.isChanging && state.isExpired(nowMs))) continue;
      if (next === null || state.lockEndsMs < next) next = state.lockEndsMs;
    }
  }
  return next;
}

/** Records of it below the start offset are no more: they go another way than the rest. */
function splitAtStart({ startOffset }: InFlightWindow, batch: InFlightBatch): void {
  const isAcross = batch.firstOffset < startOffset && batch.lastOffset >= startOffset;
  if (isAcross && batch.whole?.state === RecordState.ACQUIRED) batch.split();
}

function writtenOf(
  { state, deliveryCount }: InFlightState,
  { firstOffset, lastOffset }: { readonly firstOffset: number; readonly lastOffset: number },
): StateBatch {
  return { firstOffset, lastOffset, deliveryState: state, deliveryCount };
}
