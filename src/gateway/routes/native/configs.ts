// A topic's configs: all of them with where each value comes from, and changes to some.

import * as z from 'zod/mini';
import { alterTopicConfigs, type ConfigEntry, describeTopicConfigs } from '../../../client/admin.ts';
import type { KafkaClient } from '../../../client/kafka-client.ts';
import type { App, GatewayContext } from '../../context.ts';
import { HttpError } from '../../http-error.ts';
import { described, list, textRecord } from '../../shapes.ts';
import { failures, TopicParams } from './schemas.ts';

const CHANGES_MAX = 200;
/** DescribeConfigs' numbers (ConfigSource, ConfigType), in their order. */
const SOURCES = [
  'UNKNOWN',
  'DYNAMIC_TOPIC_CONFIG',
  'DYNAMIC_BROKER_CONFIG',
  'DYNAMIC_DEFAULT_BROKER_CONFIG',
  'STATIC_BROKER_CONFIG',
  'DEFAULT_CONFIG',
  'DYNAMIC_BROKER_LOGGER_CONFIG',
  'CLIENT_METRICS_CONFIG',
  'GROUP_CONFIG',
];
const TYPES = ['UNKNOWN', 'BOOLEAN', 'STRING', 'INT', 'SHORT', 'LONG', 'DOUBLE', 'LIST', 'CLASS', 'PASSWORD'];

const Configs = z.object({
  configs: z.array(
    z.object({
      name: z.string(),
      value: z.nullable(z.string()),
      default: z.boolean(),
      source: z.string(),
      readOnly: z.boolean(),
      sensitive: z.boolean(),
      type: z.string(),
      documentation: z.nullable(z.string()),
      synonyms: z.array(z.object({ name: z.string(), value: z.nullable(z.string()), source: z.string() })),
    }),
  ),
});

const Changes = z.strictObject({
  set: z.optional(textRecord({ max: CHANGES_MAX })),
  remove: z.optional(described(list(z.string(), { min: 0, max: CHANGES_MAX }), 'back to the default')),
});

export function configRoutes(app: App, { client }: GatewayContext): void {
  const schema = { tags: ['topics'], params: TopicParams, response: { 200: Configs, ...failures } };
  app.get(
    '/api/v1/topics/:topic/configs',
    { schema: { ...schema, summary: "Show a topic's configs" } },
    async request => configsOf(client, request.params.topic),
  );
  app.patch(
    '/api/v1/topics/:topic/configs',
    { schema: { ...schema, summary: "Change a topic's configs", body: Changes } },
    async request => {
      const { topic } = request.params;
      const { set = {}, remove = [] } = request.body;
      if (Object.keys(set).length + remove.length > CHANGES_MAX) {
        throw new HttpError({
          status: 400,
          code: 'INVALID_REQUEST',
          message: `At most ${CHANGES_MAX} changes at once.`,
        });
      }
      if (Object.keys(set).length + remove.length > 0)
        await alterTopicConfigs(client, { topic, set, remove });
      return configsOf(client, topic);
    },
  );
}

async function configsOf(client: KafkaClient, topic: string): Promise<z.infer<typeof Configs>> {
  const [described] = await describeTopicConfigs(client, { topics: [topic], documentation: true });
  if (described!.error !== null) throw described!.error;
  return { configs: described!.entries.map(configJson) };
}

function configJson(entry: ConfigEntry): z.infer<typeof Configs>['configs'][number] {
  const source = SOURCES[entry.configSource] ?? 'UNKNOWN';
  return {
    name: entry.name,
    value: entry.value,
    default: source === 'DEFAULT_CONFIG',
    source,
    readOnly: entry.readOnly,
    sensitive: entry.isSensitive,
    type: TYPES[entry.configType] ?? 'UNKNOWN',
    documentation: entry.documentation,
    synonyms: entry.synonyms.map(({ name, value, source: number }) => ({
      name,
      value,
      source: SOURCES[number] ?? 'UNKNOWN',
    })),
  };
}
