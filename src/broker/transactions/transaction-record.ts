// The records of __transaction_state and what they mean: key type 0 with the transactional id; the value in version 1
// (flexible, with the ids before and after) or, when transaction.version is 0, version 0. No value: the id has expired.
// An Empty transaction writes null for its partitions, one that is complete an empty list, as Apache Kafka's
// TransactionLog does. Value versions of a newer Kafka are skipped with a report, which is Apache Kafka's rule too.

import {
  type TransactionRecord as LogRecord,
  transactionRecordCodec,
} from '../../protocol/messages/records/framing.ts';
import type { RecordCodec } from '../runtime/record-codec.ts';
import {
  NO_PARTITIONS,
  NO_PRODUCER_EPOCH,
  NO_PRODUCER_ID,
  STATE_NAMES,
  type Transaction,
  type TransactionPartitions,
} from './transaction.ts';

export interface TransactionRecord {
  readonly transactionalId: string;
  /** Null: the transactional id is forgotten. */
  readonly transaction: Transaction | null;
}

type LogValue = NonNullable<LogRecord['value']>;

/** The newest value version this program writes and reads. */
const VALUE_VERSION_MAX = 1;

export interface TransactionCodecOptions {
  /** 1 from transaction.version 1 on, else 0. */
  readonly valueVersion: () => number;
  readonly report: (message: string) => void;
  /** "__transaction_state-7" */
  readonly name: string;
}

export function transactionCodec(options: TransactionCodecOptions): RecordCodec<TransactionRecord> {
  return {
    encode: record => transactionRecordCodec.encode(logRecordOf(record, options.valueVersion())),
    decode: (key, value) => {
      if (value !== null && value.length >= 2 && value.readInt16BE(0) > VALUE_VERSION_MAX) {
        options.report(
          `${options.name} holds a record of version ${value.readInt16BE(0)}, which a newer Kafka wrote. It is passed over; ` +
            'its transactional id may seem unknown or older than it is. Use that version of Kafka to see it.',
        );
        return null;
      }
      const record = transactionRecordCodec.decode(key, value);
      if (record === null) return null;
      const { transactionalId } = record.key;
      return {
        transactionalId,
        transaction: record.value === null ? null : transactionOf(transactionalId, record.value),
      };
    },
  };
}

function logRecordOf({ transactionalId, transaction }: TransactionRecord, valueVersion: number): LogRecord {
  const key = { transactionalId };
  if (transaction === null) return { type: 'TransactionLog', key, value: null };
  const value = {
    producerId: transaction.producerId,
    previousProducerId: valueVersion >= 1 ? transaction.previousProducerId : NO_PRODUCER_ID,
    nextProducerId: valueVersion >= 1 ? transaction.nextProducerId : NO_PRODUCER_ID,
    producerEpoch: transaction.producerEpoch,
    nextProducerEpoch: NO_PRODUCER_EPOCH,
    transactionTimeoutMs: transaction.timeoutMs,
    transactionStatus: STATE_NAMES.indexOf(transaction.state),
    transactionPartitions: transaction.state === 'Empty' ? null : listOf(transaction.partitions),
    transactionLastUpdateTimestampMs: BigInt(transaction.lastUpdateMs),
    transactionStartTimestampMs: BigInt(transaction.startMs),
    clientTransactionVersion: valueVersion >= 1 ? transaction.clientVersion : 0,
  };
  return { type: 'TransactionLog', key, value, valueVersion };
}

function transactionOf(transactionalId: string, value: LogValue): Transaction {
  const state = STATE_NAMES[value.transactionStatus];
  if (state === undefined) {
    throw new Error(
      `the transactional id "${transactionalId}" has the unknown state ${value.transactionStatus}`,
    );
  }
  return {
    transactionalId,
    producerId: value.producerId,
    previousProducerId: value.previousProducerId,
    nextProducerId: value.nextProducerId,
    producerEpoch: value.producerEpoch,
    lastProducerEpoch: NO_PRODUCER_EPOCH,
    timeoutMs: value.transactionTimeoutMs,
    state,
    partitions: state === 'Empty' ? NO_PARTITIONS : partitionsOf(value),
    startMs: Number(value.transactionStartTimestampMs),
    lastUpdateMs: Number(value.transactionLastUpdateTimestampMs),
    clientVersion: value.clientTransactionVersion,
  };
}

function listOf(partitions: TransactionPartitions) {
  return Array.from(partitions, ([topic, partitionIds]) => ({ topic, partitionIds: [...partitionIds] }));
}

function partitionsOf({ transactionPartitions }: LogValue): TransactionPartitions {
  return new Map((transactionPartitions ?? []).map(({ topic, partitionIds }) => [topic, [...partitionIds]]));
}
