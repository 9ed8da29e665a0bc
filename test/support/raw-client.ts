// What tests say to a broker again and again, over a raw connection: topics, batches, offsets.

import assert from 'node:assert/strict';
import { CreateTopics } from '../../src/protocol/messages/apis/create-topics.ts';
import { Fetch } from '../../src/protocol/messages/apis/fetch.ts';
import { Produce } from '../../src/protocol/messages/apis/produce.ts';
import { buildBatch } from '../../src/protocol/records/build-batch.ts';
import type { RequestDraft, ResponseOf } from '../../src/protocol/schema/field.ts';
import type { RawConnection } from './raw-connection.ts';

export const ZERO_UUID = 'AAAAAAAAAAAAAAAAAAAAAA';
export const PRODUCE_BY_NAME = 12;
export const FETCH_BY_NAME = 12;

export interface TopicOptions {
  readonly name: string;
  readonly partitions?: number;
  readonly configs?: Readonly<Record<string, string>>;
}

/** Returns the topic's id. */
export async function createTopic(connection: RawConnection, options: TopicOptions): Promise<string> {
  const { topics } = await connection.request(CreateTopics, 7, {
    topics: [
      {
        name: options.name,
        numPartitions: options.partitions ?? 1,
        replicationFactor: 1,
        assignments: [],
        configs: Object.entries(options.configs ?? {}).map(([name, value]) => ({ name, value })),
      },
    ],
    timeoutMs: 10_000,
    validateOnly: false,
  });
  assert.equal(topics[0]?.errorCode, 0, topics[0]?.errorMessage ?? '');
  return topics[0].topicId;
}

export function batchOf(
  values: readonly string[],
  fields: Partial<Parameters<typeof buildBatch>[0]> = {},
): Buffer {
  return buildBatch({
    ...fields,
    records: values.map((value, index) => ({
      key: null,
      value: Buffer.from(value),
      headers: [],
      timestamp: 1_700_000_000_000 + index,
    })),
  });
}

export interface ProduceOptions {
  readonly topic: string;
  readonly partition?: number;
  readonly records: Buffer | null;
  readonly acks?: number;
  readonly transactionalId?: string | null;
}

export function produceRequest(options: ProduceOptions): RequestDraft<typeof Produce> {
  return {
    transactionalId: options.transactionalId ?? null,
    acks: options.acks ?? -1,
    timeoutMs: 30_000,
    topicData: [
      {
        name: options.topic,
        topicId: ZERO_UUID,
        partitionData: [{ index: options.partition ?? 0, records: options.records }],
      },
    ],
  };
}

export type ProducedPartition = ResponseOf<typeof Produce>['responses'][number]['partitionResponses'][number];

export async function produceTo(
  connection: RawConnection,
  options: ProduceOptions & { readonly version?: number },
): Promise<ProducedPartition> {
  const version = options.version ?? PRODUCE_BY_NAME;
  const { responses } = await connection.request(Produce, version, produceRequest(options));
  const partition = responses[0]?.partitionResponses[0];
  assert.ok(partition);
  return partition;
}

export interface FetchOptions {
  readonly topic: string;
  readonly partition?: number;
  readonly offset: number;
  readonly maxWaitMs?: number;
  readonly minBytes?: number;
  readonly maxBytes?: number;
  readonly partitionMaxBytes?: number;
  readonly isolationLevel?: number;
  readonly sessionId?: number;
  readonly sessionEpoch?: number;
  readonly currentLeaderEpoch?: number;
}

export function fetchRequest(options: FetchOptions): RequestDraft<typeof Fetch> {
  return {
    maxWaitMs: options.maxWaitMs ?? 0,
    minBytes: options.minBytes ?? 1,
    maxBytes: options.maxBytes ?? 50 * 1024 * 1024,
    isolationLevel: options.isolationLevel ?? 0,
    sessionId: options.sessionId ?? 0,
    sessionEpoch: options.sessionEpoch ?? -1,
    topics: [
      {
        topic: options.topic,
        topicId: ZERO_UUID,
        partitions: [
          {
            partition: options.partition ?? 0,
            fetchOffset: options.offset,
            partitionMaxBytes: options.partitionMaxBytes ?? 1024 * 1024,
            currentLeaderEpoch: options.currentLeaderEpoch ?? -1,
          },
        ],
      },
    ],
    forgottenTopicsData: [],
  };
}

export type FetchedPartition = ResponseOf<typeof Fetch>['responses'][number]['partitions'][number];

export async function fetchFrom(connection: RawConnection, options: FetchOptions): Promise<FetchedPartition> {
  const { responses } = await connection.request(Fetch, FETCH_BY_NAME, fetchRequest(options));
  const partition = responses[0]?.partitions[0];
  assert.ok(partition);
  return partition;
}
