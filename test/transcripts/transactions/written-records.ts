// The records in a log of __transaction_state, and the markers in other logs, as a person reads them.

import { STATE_NAMES } from '../../../src/broker/transactions/transaction.ts';
import { transactionRecordCodec } from '../../../src/protocol/messages/records/framing.ts';
import * as header from '../../../src/protocol/records/batch-header.ts';
import { controlTypeOf, coordinatorEpochOf } from '../../../src/protocol/records/control-records.ts';
import { readRecords } from '../../../src/protocol/records/read-records.ts';
import type { MemoryLog } from '../../support/memory-log.ts';

export function writtenSince(log: MemoryLog, offset: number, startMs: number): string[] {
  const lines: string[] = [];
  for (const batch of log.batches) {
    for (const record of readRecords(batch)) {
      if (record.offset >= offset)
        lines.push(`log ${record.offset}: ${textOf(record.key, record.value, startMs)}`);
    }
  }
  return lines;
}

const printed = new WeakMap<MemoryLog, number>();

/** Since the last call. */
export function markersIn(name: string, log: MemoryLog): string[] {
  const from = printed.get(log) ?? 0;
  printed.set(log, log.batches.length);
  return log.batches.slice(from).map(batch => {
    const [record] = readRecords(batch);
    const type = controlTypeOf(record?.key ?? null);
    const epoch = coordinatorEpochOf(record?.value ?? null);
    return `${name}: ${type} of ${header.producerId(batch, 0)}/${header.producerEpoch(batch, 0)}, coordinator epoch ${epoch}`;
  });
}

function textOf(key: Buffer | null, value: Buffer | null, startMs: number): string {
  const record = transactionRecordCodec.decode(key, value);
  if (record === null) return 'a record of an unknown kind';
  const { transactionalId } = record.key;
  if (record.value === null) return `${transactionalId} forgotten`;
  const of = record.value;
  const partitions = of.transactionPartitions
    ?.map(({ topic, partitionIds }) => partitionIds.map(partition => `${topic}-${partition}`).join(' '))
    .join(' ');
  const parts = [
    `${transactionalId} ${STATE_NAMES[of.transactionStatus]} ${of.producerId}/${of.producerEpoch}`,
    of.previousProducerId !== of.producerId ? `before ${of.previousProducerId}` : '',
    of.nextProducerId >= 0n ? `next ${of.nextProducerId}` : '',
    partitions === undefined ? '' : `[${partitions}]`,
    of.transactionStartTimestampMs >= 0n ? `since ${Number(of.transactionStartTimestampMs) - startMs}ms` : '',
    `(v${record.valueVersion}, client ${of.clientTransactionVersion})`,
  ];
  return parts.filter(part => part !== '').join(' ');
}
