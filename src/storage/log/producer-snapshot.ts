// `<offset>.snapshot`: the producers of a partition as they were before that offset (ProducerSnapshot). Big-endian:
//   int16  version 1
//   uint32 CRC-32C over everything behind it
//   int32  number of entries, then for each, 46 bytes:
//     int64 producerId, int16 epoch, int32 lastSequence, int64 lastOffset, int32 offsetDelta, int64 timestamp,
//     int32 coordinatorEpoch, int64 currentTxnFirstOffset (-1: none)
// Only the last batch of a producer is kept; -1 in lastOffset says that only a transaction marker made the entry.
// A snapshot that does not check is not used: the log is read from an older one.

import { crc32c } from '../../protocol/wire/crc32c.ts';
import { readInt64, writeInt64 } from './int64.ts';
import { ProducerEntry } from './producer-entry.ts';

const VERSION = 1;
const HEADER_BYTES = 10;
const ENTRY_BYTES = 46;

export function encodeProducerSnapshot(entries: Iterable<ProducerEntry>, count: number): Buffer {
  const buffer = Buffer.alloc(HEADER_BYTES + count * ENTRY_BYTES);
  buffer.writeInt16BE(VERSION, 0);
  buffer.writeInt32BE(count, 6);
  let at = HEADER_BYTES;
  for (const entry of entries) {
    const last = entry.batches.at(-1);
    buffer.writeBigInt64BE(entry.producerId, at);
    buffer.writeInt16BE(entry.producerEpoch, at + 8);
    buffer.writeInt32BE(entry.lastSequence, at + 10);
    writeInt64(buffer, last?.lastOffset ?? -1, at + 14);
    buffer.writeInt32BE(last?.offsetDelta ?? 0, at + 22);
    writeInt64(buffer, entry.lastTimestamp, at + 26);
    buffer.writeInt32BE(entry.coordinatorEpoch, at + 34);
    writeInt64(buffer, entry.currentTransactionFirstOffset, at + 38);
    at += ENTRY_BYTES;
  }
  buffer.writeUInt32BE(crc32c(buffer, 6), 2);
  return buffer;
}

/** Or why it cannot be used. */
export function decodeProducerSnapshot(buffer: Buffer): ProducerEntry[] | { readonly damaged: string } {
  if (buffer.length < HEADER_BYTES) return { damaged: `${buffer.length} bytes are no snapshot` };
  const version = buffer.readInt16BE(0);
  if (version !== VERSION) return { damaged: `version ${version}, known is ${VERSION}` };
  if (buffer.readUInt32BE(2) !== crc32c(buffer, 6)) return { damaged: 'its checksum does not fit' };
  const count = buffer.readInt32BE(6);
  if (count < 0 || buffer.length !== HEADER_BYTES + count * ENTRY_BYTES)
    return { damaged: `${count} entries do not fill it` };
  const entries: ProducerEntry[] = [];
  for (let at = HEADER_BYTES; at < buffer.length; at += ENTRY_BYTES) entries.push(decodeEntry(buffer, at));
  return entries;
}

function decodeEntry(buffer: Buffer, at: number): ProducerEntry {
  const entry = new ProducerEntry(buffer.readBigInt64BE(at));
  const producerEpoch = buffer.readInt16BE(at + 8);
  const lastOffset = readInt64(buffer, at + 14);
  const timestamp = readInt64(buffer, at + 26);
  entry.producerEpoch = producerEpoch;
  entry.lastTimestamp = timestamp;
  entry.coordinatorEpoch = buffer.readInt32BE(at + 34);
  entry.currentTransactionFirstOffset = Math.max(-1, readInt64(buffer, at + 38));
  if (lastOffset >= 0) {
    const lastSequence = buffer.readInt32BE(at + 10);
    entry.addBatch(producerEpoch, {
      lastSequence,
      lastOffset,
      offsetDelta: buffer.readInt32BE(at + 22),
      timestamp,
    });
  }
  return entry;
}
