// Control records: the markers that end transactions and the records with which KRaft speaks of itself. Their key is
// int16 version 0, int16 type (ControlRecordType); markers have int16 version 0, int32 coordinator epoch as value,
// KRaft's values are messages of protocol/messages/records, written by their codec without a frame.

import { DecodeError } from '../wire/decode-error.ts';
import { type BatchFields, buildBatch } from './build-batch.ts';

export const ControlType = {
  ABORT: 0,
  COMMIT: 1,
  LEADER_CHANGE: 2,
  SNAPSHOT_HEADER: 3,
  SNAPSHOT_FOOTER: 4,
  KRAFT_VERSION: 5,
  KRAFT_VOTERS: 6,
} as const;
export type ControlTypeName = keyof typeof ControlType;

const KEY_SIZE = 4;
const MARKER_SIZE = 6;
const names = Object.keys(ControlType) as ControlTypeName[];

/** The type of a control record; null for one that this version does not know and must pass over. */
export function controlTypeOf(key: Buffer | null): ControlTypeName | null {
  if (key === null || key.length < KEY_SIZE) {
    throw new DecodeError(
      `the key of a control record has ${key?.length ?? 0} bytes; ${KEY_SIZE} are expected`,
    );
  }
  if (key.readInt16BE(0) < 0)
    throw new DecodeError(`the key of a control record has the version ${key.readInt16BE(0)}`);
  return names[key.readInt16BE(2)] ?? null;
}

/** The coordinator epoch in the value of a COMMIT or ABORT marker. */
export function coordinatorEpochOf(value: Buffer | null): number {
  if (value === null || value.length < MARKER_SIZE) {
    throw new DecodeError(
      `the value of a transaction marker has ${value?.length ?? 0} bytes; ${MARKER_SIZE} are expected`,
    );
  }
  return value.readInt32BE(2);
}

export interface ControlRecordInput {
  readonly type: ControlTypeName;
  readonly value: Buffer;
}

/** A control batch of one or more records. */
export function buildControlBatch({
  records,
  timestamp,
  ...fields
}: Omit<BatchFields, 'control' | 'codec'> & {
  readonly records: readonly ControlRecordInput[];
  readonly timestamp: number;
}): Buffer {
  return buildBatch({
    ...fields,
    control: true,
    records: records.map(({ type, value }) => ({ key: controlKey(type), value, timestamp })),
  });
}

/** The marker that ends a producer's transaction in one partition. */
export function buildTransactionMarker(marker: {
  readonly type: 'COMMIT' | 'ABORT';
  readonly producerId: bigint;
  readonly producerEpoch: number;
  readonly coordinatorEpoch: number;
  readonly timestamp: number;
  readonly baseOffset?: number;
  readonly leaderEpoch?: number;
}): Buffer {
  const { type, coordinatorEpoch, ...fields } = marker;
  const value = Buffer.alloc(MARKER_SIZE);
  value.writeInt32BE(coordinatorEpoch, 2);
  return buildControlBatch({ ...fields, transactional: true, records: [{ type, value }] });
}

function controlKey(type: ControlTypeName): Buffer {
  const key = Buffer.alloc(KEY_SIZE);
  key.writeInt16BE(ControlType[type], 2);
  return key;
}
