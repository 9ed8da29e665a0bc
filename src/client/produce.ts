// Writes records once, without a producer: no batching over time, no idempotence, acks=all. Records go to the partition
// they name, or to that of their key as Java's producer would choose. A request whose answer was lost is not sent again:
// the error says that the records may or may not be there.

import { KafkaError } from '../protocol/errors.ts';
import { Produce } from '../protocol/messages/apis/produce.ts';
import { buildBatch } from '../protocol/records/build-batch.ts';
import type { KafkaClient } from './kafka-client.ts';
import { partitionForKey } from './partitioner.ts';
import {
  type LeaderRequest,
  type Outcome,
  partitionError,
  perLeader,
  type TopicPartition,
} from './per-leader.ts';

export interface NewRecord {
  /** By the key when absent. */
  readonly partition?: number | undefined;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers?: readonly { readonly key: string; readonly value: Buffer | null }[];
  /** Milliseconds; now when absent. */
  readonly timestamp?: number | undefined;
}

export interface WrittenRecord {
  readonly partition: number;
  readonly offset: number;
  readonly timestamp: number;
}

export interface ProduceOptions {
  readonly client: KafkaClient;
  readonly topic: string;
  readonly records: readonly NewRecord[];
  readonly nowMs?: number;
  /** In [0, 1): which partition takes the records without a key. */
  readonly random?: () => number;
}

/** How many bytes of records one batch takes here: below the broker's default bound (`message.max.bytes`, 1 MiB). */
const BATCH_BYTES_MAX = 512 * 1024;
const ACKS_ALL = -1;
const TIMEOUT_MS = 30_000;

/** One result per record, in their order. Throws when a record was refused. */
export async function produce(options: ProduceOptions): Promise<WrittenRecord[]> {
  const nowMs = options.nowMs ?? Date.now();
  const placed = await placeRecords(options);
  const written = new Array<WrittenRecord>(options.records.length);
  // A batch per partition at a time: Kafka takes one batch of a partition in a request.
  for (let round = nextRound(placed); round.length > 0; round = nextRound(placed)) {
    const outcomes = await perLeader<Batch, Appended>({
      client: options.client,
      partitions: round.map(batch => ({ ...batch, nowMs })),
      send: request => sendBatches(options.client, request),
    });
    round.forEach((batch, index) => {
      const outcome = outcomes[index]!;
      if (outcome.error !== undefined) return;
      const { baseOffset, logAppendTimeMs } = outcome.value;
      batch.entries.forEach(({ position, record }, delta) => {
        const timestamp = logAppendTimeMs >= 0 ? logAppendTimeMs : (record.timestamp ?? nowMs);
        written[position] = { partition: batch.partition, offset: baseOffset + delta, timestamp };
      });
    });
    const failure = outcomes.find(outcome => outcome.error !== undefined)?.error;
    if (failure !== undefined) throw withCount(failure, { written, total: options.records.length });
  }
  return written;
}

/** A refusal of some records does not take the others back: the error says how many are kept. */
function withCount(error: Error, { written, total }: { written: readonly unknown[]; total: number }): Error {
  const count = written.filter(record => record !== undefined).length;
  if (!(error instanceof KafkaError) || total === 1) return error;
  const kept =
    count === 0 ? 'Nothing was written.' : `${count} of ${total} records were written all the same.`;
  return new KafkaError(error.errorName, `${error.message} ${kept}`);
}

interface Entry {
  /** Of the record among all that are to be written. */
  readonly position: number;
  readonly record: NewRecord;
}

interface Batch extends TopicPartition {
  readonly entries: readonly Entry[];
  readonly nowMs: number;
}

interface Appended {
  readonly baseOffset: number;
  /** -1: the records keep their own time. */
  readonly logAppendTimeMs: number;
}

/** What waits to be written, by partition. */
async function placeRecords(
  options: ProduceOptions,
): Promise<Map<string, { topic: string; partition: number; waiting: Entry[] }>> {
  const { client, topic, records } = options;
  const { partitions } = await client.topic(topic);
  const random = options.random ?? Math.random;
  const keyless = partitions[Math.floor(random() * partitions.length)]?.partition ?? 0;
  const placed = new Map<string, { topic: string; partition: number; waiting: Entry[] }>();
  records.forEach((record, position) => {
    const byKey = record.key === null ? keyless : partitionForKey(record.key, partitions.length);
    const partition = record.partition ?? byKey;
    if (!partitions.some(candidate => candidate.partition === partition)) {
      throw new KafkaError(
        'UNKNOWN_TOPIC_OR_PARTITION',
        `Topic "${topic}" has no partition ${partition}. Nothing was written.`,
      );
    }
    const place = placed.get(String(partition)) ?? { topic, partition, waiting: [] };
    placed.set(String(partition), place);
    place.waiting.push({ position, record });
  });
  return placed;
}

/** The next batch of every partition that has something left. */
function nextRound(placed: Awaited<ReturnType<typeof placeRecords>>): Omit<Batch, 'nowMs'>[] {
  const round: Omit<Batch, 'nowMs'>[] = [];
  for (const { topic, partition, waiting } of placed.values()) {
    if (waiting.length === 0) continue;
    let count = 0;
    let size = 0;
    while (
      count < waiting.length &&
      (count === 0 || size + sizeOf(waiting[count]!.record) <= BATCH_BYTES_MAX)
    ) {
      size += sizeOf(waiting[count]!.record);
      count += 1;
    }
    round.push({ topic, partition, entries: waiting.splice(0, count) });
  }
  return round;
}

/** About what the record takes in a batch; exact enough to stay below a bound that is twice as large. */
function sizeOf({ key, value, headers }: NewRecord): number {
  const inHeaders = (headers ?? []).reduce(
    (sum, header) => sum + header.key.length * 3 + (header.value?.length ?? 0) + 10,
    0,
  );
  return (key?.length ?? 0) + (value?.length ?? 0) + inHeaders + 30;
}

async function sendBatches(client: KafkaClient, request: LeaderRequest<Batch>): Promise<Outcome<Appended>[]> {
  const { nodeId, partitions, topicIds } = request;
  const topic = partitions[0]!.topic;
  const body = {
    acks: ACKS_ALL,
    timeoutMs: TIMEOUT_MS,
    topicData: [
      {
        name: topic,
        topicId: topicIds.get(topic)!,
        partitionData: partitions.map(batch => ({ index: batch.partition, records: bytesOf(batch) })),
      },
    ],
  };
  const answer = await client.request(Produce, body, { node: { nodeId }, repeatable: false });
  return partitions.map(batch => {
    const found = answer.responses[0]?.partitionResponses.find(
      partition => partition.index === batch.partition,
    );
    if (found === undefined || found.errorCode !== 0) {
      const message = found?.recordErrors[0]?.batchIndexErrorMessage ?? found?.errorMessage;
      return partitionError(batch, found?.errorCode ?? -1, message);
    }
    return { value: { baseOffset: found.baseOffset, logAppendTimeMs: Number(found.logAppendTimeMs) } };
  });
}

function bytesOf({ entries, nowMs }: Batch): Buffer {
  return buildBatch({
    records: entries.map(({ record }) => ({
      key: record.key,
      value: record.value,
      headers: record.headers ?? [],
      timestamp: record.timestamp ?? nowMs,
    })),
  });
}
