// What the log needs to know of one batch, read from its header once; for a control batch that ends a transaction also
// the marker in its only record: key = int16 version, int16 type (0 abort, 1 commit); value = int16 version, int32
// coordinatorEpoch (EndTransactionMarker). Other control types (KRaft's) do not touch producers.

import {
  baseSequence,
  hasProducerId,
  isControl,
  isTransactional,
  lastOffsetDelta,
  maxTimestamp,
  producerEpoch,
  producerId,
  sizeInBytes,
} from '../../protocol/records/batch-header.ts';
import { controlTypeOf, coordinatorEpochOf } from '../../protocol/records/control-records.ts';
import { iterateRecords } from '../../protocol/records/read-records.ts';
import { DecodeError } from '../../protocol/wire/decode-error.ts';
import type { ProducedBatch, TransactionMarker } from './producer-state.ts';

/** null when the batch has no producer id: most have none, and then nothing is made. The whole batch lies in the buffer. */
export function producedBatch(buffer: Buffer, at: number): ProducedBatch | null {
  if (!hasProducerId(buffer, at)) return null;
  const control = isControl(buffer, at);
  return {
    producerId: producerId(buffer, at),
    producerEpoch: producerEpoch(buffer, at),
    baseSequence: baseSequence(buffer, at),
    lastOffsetDelta: lastOffsetDelta(buffer, at),
    maxTimestamp: maxTimestamp(buffer, at),
    isTransactional: isTransactional(buffer, at),
    isControl: control,
    marker: control ? readTransactionMarker(buffer.subarray(at, at + sizeInBytes(buffer, at))) : null,
  };
}

/** null for other control types, and for a control batch that compaction emptied. */
function readTransactionMarker(batch: Buffer): TransactionMarker | null {
  try {
    for (const record of iterateRecords(batch)) {
      const type = controlTypeOf(record.key);
      if (type !== 'COMMIT' && type !== 'ABORT') return null;
      return { isCommit: type === 'COMMIT', coordinatorEpoch: coordinatorEpochOf(record.value) };
    }
    return null;
  } catch (error) {
    if (error instanceof DecodeError) return null;
    throw error;
  }
}
