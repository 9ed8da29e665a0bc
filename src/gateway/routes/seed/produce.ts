// POST /produce: sends messages and answers when Kafka has kept them. Without any option: five messages to
// primeiro_topico. The topic is made when it does not exist, also where the cluster creates none by itself.

import * as z from 'zod/mini';
import { createTopic } from '../../../client/admin.ts';
import type { KafkaClient } from '../../../client/kafka-client.ts';
import { type NewRecord, produce } from '../../../client/produce.ts';
import { KafkaError } from '../../../protocol/errors.ts';
import type { App, GatewayContext } from '../../context.ts';
import { HttpError } from '../../http-error.ts';
import { bytesOf } from '../../serde/data.ts';
import { described, integer, list, queryInteger, textRecord } from '../../shapes.ts';
import { DataShape, TopicName } from '../native/schemas.ts';
import { DEFAULT_TOPIC, failures } from './answers.ts';

const COUNT_DEFAULT = 5;
const COUNT_MAX = 1000;
const HEADERS_MAX = 1000;

const Message = z.union([
  z.string(),
  z.strictObject({
    key: z.nullish(z.string()),
    value: z.nullish(DataShape),
    headers: z.optional(textRecord({ max: HEADERS_MAX })),
  }),
]);
type Message = z.infer<typeof Message>;

const COUNT = 'how many numbered messages; default 5';
const Query = z.strictObject({
  topic: z.optional(TopicName),
  count: z.optional(described(queryInteger({ min: 1, max: COUNT_MAX }), COUNT)),
});
const Messages = list(Message, { min: 1, max: COUNT_MAX });
const Body = z.nullish(
  z.strictObject({
    topic: z.optional(TopicName),
    count: z.optional(described(integer({ min: 1, max: COUNT_MAX }), COUNT)),
    messages: z.optional(described(Messages, 'these instead of numbered ones')),
  }),
);

const Sent = z.object({ status: z.literal('Success'), messages_sent: z.array(z.string()) });

export function produceRoute(app: App, { client }: GatewayContext): void {
  app.post(
    '/produce',
    {
      schema: {
        tags: ['quick start'],
        summary: 'Send messages',
        description: `Without options: five messages to the topic ${DEFAULT_TOPIC}. Kafka has acknowledged every message (acks=all) when the answer comes.`,
        querystring: Query,
        body: Body,
        response: { 200: Sent, ...failures },
      },
    },
    async request => {
      const options = { ...request.query, ...request.body };
      if (options.count !== undefined && request.body?.messages !== undefined) {
        throw new HttpError({
          status: 400,
          code: 'INVALID_REQUEST',
          message: 'Give either "count" or "messages".',
        });
      }
      const records = request.body?.messages?.map(recordOf) ?? numbered(options.count ?? COUNT_DEFAULT);
      await produceToTopic(client, { topic: options.topic ?? DEFAULT_TOPIC, records });
      return {
        status: 'Success' as const,
        messages_sent: records.map((_, index) => `Mensagem ${index + 1} enviada`),
      };
    },
  );
}

function numbered(count: number): NewRecord[] {
  return Array.from({ length: count }, (_, index) => ({
    key: Buffer.from(`chave-${index + 1}`),
    value: Buffer.from(`Esta é a mensagem via API número ${index + 1}.`),
  }));
}

function recordOf(message: Message): NewRecord {
  if (typeof message === 'string') return { key: null, value: Buffer.from(message) };
  const headers = Object.entries(message.headers ?? {}).map(([key, value]) => ({
    key,
    value: Buffer.from(value),
  }));
  return { key: bytesOf(message.key), value: bytesOf(message.value), headers };
}

async function produceToTopic(
  client: KafkaClient,
  options: { topic: string; records: NewRecord[] },
): Promise<void> {
  try {
    await produce({ client, ...options });
  } catch (error) {
    if (!(error instanceof KafkaError) || error.errorName !== 'UNKNOWN_TOPIC_OR_PARTITION') throw error;
    await createMissing(client, options.topic);
    await produce({ client, ...options });
  }
}

async function createMissing(client: KafkaClient, topic: string): Promise<void> {
  try {
    await createTopic(client, { name: topic });
  } catch (error) {
    // Somebody else was faster: all the better.
    if (!(error instanceof KafkaError) || error.errorName !== 'TOPIC_ALREADY_EXISTS') throw error;
  }
}
