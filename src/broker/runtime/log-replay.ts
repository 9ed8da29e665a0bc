// Replays a log into a state: start-up, and the way back after a failed append. Reads in bounded slices, never changes
// the log, and stops at the first record that does not decode where the codec says that it must.

import { KafkaError } from '../../protocol/errors.ts';
import * as header from '../../protocol/records/batch-header.ts';
import { readRecords } from '../../protocol/records/read-records.ts';
import type { ReadIsolation } from '../../storage/log/outcomes.ts';
import type { PartitionLog } from '../../storage/log/partition-log.ts';
import type { RecordCodec } from './record-codec.ts';
import type { ShardState } from './shard.ts';

/** Read at once: large enough to be quick, small beside the state it builds. */
const SLICE_BYTES_MAX = 4 * 1024 * 1024;

export interface LogReplayOptions<Record> {
  readonly log: PartitionLog;
  readonly codec: RecordCodec<Record>;
  readonly state: ShardState<Record>;
  readonly fromOffset: number;
  /** `log_end`: everything appended; `read_uncommitted`: what is durable. */
  readonly isolation: ReadIsolation;
}

/** Returns the offset behind the last record replayed. */
export function replayLog<Record>(options: LogReplayOptions<Record>): number {
  const { log, isolation } = options;
  const endOffset = isolation === 'log_end' ? log.logEndOffset : log.highWatermark;
  let offset = options.fromOffset;
  while (offset < endOffset) {
    const slice = log.read({ offset, maxBytes: SLICE_BYTES_MAX, isolation, atLeastOneBatch: true });
    if (slice.error !== null) {
      throw new KafkaError(
        slice.error,
        `${log.topic}-${log.partition} could not be read at offset ${offset}.`,
      );
    }
    const bytes = slice.buffers.length === 1 ? slice.buffers[0]! : Buffer.concat(slice.buffers);
    const nextOffset = replayBatches(bytes, { ...options, fromOffset: offset });
    slice.release();
    if (nextOffset === offset) break;
    offset = nextOffset;
  }
  return Math.max(offset, endOffset);
}

/** Replays the whole batches in `bytes`; one cut at the end is left for the next slice. Also reads snapshots. */
export function replayBatches<Record>(
  bytes: Buffer,
  options: Pick<LogReplayOptions<Record>, 'codec' | 'state' | 'fromOffset'>,
): number {
  let position = 0;
  let nextOffset = options.fromOffset;
  while (position + header.BATCH_OVERHEAD <= bytes.length) {
    const sizeInBytes = header.sizeInBytes(bytes, position);
    if (position + sizeInBytes > bytes.length) break;
    replayBatch(bytes.subarray(position, position + sizeInBytes), options);
    nextOffset = header.baseOffset(bytes, position) + header.lastOffsetDelta(bytes, position) + 1;
    position += sizeInBytes;
  }
  return nextOffset;
}

function replayBatch<Record>(
  batch: Buffer,
  { codec, state, fromOffset }: Pick<LogReplayOptions<Record>, 'codec' | 'state' | 'fromOffset'>,
): void {
  const isControl = header.isControl(batch, 0);
  const ofBatch = {
    producerId: header.producerId(batch, 0),
    producerEpoch: header.producerEpoch(batch, 0),
    isTransactional: header.isTransactional(batch, 0),
  };
  for (const { offset, timestamp, key, value } of readRecords(batch)) {
    // The first batch of a slice may begin before the offset asked for.
    if (offset < fromOffset) continue;
    const position = { offset, timestampMs: timestamp, ...ofBatch };
    if (isControl) {
      // Key of a control record: int16 version, int16 type.
      if (key !== null && key.length >= 4)
        state.replayControl?.({ type: key.readInt16BE(2), value }, position);
      continue;
    }
    const record = codec.decode(key, value);
    if (record !== null) state.replay(record, position);
  }
}
