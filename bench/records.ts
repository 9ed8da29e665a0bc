// Nanoseconds per batch and per record of validating produced batches, the largest share of the broker's own work on
// the hot path, and of its parts. Run: node bench/records.ts

import * as header from '../src/protocol/records/batch-header.ts';
import { buildBatch } from '../src/protocol/records/build-batch.ts';
import { readRecords } from '../src/protocol/records/read-records.ts';
import { type ProduceRules, validateProducedRecords } from '../src/protocol/records/validate.ts';

const rules: ProduceRules = {
  apiVersion: 12,
  maxMessageBytes: 1_048_588,
  compacted: false,
  timestampType: 'CreateTime',
  timestampBeforeMaxMs: Number(2n ** 63n - 1n),
  timestampAfterMaxMs: 3_600_000,
  nowMs: 1_700_000_000_000,
  compressionType: 'producer',
  topicPartition: 'bench-0',
  transactionalIdPresent: false,
};

interface Workload {
  readonly recordCount: number;
  readonly valueBytes: number;
  readonly codec: 'none' | 'gzip' | 'snappy' | 'lz4' | 'zstd';
}

const workloads: readonly Workload[] = [
  { recordCount: 16, valueBytes: 1000, codec: 'none' },
  { recordCount: 160, valueBytes: 100, codec: 'none' },
  { recordCount: 1, valueBytes: 100, codec: 'none' },
  { recordCount: 1000, valueBytes: 1000, codec: 'none' },
  { recordCount: 16, valueBytes: 1000, codec: 'lz4' },
  { recordCount: 16, valueBytes: 1000, codec: 'snappy' },
  { recordCount: 16, valueBytes: 1000, codec: 'zstd' },
  { recordCount: 16, valueBytes: 1000, codec: 'gzip' },
];
const ROUND_MS = 150;
const ROUNDS = 5;

/** Of several rounds the middle one, so that a busy moment of the machine does not decide. */
function nanosecondsPerCall(call: () => void): number {
  const rounds: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const start = process.hrtime.bigint();
    let calls = 0;
    let elapsed = 0;
    while (elapsed < ROUND_MS * 1e6) {
      for (let index = 0; index < 100; index++) call();
      calls += 100;
      elapsed = Number(process.hrtime.bigint() - start);
    }
    rounds.push(elapsed / calls);
  }
  return rounds.sort((a, b) => a - b)[ROUNDS >> 1]!;
}

function batchOf({ recordCount, valueBytes, codec }: Workload): Buffer {
  const words = 'order shipped to the mill by the river '.repeat(30);
  return buildBatch({
    codec,
    records: Array.from({ length: recordCount }, (_, index) => ({
      key: Buffer.from(`key-${index}`),
      value: Buffer.from(`${index} ${words}`.padEnd(valueBytes).slice(0, valueBytes)),
      timestamp: rules.nowMs + index,
    })),
  });
}

console.log('batch                        bytes   validate/batch  /record  of that crc   read/batch');
for (const workload of workloads) {
  const batch = batchOf(workload);
  const validate = nanosecondsPerCall(() => {
    if (!validateProducedRecords(batch, rules).ok) throw new Error('the batch is refused');
  });
  const crc = nanosecondsPerCall(() => header.verifyCrc(batch, 0));
  const read = nanosecondsPerCall(() => readRecords(batch));
  const name = `${workload.recordCount} x ${workload.valueBytes} ${workload.codec}`;
  const columns = [batch.length, validate, validate / workload.recordCount, crc, read].map(value =>
    value.toFixed(0),
  );
  console.log(
    `${name.padEnd(24)} ${columns[0]!.padStart(9)} ${columns[1]!.padStart(13)} ns ${columns[2]!.padStart(6)} ns ${columns[3]!.padStart(9)} ns ${columns[4]!.padStart(9)} ns`,
  );
}
