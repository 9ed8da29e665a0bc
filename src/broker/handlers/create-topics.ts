// CreateTopics: a topic is live when this answers, its record on disk and its logs open. Rules: ControllerApis.createTopics;
// the decision is in metadata/create-topics.ts.

import { CreateTopics } from '../../protocol/messages/apis/create-topics.ts';
import type { RequestOf, ResponseDraft } from '../../protocol/schema/field.ts';
import { effectiveTopicConfigs } from '../config/described-config.ts';
import { apiErrorOf } from '../metadata/api-error.ts';
import { type CreatedTopic, refusedTopic } from '../metadata/create-topics.ts';
import { handler, type RequestContext } from './handler.ts';

type Request = RequestOf<typeof CreateTopics>;
type Response = ResponseDraft<typeof CreateTopics>;

const DETAILS_SINCE = 5;

export const createTopics = handler(
  CreateTopics,
  {
    versions: '2-7',
    failed: (request, code, message) => failed(request, { code, message }),
  },
  (request, context) =>
    context.node.metadata
      .createTopics(request, error => request.topics.map(({ name }) => refusedTopic(name, apiErrorOf(error))))
      .map(topics => answer(topics, context)),
);

function answer(topics: readonly CreatedTopic[], { node, apiVersion }: RequestContext): Response {
  return {
    throttleTimeMs: 0,
    topics: topics.map(({ name, error, topicId, numPartitions, replicationFactor, configs }) => ({
      name,
      topicId,
      errorCode: error.code,
      errorMessage: error.message,
      topicConfigErrorCode: 0,
      numPartitions,
      replicationFactor,
      configs:
        configs === null || apiVersion < DETAILS_SINCE
          ? []
          : effectiveTopicConfigs(node.settings, configs).map(config => ({
              name: config.name,
              value: config.value,
              readOnly: config.isReadOnly,
              configSource: config.source,
              isSensitive: config.isSensitive,
            })),
    })),
  };
}

function failed(
  request: Request,
  error: { readonly code: number; readonly message: string | null },
): Response {
  return {
    throttleTimeMs: 0,
    topics: request.topics.map(({ name }) => ({
      name,
      errorCode: error.code,
      errorMessage: error.message,
      configs: [],
    })),
  };
}
