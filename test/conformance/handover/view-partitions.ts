// What a broker says of every partition: bounds, each batch with its header and a digest of its records, what
// read_committed shows, where times lie, and the producers it knows. Batches are compared by their stored bytes; the
// records are read as well, so that what is compared can also be decoded.

import { createHash } from 'node:crypto';
import { fetchOnce } from '../../../src/client/fetch.ts';
import { readRanges } from '../../../src/client/fetch-reader.ts';
import type { KafkaClient } from '../../../src/client/kafka-client.ts';
import { EARLIEST, LATEST, listOffsets, MAX_TIMESTAMP } from '../../../src/client/list-offsets.ts';
import { type TopicPartition, valueOrThrow } from '../../../src/client/per-leader.ts';
import { DescribeProducers } from '../../../src/protocol/messages/apis/describe-producers.ts';
import * as header from '../../../src/protocol/records/batch-header.ts';
import { scanBatches } from '../../../src/protocol/records/batch-scan.ts';
import { readRecords } from '../../../src/protocol/records/read-records.ts';
import { refuse } from './asking.ts';

export interface BatchView {
  readonly baseOffset: number;
  readonly lastOffset: number;
  readonly crc: number;
  readonly records: number;
  readonly isControl: boolean;
  /** For a person who compares two. */
  readonly text: string;
}

export interface PartitionView {
  readonly logStartOffset: number;
  readonly highWatermark: number;
  readonly lastStableOffset: number;
  readonly batches: readonly BatchView[];
  readonly committed: string;
  readonly times: readonly string[];
  readonly producers: readonly string[];
}

export async function viewPartition(client: KafkaClient, at: TopicPartition): Promise<PartitionView> {
  const logStartOffset = await offsetAt(client, at, EARLIEST);
  const highWatermark = await offsetAt(client, at, LATEST);
  const lastStableOffset = await offsetAt(client, at, LATEST, 'read_committed');
  const batches = await batchesOf(client, at, { from: logStartOffset, to: highWatermark });
  return {
    logStartOffset,
    highWatermark,
    lastStableOffset,
    batches: batches.map(viewBatch),
    committed: await committedOffsets(client, at, { from: logStartOffset, to: lastStableOffset }),
    times: await timesOf(client, at, batches),
    producers: await producersOf(client, at),
  };
}

async function offsetAt(
  client: KafkaClient,
  at: TopicPartition,
  timestamp: bigint,
  isolation: 'read_committed' | 'read_uncommitted' = 'read_uncommitted',
): Promise<number> {
  const [outcome] = await listOffsets([{ ...at, timestamp }], { client, isolation });
  return valueOrThrow(outcome!).offset;
}

async function batchesOf(
  client: KafkaClient,
  at: TopicPartition,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<Buffer[]> {
  const batches: Buffer[] = [];
  let offset = from;
  while (offset < to) {
    const [outcome] = await fetchOnce([{ ...at, offset }], {
      client,
      isolation: 'read_uncommitted',
      maxWaitMs: 100,
    });
    const bytes = valueOrThrow(outcome!).records;
    const scan = scanBatches(bytes);
    let next = offset;
    for (const { position, sizeInBytes } of scan.batches) {
      next = header.lastOffset(bytes, position) + 1;
      if (next > offset) batches.push(bytes.subarray(position, position + sizeInBytes));
    }
    // The rest was compacted away.
    if (next <= offset) break;
    offset = next;
  }
  return batches;
}

function viewBatch(batch: Buffer): BatchView {
  if (!header.verifyCrc(batch, 0)) throw new Error(`the batch at ${header.baseOffset(batch, 0)} is damaged`);
  const records = readRecords(batch);
  const digest = createHash('sha256');
  for (const { key, value, headers, timestamp, offset } of records) {
    const text = [key, value, ...headers.flatMap(entry => [entry.key, entry.value])].map(part =>
      part === null ? 'null' : Buffer.from(part).toString('base64'),
    );
    digest.update(`${offset} ${timestamp} ${text.join(' ')}\n`);
  }
  const baseOffset = header.baseOffset(batch, 0);
  const lastOffset = header.lastOffset(batch, 0);
  const crc = header.crc(batch, 0);
  const producer = `${header.producerId(batch, 0)}/${header.producerEpoch(batch, 0)}/${header.baseSequence(batch, 0)}`;
  const text =
    `${baseOffset}..${lastOffset} ${records.length} records, epoch ${header.partitionLeaderEpoch(batch, 0)}, ` +
    `attributes ${header.attributes(batch, 0)}, producer ${producer}, times ${header.baseTimestamp(batch, 0)} to ` +
    `${header.maxTimestamp(batch, 0)}, crc ${crc}, ${batch.length} bytes, ${digest.digest('hex').slice(0, 16)}`;
  return {
    baseOffset,
    lastOffset,
    crc,
    records: records.length,
    isControl: header.isControl(batch, 0),
    text,
  };
}

async function committedOffsets(
  client: KafkaClient,
  at: TopicPartition,
  range: { readonly from: number; readonly to: number },
): Promise<string> {
  const offsets: number[] = [];
  for await (const read of readRanges([{ ...at, ...range }], { client, isolation: 'read_committed' }))
    offsets.push(...read.records.map(record => record.offset));
  return offsets.join(' ');
}

/** Through the time index: the largest time, and a few in between. */
async function timesOf(
  client: KafkaClient,
  at: TopicPartition,
  batches: readonly Buffer[],
): Promise<string[]> {
  const times = batches
    .filter(batch => !header.isControl(batch, 0))
    .map(batch => header.maxTimestamp(batch, 0));
  if (times.length === 0) return [];
  const middle = times[Math.floor(times.length / 2)]!;
  const asked = [MAX_TIMESTAMP, ...[times[0]!, middle, middle + 1, times.at(-1)!].map(BigInt)];
  const answers: string[] = [];
  for (const timestamp of asked) {
    const [outcome] = await listOffsets([{ ...at, timestamp }], { client });
    const found = valueOrThrow(outcome!);
    answers.push(`${timestamp}: ${found.offset} at ${found.timestamp}`);
  }
  return answers;
}

async function producersOf(client: KafkaClient, { topic, partition }: TopicPartition): Promise<string[]> {
  const body = { topics: [{ name: topic, partitionIndexes: [partition] }] };
  const answer = await client.request(DescribeProducers, body, { node: { leaderOf: { topic, partition } } });
  const { errorCode, activeProducers } = answer.topics[0]!.partitions[0]!;
  refuse(errorCode, `DescribeProducers of ${topic}-${partition}`);
  return activeProducers
    .map(
      each =>
        `${each.producerId} epoch ${each.producerEpoch}, sequence ${each.lastSequence}, at ${each.lastTimestamp}, ` +
        `coordinator ${each.coordinatorEpoch}, transaction from ${each.currentTxnStartOffset}`,
    )
    .sort();
}
