// DescribeConfigs: every key of a topic, broker, group, client metrics subscription or the broker's loggers, with its
// source and synonyms. A resource that cannot be described fails alone. Rules: ConfigHelper.describeConfigs.

import { ErrorCode, errorOf, KafkaError } from '../../protocol/errors.ts';
import { DescribeConfigs } from '../../protocol/messages/apis/describe-configs.ts';
import type { RequestOf, ResponseDraft } from '../../protocol/schema/field.ts';
import { ConfigTypeId } from '../config/config-key.ts';
import {
  type DescribedConfig,
  describeBroker,
  describeBrokerDefaults,
  describeClientMetrics,
  describeGroup,
  describeTopic,
  isDescribable,
} from '../config/described-config.ts';
import { ConfigSource } from '../config/settings.ts';
import type { ApiError } from '../metadata/api-error.ts';
import { configsOf } from '../metadata/configs.ts';
import { type MetadataImage, ResourceType } from '../metadata/image.ts';
import { problemOfTopicName } from '../metadata/topic-names.ts';
import type { BrokerNode } from '../node.ts';
import { configRefusal } from './authorize-configs.ts';
import { handler } from './handler.ts';

type Request = RequestOf<typeof DescribeConfigs>;
type Response = ResponseDraft<typeof DescribeConfigs>;
type Resource = Request['resources'][number];

export const describeConfigs = handler(
  DescribeConfigs,
  {
    versions: '1-4',
    acl: { perResource: 'DESCRIBE_CONFIGS on TOPIC, GROUP or, for the rest, CLUSTER' },
    failed,
  },
  (request, context) => {
    const { node } = context;
    const unexpected = request.resources.find(({ resourceType }) => !isDescribable(resourceType));
    if (unexpected !== undefined) {
      const { resourceType, resourceName } = unexpected;
      throw new KafkaError(
        'INVALID_REQUEST',
        `Unexpected resource type ${nameOfType(resourceType)} for resource ${resourceName}`,
      );
    }
    const permitted: Resource[] = [];
    const refused: Response['results'][number][] = [];
    for (const resource of request.resources) {
      const { resourceType: type, resourceName: name } = resource;
      const error = configRefusal(context, 'DESCRIBE_CONFIGS', { type, name });
      if (error === null) permitted.push(resource);
      else refused.push(refusedResource(resource, error));
    }
    return node.metadata.read(
      (image): Response => ({
        throttleTimeMs: 0,
        results: [
          ...permitted.map(resource => describeResource(image, node, { resource, request })),
          ...refused,
        ],
      }),
      error => failed(request, error.code),
    );
  },
);

function refusedResource(
  { resourceType, resourceName }: Resource,
  { code, message }: ApiError,
): Response['results'][number] {
  return { errorCode: code, errorMessage: message, resourceType, resourceName, configs: [] };
}

function describeResource(
  image: MetadataImage,
  node: BrokerNode,
  { resource, request }: { readonly resource: Resource; readonly request: Request },
): Response['results'][number] {
  const { resourceType, resourceName, configurationKeys } = resource;
  const named = { resourceType, resourceName };
  try {
    const configs = configsOfResource(image, node, resource);
    if (configs === null) {
      return { ...named, errorCode: ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, errorMessage: '', configs: [] };
    }
    const isWanted = (name: string) =>
      configurationKeys === null || configurationKeys.length === 0 || configurationKeys.includes(name);
    return {
      ...named,
      errorCode: ErrorCode.NONE,
      errorMessage: '',
      configs: configs.filter(({ name }) => isWanted(name)).map(config => entryOf(config, request)),
    };
  } catch (error) {
    if (!(error instanceof KafkaError)) throw error;
    return { ...named, errorCode: error.code, errorMessage: error.message, configs: [] };
  }
}

/** null: no such topic. */
function configsOfResource(
  image: MetadataImage,
  node: BrokerNode,
  resource: Resource,
): DescribedConfig[] | null {
  const { resourceType: type, resourceName: name } = resource;
  const own = configsOf(image, { type, name });
  switch (type) {
    case ResourceType.TOPIC: {
      const problem = problemOfTopicName(name);
      if (problem !== null) throw new KafkaError('INVALID_TOPIC_EXCEPTION', problem);
      return image.topicsByName.has(name) ? describeTopic(node.settings, own) : null;
    }
    case ResourceType.BROKER:
      if (name === '') return describeBrokerDefaults(node.settings);
      refuseOtherNode(name, node, ' or empty string,');
      return describeBroker(node.settings);
    case ResourceType.BROKER_LOGGER:
      if (name === '') throw new KafkaError('INVALID_REQUEST', 'Broker id must not be empty');
      refuseOtherNode(name, node, '');
      return Array.from(node.logLevels.loggers(), ([logger, level]) => describeLogger(logger, level));
    case ResourceType.CLIENT_METRICS:
      if (name === '')
        throw new KafkaError('INVALID_REQUEST', 'Client metrics subscription name must not be empty');
      return describeClientMetrics(own);
    default:
      if (name === '') throw new KafkaError('INVALID_REQUEST', 'Group name must not be empty');
      return describeGroup(node.settings, own);
  }
}

function refuseOtherNode(name: string, { identity }: BrokerNode, alternative: string): void {
  if (!/^[+-]?\d{1,10}$/.test(name)) {
    throw new KafkaError('INVALID_REQUEST', `Broker id must be an integer, but it is: ${name}`);
  }
  if (Number(name) !== identity.nodeId) {
    const message = `Unexpected broker id, expected ${identity.nodeId}${alternative} but received ${name}`;
    throw new KafkaError('INVALID_REQUEST', message);
  }
}

function describeLogger(name: string, value: string): DescribedConfig {
  return {
    name,
    value,
    isReadOnly: false,
    isSensitive: false,
    source: ConfigSource.DYNAMIC_BROKER_LOGGER_CONFIG,
    synonyms: [],
    typeId: ConfigTypeId.UNKNOWN,
    documentation: '',
  };
}

function entryOf(config: DescribedConfig, { includeSynonyms, includeDocumentation }: Request) {
  return {
    name: config.name,
    value: config.value,
    readOnly: config.isReadOnly,
    configSource: config.source,
    isSensitive: config.isSensitive,
    synonyms: includeSynonyms ? config.synonyms : [],
    configType: config.typeId,
    documentation: includeDocumentation ? config.documentation : null,
  };
}

function nameOfType(resourceType: number): string {
  const entry = Object.entries(ResourceType).find(([, id]) => id === resourceType);
  return entry?.[0] ?? 'UNKNOWN';
}

/** The error's own text: what was wrong in particular stays on the server, as in Apache Kafka. */
function failed(request: Request, errorCode: number): Response {
  const errorMessage = errorOf(errorCode).text;
  return {
    throttleTimeMs: 0,
    results: request.resources.map(({ resourceType, resourceName }) => ({
      errorCode,
      errorMessage,
      resourceType,
      resourceName,
      configs: [],
    })),
  };
}
