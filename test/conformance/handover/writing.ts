// Writes one batch at a time, exactly as built, and notes in the ledger what was acknowledged.

import type { KafkaClient } from '../../../src/client/kafka-client.ts';
import { Produce } from '../../../src/protocol/messages/apis/produce.ts';
import { crc } from '../../../src/protocol/records/batch-header.ts';
import { type BatchFields, buildBatch, type RecordInput } from '../../../src/protocol/records/build-batch.ts';
import { refuse, untilAnswered } from './asking.ts';
import type { World } from './world.ts';

export interface Batch extends BatchFields {
  readonly topic: string;
  readonly partition?: number;
  readonly transactionalId?: string;
  readonly records: readonly RecordInput[];
  /** The broker sets the time, so the batch is not stored as it was sent. */
  readonly isRewritten?: boolean;
}

export interface Written {
  readonly batch: Buffer;
  readonly baseOffset: number;
}

export async function write(client: KafkaClient, world: World, batch: Batch): Promise<Written> {
  const { topic, partition = 0, transactionalId = null, isRewritten = false, ...fields } = batch;
  const bytes = buildBatch(fields);
  const baseOffset = await send(client, { topic, partition, transactionalId, bytes });
  world.ledger.push({ topic, partition, baseOffset, crc: isRewritten ? null : crc(bytes, 0) });
  return { batch: bytes, baseOffset };
}

/** Returns the base offset. */
export function send(
  client: KafkaClient,
  to: {
    readonly topic: string;
    readonly partition: number;
    readonly transactionalId: string | null;
    readonly bytes: Buffer;
  },
): Promise<number> {
  const { topic, partition, transactionalId, bytes } = to;
  return untilAnswered(async () => {
    const { topicId } = await client.topic(topic);
    const body = {
      transactionalId,
      acks: -1,
      timeoutMs: 30_000,
      topicData: [{ name: topic, topicId, partitionData: [{ index: partition, records: bytes }] }],
    };
    const node = { leaderOf: { topic, partition } };
    const answer = await client.request(Produce, body, { node, repeatable: false });
    const { errorCode, baseOffset } = answer.responses[0]!.partitionResponses[0]!;
    refuse(errorCode, `Produce to ${topic}-${partition}`);
    return baseOffset;
  });
}
