// Builds a produced batch anew with the codec that its topic asks for (LogValidator.buildRecordsAndAssignOffsets). Only
// for batches whose records have been walked and found good. Offsets become 0, 1, 2 and so on; the base timestamp
// becomes that of the first record; record by record, so that a million small ones are no million objects.

import * as header from './batch-header.ts';
import { type BatchFields, finishBatch, PayloadWriter } from './build-batch.ts';
import { walked, walkRecord } from './record-walk.ts';

export function recompress(
  batch: Buffer,
  payload: Buffer,
  fields: Pick<BatchFields, 'codec' | 'compressionLevel' | 'logAppendTimeMs'>,
): Buffer {
  const count = header.recordCount(batch, 0);
  const sourceBase = header.baseTimestamp(batch, 0);
  // Read under LogAppendTime, all records have the time of the batch.
  const batchTimestamp = header.isLogAppendTime(batch, 0) ? header.maxTimestamp(batch, 0) : null;
  const writer = new PayloadWriter();
  let baseTimestamp = header.NO_TIMESTAMP;
  let maxTimestamp = header.NO_TIMESTAMP;
  let position = 0;
  for (let index = 0; index < count; index++) {
    walkRecord(payload, position, payload.length);
    position = walked.end;
    const timestamp = batchTimestamp ?? sourceBase + walked.timestampDelta;
    if (index === 0) baseTimestamp = timestamp;
    if (timestamp > maxTimestamp) maxTimestamp = timestamp;
    const tail = payload.subarray(walked.tail, walked.end);
    writer.appendEncoded(tail, { offsetDelta: index, timestampDelta: timestamp - baseTimestamp });
  }
  return finishBatch(writer, {
    ...fields,
    baseTimestamp,
    maxTimestamp,
    lastOffsetDelta: count - 1,
    producerId: header.producerId(batch, 0),
    producerEpoch: header.producerEpoch(batch, 0),
    baseSequence: header.baseSequence(batch, 0),
    transactional: header.isTransactional(batch, 0),
  });
}
