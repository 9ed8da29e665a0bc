// What becomes of the records of one partition in a Produce request. Types only, and the makers of refusals.

import type { ErrorName } from '../errors.ts';

export interface AcceptedBatch {
  readonly ok: true;
  /** The one batch, base offset and leader epoch not yet stamped. A view of the request, or new when compressed anew. */
  readonly batch: Buffer;
  readonly recordCount: number;
  readonly maxTimestamp: number;
  /** -1 with CreateTime. */
  readonly logAppendTimeMs: number;
}

export interface RecordFault {
  readonly index: number;
  readonly message: string;
}

export interface RefusedRecords {
  readonly ok: false;
  /** Apache Kafka answers every partition of the request with this error. */
  readonly failsRequest: boolean;
  /** Found while appending: the answer carries the partition's log start offset, else -1. */
  readonly isAppendStage: boolean;
  readonly error: ErrorName;
  /** For the answer's errorMessage; mostly null, as Apache Kafka's. */
  readonly message: string | null;
  readonly recordErrors: readonly RecordFault[];
  /** What was wrong, for the log of the broker. */
  readonly reason: string;
}

/** Where a refusal was decided; see `failsRequest` and `isAppendStage`. */
export type Stage = 'request' | 'parse' | 'append';

export type ProduceOutcome = AcceptedBatch | RefusedRecords;

const NO_RECORD_ERRORS: readonly RecordFault[] = [];

/** A refusal whose answer says no more than the error code. */
export function refused(stage: Stage, error: ErrorName, reason: string): RefusedRecords {
  return { ...refusedAloud(stage, error, reason), message: null };
}

/** A refusal whose answer says why. */
export function refusedAloud(
  stage: Stage,
  error: ErrorName,
  message: string,
  recordErrors: readonly RecordFault[] = NO_RECORD_ERRORS,
): RefusedRecords {
  return {
    ok: false,
    failsRequest: stage === 'request',
    isAppendStage: stage === 'append',
    error,
    message,
    recordErrors,
    reason: message,
  };
}
