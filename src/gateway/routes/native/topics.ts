// Topics: list, create, show, delete, add partitions.

import * as z from 'zod/mini';
import { createPartitions, createTopic, deleteTopic } from '../../../client/admin.ts';
import { offsetRanges } from '../../../client/list-offsets.ts';
import type { TopicInfo } from '../../../client/metadata.ts';
import type { App, GatewayContext } from '../../context.ts';
import { described, integer, textRecord } from '../../shapes.ts';
import { failures, Topic, TopicName, TopicParams, TopicSummary } from './schemas.ts';

const PARTITIONS_MAX = 100_000;
const CONFIGS_MAX = 200;

const TopicList = z.object({ topics: z.array(TopicSummary) });
const ListQuery = z.strictObject({
  internal: z.optional(described(z.enum(['true', 'false']), 'with internal topics')),
});
const DEFAULT = "the broker's default when absent";
const NewTopicBody = z.strictObject({
  name: TopicName,
  partitions: z.optional(described(integer({ min: 1, max: PARTITIONS_MAX }), DEFAULT)),
  replicationFactor: z.optional(described(integer({ min: 1, max: 32767 }), DEFAULT)),
  configs: z.optional(textRecord({ max: CONFIGS_MAX })),
});
const TotalBody = z.strictObject({
  total: described(integer({ min: 1, max: PARTITIONS_MAX }), 'how many there shall be'),
});

const tags = ['topics'];

export function topicRoutes(app: App, context: GatewayContext): void {
  collectionRoutes(app, context);
  memberRoutes(app, context);
}

function collectionRoutes(app: App, context: GatewayContext): void {
  const { client } = context;
  app.get(
    '/api/v1/topics',
    {
      schema: {
        tags,
        summary: 'List topics',
        querystring: ListQuery,
        response: { 200: TopicList, ...failures },
      },
    },
    async request => {
      const topics = await client.topics();
      const shown = topics.filter(topic => !topic.internal || request.query.internal === 'true');
      return { topics: shown.map(summaryOf).sort((one, other) => (one.name < other.name ? -1 : 1)) };
    },
  );
  app.post(
    '/api/v1/topics',
    {
      schema: { tags, summary: 'Create a topic', body: NewTopicBody, response: { 201: Topic, ...failures } },
    },
    async (request, reply) => {
      await createTopic(client, request.body);
      reply.header('location', `/api/v1/topics/${encodeURIComponent(request.body.name)}`);
      return reply.status(201).send(await topicJson(context, request.body.name));
    },
  );
}

function memberRoutes(app: App, context: GatewayContext): void {
  const { client } = context;
  app.get(
    '/api/v1/topics/:topic',
    { schema: { tags, summary: 'Show a topic', params: TopicParams, response: { 200: Topic, ...failures } } },
    async request => topicJson(context, request.params.topic),
  );
  app.delete(
    '/api/v1/topics/:topic',
    {
      schema: {
        tags,
        summary: 'Delete a topic and its records',
        params: TopicParams,
        response: { 204: z.undefined(), ...failures },
      },
    },
    async (request, reply) => {
      await deleteTopic(client, request.params.topic);
      return reply.status(204).send(undefined);
    },
  );
  app.post(
    '/api/v1/topics/:topic/partitions',
    {
      schema: {
        tags,
        summary: 'Add partitions',
        params: TopicParams,
        body: TotalBody,
        response: { 200: Topic, ...failures },
      },
    },
    async request => {
      const { topic } = request.params;
      await createPartitions(client, { topic, total: request.body.total });
      return topicJson(context, topic);
    },
  );
}

function summaryOf({ name, topicId, internal, partitions }: TopicInfo): z.infer<typeof TopicSummary> {
  return {
    name,
    topicId,
    internal,
    partitions: partitions.length,
    replicationFactor: partitions[0]?.replicas.length ?? 0,
  };
}

async function topicJson({ client }: GatewayContext, name: string): Promise<z.infer<typeof Topic>> {
  const info = await client.topic(name, { fresh: true });
  const ranges = await offsetRanges(
    info.partitions.map(({ partition }) => ({ topic: name, partition })),
    { client },
  );
  return {
    name: info.name,
    topicId: info.topicId,
    internal: info.internal,
    records: String(ranges.reduce((sum, { earliest, latest }) => sum + latest - earliest, 0)),
    partitions: info.partitions.map(({ partition, leader, replicas, isr, leaderEpoch }, index) => ({
      partition,
      leader,
      replicas: [...replicas],
      isr: [...isr],
      leaderEpoch,
      earliest: String(ranges[index]!.earliest),
      latest: String(ranges[index]!.latest),
    })),
  };
}
