// ListConfigResources: what can be described by DescribeConfigs (KIP-1142): groups and client metrics subscriptions that
// have configuration, brokers and topics in any case. Version 0 is the old ListClientMetricsResources.

import { ErrorCode } from '../../protocol/errors.ts';
import { ListConfigResources } from '../../protocol/messages/apis/list-config-resources.ts';
import type { ResponseDraft } from '../../protocol/schema/field.ts';
import { type MetadataImage, ResourceType } from '../metadata/image.ts';
import { handler } from './handler.ts';

type Response = ResponseDraft<typeof ListConfigResources>;

/** In the order of the answer. */
const TYPES: readonly number[] = [
  ResourceType.GROUP,
  ResourceType.CLIENT_METRICS,
  ResourceType.BROKER_LOGGER,
  ResourceType.BROKER,
  ResourceType.TOPIC,
];
const TYPES_SINCE = 1;

export const listConfigResources = handler(
  ListConfigResources,
  {
    versions: '0-1',
    acl: { operation: 'DESCRIBE_CONFIGS', on: 'CLUSTER' },
    failed: (_request, errorCode) => failed(errorCode),
  },
  ({ resourceTypes }, { node, apiVersion }) => {
    const supported = apiVersion < TYPES_SINCE ? [ResourceType.CLIENT_METRICS] : TYPES;
    if (resourceTypes.some(type => !supported.includes(type))) return failed(ErrorCode.UNSUPPORTED_VERSION);
    const asked = resourceTypes.length === 0 ? supported : resourceTypes;
    return node.metadata.read<Response>(
      image => ({
        throttleTimeMs: 0,
        errorCode: ErrorCode.NONE,
        configResources: TYPES.filter(type => asked.includes(type)).flatMap(resourceType =>
          namesOf(image, resourceType).map(resourceName => ({ resourceName, resourceType })),
        ),
      }),
      ({ code }) => failed(code),
    );
  },
);

function namesOf(image: MetadataImage, resourceType: number): string[] {
  switch (resourceType) {
    case ResourceType.TOPIC:
      return [...image.topicsByName.keys()];
    case ResourceType.BROKER:
    case ResourceType.BROKER_LOGGER:
      return Array.from(image.brokers.keys(), String);
    default: {
      const prefix = `${resourceType}:`;
      return [...image.configs.keys()]
        .filter(key => key.startsWith(prefix))
        .map(key => key.slice(prefix.length));
    }
  }
}

function failed(errorCode: number): Response {
  return { throttleTimeMs: 0, errorCode, configResources: [] };
}
