// Decides on the records of one partition in a Produce request exactly as Apache Kafka 4.3 does (KafkaApis,
// ProduceRequest.validateRecords, UnifiedLog.analyzeAndValidateRecords, LogValidator), text for text. Pure: no clock, no
// state. An accepted batch is rewritten IN PLACE where Kafka rewrites it (timestamp type, maxTimestamp, CRC); a batch
// whose codec is not the topic's is built anew. Sequences and epochs are the log's to check.
//
// Where this differs from Apache Kafka, on purpose:
// - Records that decompress to more than decompressedBytesMax (128 MiB) are MESSAGE_TOO_LARGE: producers split such a
//   batch and send it again. Kafka has no bound.
// - A batch with a timestamp beyond ±2^53 ms (the year 287,396) is INVALID_TIMESTAMP whatever the topic allows.
// - A payload is decompressed whole before its first record is looked at, so damage behind a malformed record is
//   UNKNOWN_SERVER_ERROR where Kafka, which streams, says INVALID_RECORD; and no text of a native library is quoted.
// - At most 10,000 record errors are listed; the text counts all of them.
// - Compressed anew, key, value and headers are copied as sent: a null written as -2 stays -2, where Kafka writes -1.
// - A batch length of 14 is CORRUPT_MESSAGE like other short ones; Kafka says UNKNOWN_SERVER_ERROR.

import { DecodeError } from '../wire/decode-error.ts';
import * as header from './batch-header.ts';
import { BatchScan, nextBatchSize, scanFaultText } from './batch-scan.ts';
import { CODEC_IDS, type CodecName, CompressionError, OutputTooLargeError } from './compression/codec.ts';
import { codecName, DECOMPRESSED_BYTES_MAX } from './compression/index.ts';
import { type ProduceOutcome, type RefusedRecords, refused } from './produce-outcome.ts';
import { recordsPayload } from './read-records.ts';
import { recompress } from './recompress.ts';
import { RecordChecks, type RecordRules } from './record-checks.ts';
import { isVarintTooLong } from './record-walk.ts';

export interface ProduceRules extends RecordRules {
  readonly apiVersion: number;
  /** max.message.bytes: of the whole batch, inclusive. */
  readonly maxMessageBytes: number;
  /** compression.type of the topic. */
  readonly compressionType: 'producer' | 'uncompressed' | Exclude<CodecName, 'none'>;
  /** compression.<codec>.level of the topic, for the codec that compressionType names. */
  readonly compressionLevel?: number;
  readonly transactionalIdPresent: boolean;
  readonly decompressedBytesMax?: number;
}

const ZSTD_VERSION_MIN = 7;

/** What a caller whom others wait for is willing to look at. */
export interface Patience {
  readonly recordsMax: number;
  readonly decompressedBytesMax: number;
}

export function validateProducedRecords(records: Buffer, rules: ProduceRules): ProduceOutcome {
  return validated(records, rules, null) as ProduceOutcome;
}

/** The same, but null, and nothing changed, when a compressed batch holds more than the caller has patience for. */
export function validateWithPatience(
  records: Buffer,
  rules: ProduceRules,
  patience: Patience,
): ProduceOutcome | null {
  return validated(records, rules, patience);
}

function validated(records: Buffer, rules: ProduceRules, patience: Patience | null): ProduceOutcome | null {
  const size = nextBatchSize(records, 0, records.length);
  const fault =
    requestFault(records, size, rules.transactionalIdPresent) ?? partitionFault(records, size, rules);
  if (fault !== null) return fault;
  const batch = records.length === size ? records : records.subarray(0, size);
  return analyzeFault(batch, rules) ?? validateBatch(batch, rules) ?? validateRecords(batch, rules, patience);
}

/**
 * What in the first batch of one partition makes Apache Kafka fail the whole request. A Produce handler asks for all
 * partitions before it appends the first.
 */
export function requestFaultOf(records: Buffer, transactionalIdPresent: boolean): RefusedRecords | null {
  return requestFault(records, nextBatchSize(records, 0, records.length), transactionalIdPresent);
}

function requestFault(records: Buffer, size: number, transactionalIdPresent: boolean): RefusedRecords | null {
  if (size === BatchScan.INCOMPLETE) return null;
  if (size < 0) return scanRefusal(records, 0, size, 'request');
  if (
    !transactionalIdPresent &&
    header.magic(records, 0) === header.CURRENT_MAGIC &&
    header.isTransactional(records, 0)
  ) {
    return refused(
      'request',
      'TRANSACTIONAL_ID_AUTHORIZATION_FAILED',
      'A transactional batch came without a transactional id.',
    );
  }
  return null;
}

function scanRefusal(
  records: Buffer,
  position: number,
  fault: number,
  stage: 'request' | 'parse',
): RefusedRecords {
  if (fault === BatchScan.OVERFLOW) {
    return refused(
      'request',
      'UNKNOWN_SERVER_ERROR',
      `A batch claims ${records.readInt32BE(position + header.LENGTH_POSITION)} bytes.`,
    );
  }
  const text = scanFaultText(records, position, fault)!;
  const refusal = refused(stage, 'CORRUPT_MESSAGE', text);
  return stage === 'request' ? { ...refusal, message: text } : refusal;
}

/** ProduceRequest.validateRecords: one batch of magic 2, and nothing whole behind it. */
function partitionFault(records: Buffer, size: number, { apiVersion }: ProduceRules): RefusedRecords | null {
  const requests = `Produce requests with version ${apiVersion}`;
  if (size === BatchScan.INCOMPLETE) {
    return refused(
      'parse',
      'INVALID_RECORD',
      `${requests} must have at least one record batch per partition`,
    );
  }
  if (header.magic(records, 0) !== header.CURRENT_MAGIC) {
    return refused(
      'parse',
      'INVALID_RECORD',
      `${requests} are only allowed to contain record batches with magic version 2`,
    );
  }
  if (apiVersion < ZSTD_VERSION_MIN && header.codecId(records, 0) === CODEC_IDS.zstd) {
    return refused(
      'parse',
      'UNSUPPORTED_COMPRESSION_TYPE',
      `${requests} are not allowed to use ZStandard compression`,
    );
  }
  if (records.length === size) return null;
  const second = nextBatchSize(records, size, records.length);
  if (second === BatchScan.INCOMPLETE) return null;
  if (second < 0) return scanRefusal(records, size, second, 'parse');
  return refused(
    'parse',
    'INVALID_RECORD',
    `${requests} are only allowed to contain exactly one record batch per partition`,
  );
}

/** UnifiedLog.analyzeAndValidateRecords. */
function analyzeFault(
  batch: Buffer,
  { maxMessageBytes, topicPartition }: ProduceRules,
): RefusedRecords | null {
  if (batch.readInt32BE(0) !== 0 || batch.readInt32BE(4) !== 0) {
    const offset = batch.readBigInt64BE(header.BASE_OFFSET_POSITION);
    return refused(
      'append',
      'INVALID_RECORD',
      `The baseOffset of the record batch in the append to ${topicPartition} should be 0, but it is ${offset}`,
    );
  }
  if (batch.length > maxMessageBytes) return tooLarge(batch, maxMessageBytes, topicPartition);
  if (batch.length < header.BATCH_OVERHEAD || !header.verifyCrc(batch, 0)) {
    return refused(
      'parse',
      'CORRUPT_MESSAGE',
      `Record is corrupt (stored crc = ${header.crc(batch, 0)}) in topic partition ${topicPartition}.`,
    );
  }
  if (codecName(header.codecId(batch, 0)) === undefined) {
    return refused(
      'append',
      'UNKNOWN_SERVER_ERROR',
      `Unknown compression type id: ${header.codecId(batch, 0)}`,
    );
  }
  return null;
}

function tooLarge(batch: Buffer, maxMessageBytes: number, topicPartition: string): RefusedRecords {
  const reason = `The record batch size in the append to ${topicPartition} is ${batch.length} bytes which exceeds the maximum configured value of ${maxMessageBytes}).`;
  return refused('parse', 'MESSAGE_TOO_LARGE', reason);
}

/** LogValidator.validateBatch, for batches of clients. */
function validateBatch(batch: Buffer, { topicPartition }: ProduceRules): RefusedRecords | null {
  const lastOffset = header.lastOffsetDelta(batch, 0);
  const count = header.recordCount(batch, 0);
  let reason: string | null = null;
  if (lastOffset < 0) reason = `Batch has an invalid offset range: [0, ${lastOffset}]`;
  else if (count <= 0) reason = `Invalid reported count for record batch: ${count}`;
  else if (lastOffset + 1 !== count)
    reason = `Inconsistent batch offset range [0, ${lastOffset}] and count of records ${count}`;
  else if (header.isControl(batch, 0)) reason = 'Clients are not allowed to write control records';
  else if (header.hasProducerId(batch, 0) && header.baseSequence(batch, 0) < 0) {
    reason = `Invalid sequence number ${header.baseSequence(batch, 0)} in record batch with producerId ${header.producerId(batch, 0)}`;
  }
  if (reason === null) return null;
  return refused('append', 'INVALID_RECORD', `${reason} in topic partition ${topicPartition}`);
}

/** LogValidator.assignOffsetsNonCompressed and validateMessagesAndAssignOffsetsCompressed. */
function validateRecords(
  batch: Buffer,
  rules: ProduceRules,
  patience: Patience | null,
): ProduceOutcome | null {
  const source = codecName(header.codecId(batch, 0))!;
  if (patience !== null && source !== 'none' && header.recordCount(batch, 0) > patience.recordsMax)
    return null;
  const target = targetCodec(rules.compressionType, source);
  const payload =
    source === 'none' ? batch.subarray(header.BATCH_OVERHEAD) : decompressed(batch, rules, patience);
  if (!Buffer.isBuffer(payload)) return payload;
  const checks = new RecordChecks(batch, payload, rules);
  try {
    checks.run(source !== 'none' && source === target ? 'loose' : 'strict');
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    // Kafka catches an overlong length of a record only in the stream of a compressed batch.
    const overlong = source === 'none' && isVarintTooLong(payload, checks.position, payload.length);
    return refused('append', overlong ? 'UNKNOWN_SERVER_ERROR' : 'INVALID_RECORD', error.message);
  }
  const refusal = checks.refusal();
  if (refusal !== null) return refusal;
  if (source !== target) return rebuilt(batch, payload, rules, target);
  if (source !== 'none' && checks.offsetsDiffer) {
    return refused(
      'append',
      'UNKNOWN_SERVER_ERROR',
      'The offset deltas inside a compressed batch are not 0, 1, 2 and so on.',
    );
  }
  const logAppendTime = rules.timestampType === 'LogAppendTime';
  const timestamp = logAppendTime ? rules.nowMs : checks.maxTimestamp;
  header.setMaxTimestamp(batch, 0, { logAppendTime, timestamp });
  return accepted(batch, rules);
}

function rebuilt(batch: Buffer, payload: Buffer, rules: ProduceRules, target: CodecName): ProduceOutcome {
  const built = recompress(batch, payload, {
    codec: target,
    ...(rules.compressionLevel === undefined ? {} : { compressionLevel: rules.compressionLevel }),
    logAppendTimeMs: rules.timestampType === 'LogAppendTime' ? rules.nowMs : undefined,
  });
  if (built.length > rules.maxMessageBytes)
    return tooLarge(built, rules.maxMessageBytes, rules.topicPartition);
  return accepted(built, rules);
}

function accepted(batch: Buffer, { timestampType, nowMs }: ProduceRules): ProduceOutcome {
  return {
    ok: true,
    batch,
    recordCount: header.recordCount(batch, 0),
    maxTimestamp: header.maxTimestamp(batch, 0),
    logAppendTimeMs: timestampType === 'LogAppendTime' ? nowMs : -1,
  };
}

function decompressed(
  batch: Buffer,
  { decompressedBytesMax = DECOMPRESSED_BYTES_MAX }: ProduceRules,
  patience: Patience | null,
): Buffer | RefusedRecords | null {
  const bytesMax = Math.min(decompressedBytesMax, patience?.decompressedBytesMax ?? decompressedBytesMax);
  try {
    return recordsPayload(batch, bytesMax);
  } catch (error) {
    if (error instanceof OutputTooLargeError) {
      if (bytesMax < decompressedBytesMax) return null;
      return {
        ...refused('append', 'MESSAGE_TOO_LARGE', error.message),
        message: `${error.message}; send smaller batches.`,
      };
    }
    if (error instanceof CompressionError) return refused('append', 'UNKNOWN_SERVER_ERROR', error.message);
    throw error;
  }
}

function targetCodec(compressionType: ProduceRules['compressionType'], source: CodecName): CodecName {
  if (compressionType === 'producer') return source;
  return compressionType === 'uncompressed' ? 'none' : compressionType;
}
