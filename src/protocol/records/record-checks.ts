// The checks on every record of a produced batch (LogValidator.validateRecord): a key where the topic is compacted, a
// timestamp within the topic's bounds. Collects the errors of records instead of stopping at the first, as Apache Kafka
// does; malformed records throw DecodeError and end it. Allocates nothing while the records are good.

import { DecodeError } from '../wire/decode-error.ts';
import * as header from './batch-header.ts';
import { type RecordFault, type RefusedRecords, refusedAloud } from './produce-outcome.ts';
import { exactTimestampDelta, walked, walkRecord, walkRecordLoosely } from './record-walk.ts';

export interface RecordRules {
  /** As Kafka writes it, `topic-0`; only for texts. */
  readonly topicPartition: string;
  /** cleanup.policy contains `compact`. */
  readonly compacted: boolean;
  /** message.timestamp.type */
  readonly timestampType: 'CreateTime' | 'LogAppendTime';
  /** message.timestamp.before.max.ms; its default, 2^63-1, may be rounded. */
  readonly timestampBeforeMaxMs: number;
  readonly timestampAfterMaxMs: number;
  readonly nowMs: number;
}

/** Each costs a text in the answer; a batch can hold millions. */
const RECORD_ERRORS_MAX = 10_000;
const LONG_MAX = 2n ** 63n - 1n;

export class RecordChecks {
  /** Of the record that is being looked at. */
  position = 0;
  maxTimestamp = header.NO_TIMESTAMP;
  /** Some offset delta is not the record's index. */
  offsetsDiffer = false;
  readonly #batch: Buffer;
  readonly #payload: Buffer;
  readonly #rules: RecordRules;
  #mode: 'strict' | 'loose' = 'strict';
  #timestampFault = false;
  #faultCount = 0;
  #faults: RecordFault[] | null = null;

  constructor(batch: Buffer, payload: Buffer, rules: RecordRules) {
    this.#batch = batch;
    this.#payload = payload;
    this.#rules = rules;
  }

  /** Looks at all records. `loose` is how Kafka reads batches that it leaves compressed. */
  run(mode: 'strict' | 'loose'): void {
    const payload = this.#payload;
    const end = payload.length;
    const count = header.recordCount(this.#batch, 0);
    const baseTimestamp = header.baseTimestamp(this.#batch, 0);
    const fromLogAppendTime = header.isLogAppendTime(this.#batch, 0);
    const batchTimestamp = header.maxTimestamp(this.#batch, 0);
    const { compacted } = this.#rules;
    this.#mode = mode;
    let maxTimestamp: number = header.NO_TIMESTAMP;
    for (let index = 0; index < count; index++) {
      if (mode === 'strict') walkRecord(payload, this.position, end);
      else walkRecordLoosely(payload, this.position, end);
      const timestamp = fromLogAppendTime ? batchTimestamp : baseTimestamp + walked.timestampDelta;
      if (compacted && walked.keySize < 0) this.#keyFault(index);
      else if (!this.#isTimestampGood(timestamp, fromLogAppendTime))
        this.#badTimestamp(index, timestamp, fromLogAppendTime);
      if (walked.offsetDelta !== index) this.offsetsDiffer = true;
      if (timestamp > maxTimestamp) maxTimestamp = timestamp;
      this.position = walked.end;
    }
    if (this.position !== end)
      throw new DecodeError('Incorrect declared batch size, records still remaining in file');
    this.maxTimestamp = maxTimestamp;
  }

  /** The one refusal for all record errors; null when there are none. */
  refusal(): RefusedRecords | null {
    const faults = this.#faults;
    if (faults === null) return null;
    if (this.#timestampFault) {
      const text = 'One or more records have been rejected due to invalid timestamp';
      return refusedAloud('append', 'INVALID_TIMESTAMP', text, faults);
    }
    const shown = faults
      .slice(0, 3)
      .map(({ index, message }) => `RecordError(batchIndex=${index}, message='${message}')`);
    return refusedAloud(
      'append',
      'INVALID_RECORD',
      `One or more records have been rejected due to ${this.#faultCount} record errors in total, and only showing the first three errors at most: [${shown.join(', ')}]`,
      faults,
    );
  }

  #isTimestampGood(timestamp: number, fromLogAppendTime: boolean): boolean {
    const { timestampType, nowMs, timestampBeforeMaxMs, timestampAfterMaxMs } = this.#rules;
    if (!Number.isSafeInteger(timestamp)) return false;
    if (timestampType === 'CreateTime' && timestamp !== header.NO_TIMESTAMP) {
      const age = nowMs - timestamp;
      return age <= timestampBeforeMaxMs && -age <= timestampAfterMaxMs;
    }
    return !fromLogAppendTime;
  }

  #keyFault(index: number): void {
    this.#fault(
      index,
      `Compacted topic cannot accept message without key in topic partition ${this.#rules.topicPartition}`,
    );
  }

  #badTimestamp(index: number, timestamp: number, fromLogAppendTime: boolean): void {
    this.#timestampFault = true;
    const { timestampType, nowMs, timestampBeforeMaxMs, timestampAfterMaxMs } = this.#rules;
    const exact = this.#exactTimestamp(timestamp, fromLogAppendTime);
    if (fromLogAppendTime && (timestampType === 'LogAppendTime' || timestamp === header.NO_TIMESTAMP)) {
      const { keySize, valueSize, offsetDelta } = walked;
      const [kind, key, value] =
        this.#mode === 'strict'
          ? ['DefaultRecord', Math.max(keySize, 0), Math.max(valueSize, 0)]
          : ['PartialDefaultRecord', keySize, valueSize];
      const record = `${kind}(offset=${offsetDelta}, timestamp=${exact}, key=${key} bytes, value=${value} bytes)`;
      this.#fault(
        index,
        `Invalid timestamp type in message ${record}. Producer should not set timestamp type to LogAppendTime.`,
      );
      return;
    }
    const earliest = BigInt.asIntN(64, BigInt(nowMs) - exactMs(timestampBeforeMaxMs));
    const latest = BigInt.asIntN(64, BigInt(nowMs) + exactMs(timestampAfterMaxMs));
    this.#fault(
      index,
      `Timestamp ${exact} of message with offset ${walked.offsetDelta} is out of range. The timestamp should be within [${earliest}, ${latest}]`,
    );
  }

  #exactTimestamp(timestamp: number, fromLogAppendTime: boolean): bigint {
    if (Number.isSafeInteger(timestamp)) return BigInt(timestamp);
    if (fromLogAppendTime) return this.#batch.readBigInt64BE(header.MAX_TIMESTAMP_POSITION);
    const base = this.#batch.readBigInt64BE(header.BASE_TIMESTAMP_POSITION);
    return BigInt.asIntN(64, base + exactTimestampDelta(this.#payload, this.position, this.#payload.length));
  }

  #fault(index: number, message: string): void {
    this.#faultCount += 1;
    this.#faults ??= [];
    if (this.#faults.length < RECORD_ERRORS_MAX) this.#faults.push({ index, message });
  }
}

function exactMs(value: number): bigint {
  const long = BigInt(value);
  return long > LONG_MAX ? LONG_MAX : long;
}
