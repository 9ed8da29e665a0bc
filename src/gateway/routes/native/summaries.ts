// POST /api/v1/topics/summaries: what a list of topics shows beside their names, for the rows that are on the screen.
// A few calls to each leader, however many topics: offsets of all partitions together, configs of all topics together.

import * as z from 'zod/mini';
import { describeTopicConfigs, type TopicConfigs } from '../../../client/admin.ts';
import type { KafkaClient } from '../../../client/kafka-client.ts';
import {
  EARLIEST,
  LATEST,
  listOffsets,
  MAX_TIMESTAMP,
  type OffsetAnswer,
} from '../../../client/list-offsets.ts';
import type { TopicInfo } from '../../../client/metadata.ts';
import type { Outcome } from '../../../client/per-leader.ts';
import type { App, GatewayContext } from '../../context.ts';
import { toHttpError } from '../../http-error.ts';
import { described, list } from '../../shapes.ts';
import { failures, Int64, TopicName } from './schemas.ts';

const NAMES_MAX = 200;
const KEYS = ['cleanup.policy', 'retention.ms'];

const Summary = z.object({
  name: z.string(),
  records: Int64,
  partitions: z.array(z.object({ partition: z.number(), earliest: Int64, latest: Int64 })),
  cleanupPolicy: z.string(),
  retentionMs: z.string(),
  lastTimestamp: described(z.nullable(Int64), 'of the newest record, in milliseconds'),
  error: z.nullable(z.string()),
});
type SummaryJson = z.infer<typeof Summary>;

export function summaryRoutes(app: App, { client }: GatewayContext): void {
  app.post(
    '/api/v1/topics/summaries',
    {
      schema: {
        tags: ['topics'],
        summary: 'Sizes, times and policies of some topics',
        body: z.strictObject({ names: list(TopicName, { min: 0, max: NAMES_MAX }) }),
        response: { 200: z.object({ summaries: z.array(Summary) }), ...failures },
      },
    },
    async request => {
      const names = [...new Set(request.body.names)];
      return { summaries: names.length === 0 ? [] : await summariesOf(client, names) };
    },
  );
}

async function summariesOf(client: KafkaClient, names: readonly string[]): Promise<SummaryJson[]> {
  const topics = await client.topicsNamed(names);
  const known = [...topics.values()].filter((topic): topic is TopicInfo => !(topic instanceof Error));
  const partitions = known.flatMap(({ name, partitions }) =>
    partitions.map(({ partition }) => ({ topic: name, partition })),
  );
  const at = (timestamp: bigint) =>
    listOffsets(
      partitions.map(partition => ({ ...partition, timestamp })),
      { client },
    );
  const [configs, earliest, latest, newest] = await Promise.all([
    known.length === 0
      ? []
      : describeTopicConfigs(client, { topics: known.map(({ name }) => name), keys: KEYS }),
    at(EARLIEST),
    at(LATEST),
    at(MAX_TIMESTAMP),
  ]);
  const offsets = new Map<string, Offsets[]>();
  partitions.forEach(({ topic, partition }, index) => {
    const inTopic = offsets.get(topic) ?? [];
    offsets.set(topic, inTopic);
    inTopic.push({ partition, earliest: earliest[index]!, latest: latest[index]!, newest: newest[index]! });
  });
  return names.map(name => {
    const topic = topics.get(name)!;
    if (topic instanceof Error) return failed(name, toHttpError(topic).message);
    return summaryOf(
      topic,
      offsets.get(name) ?? [],
      configs.find(config => config.topic === name),
    );
  });
}

interface Offsets {
  readonly partition: number;
  readonly earliest: Outcome<OffsetAnswer>;
  readonly latest: Outcome<OffsetAnswer>;
  readonly newest: Outcome<OffsetAnswer>;
}

function summaryOf(
  topic: TopicInfo,
  offsets: readonly Offsets[],
  configs: TopicConfigs | undefined,
): SummaryJson {
  const failure =
    offsets.flatMap(({ earliest, latest }) => earliest.error ?? latest.error ?? [])[0] ?? configs?.error;
  const partitions = offsets.map(({ partition, earliest, latest }) => ({
    partition,
    earliest: offsetOf(earliest),
    latest: offsetOf(latest),
  }));
  const timestamps = offsets.map(({ newest }) =>
    newest.error === undefined ? Number(newest.value.timestamp) : -1,
  );
  const lastTimestamp = Math.max(-1, ...timestamps);
  const configOf = (key: string) => configs?.entries.find(entry => entry.name === key)?.value ?? '';
  return {
    name: topic.name,
    records: String(partitions.reduce((sum, { earliest, latest }) => sum + latest - earliest, 0)),
    partitions: partitions.map(({ partition, earliest, latest }) => ({
      partition,
      earliest: String(earliest),
      latest: String(latest),
    })),
    cleanupPolicy: configOf('cleanup.policy'),
    retentionMs: configOf('retention.ms'),
    lastTimestamp: lastTimestamp < 0 ? null : String(lastTimestamp),
    error: failure === undefined || failure === null ? null : toHttpError(failure).message,
  };
}

/** 0 where it is not known: the summary's `error` says so. */
function offsetOf(outcome: Outcome<OffsetAnswer>): number {
  return outcome.error === undefined ? outcome.value.offset : 0;
}

function failed(name: string, error: string): SummaryJson {
  return {
    name,
    records: '0',
    partitions: [],
    cleanupPolicy: '',
    retentionMs: '',
    lastTimestamp: null,
    error,
  };
}
