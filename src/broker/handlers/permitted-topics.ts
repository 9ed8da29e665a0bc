// Which of the topics of a Metadata request its client may see, and which that are missing he may make. Whether a topic
// that he may not describe exists is not told. Rules: KafkaApis.handleTopicMetadataRequest.

import { ErrorCode } from '../../protocol/errors.ts';
import type { Metadata } from '../../protocol/messages/apis/metadata.ts';
import type { ResponseDraft } from '../../protocol/schema/field.ts';
import { ZERO_UUID } from '../metadata/image.ts';
import { isInternalTopic } from '../metadata/topic-names.ts';
import { CLUSTER_NAME } from '../security/acl/acl-names.ts';
import { isAuthorized, isQuietlyAuthorized } from './authorize.ts';
import type { RequestContext } from './handler.ts';

type TopicAnswer = ResponseDraft<typeof Metadata>['topics'][number];

export interface WantedTopics {
  /** null: all. */
  readonly names: readonly string[] | null;
  readonly ids: readonly string[];
}

export interface PermittedTopics {
  readonly wanted: WantedTopics;
  readonly refused: readonly TopicAnswer[];
}

export function permittedTopics(
  wanted: WantedTopics,
  asked: { readonly context: RequestContext; readonly createsTopics: boolean },
): PermittedTopics {
  const { context, createsTopics } = asked;
  // All topics are filtered one by one when they are listed.
  if (context.node.authorizer === undefined || wanted.names === null) return { wanted, refused: [] };
  if (wanted.ids.length > 0) return permittedIds(wanted.ids, context);
  const isSeen = (name: string) => isAuthorized(context, 'DESCRIBE', 'TOPIC', name);
  const seen = wanted.names.filter(isSeen);
  const unseen = wanted.names.filter(name => !seen.includes(name));
  const uncreatable = createsTopics ? uncreatableAmong(seen, context) : new Set<string>();
  return {
    wanted: { names: seen.filter(name => !uncreatable.has(name)), ids: [] },
    refused: [
      ...Array.from(uncreatable, name => forbidden(name, ZERO_UUID, isInternalTopic(name))),
      ...unseen.map(name => forbidden(name, ZERO_UUID, false)),
    ],
  };
}

/** That an id exists is no secret; which name it has is. */
function permittedIds(ids: readonly string[], context: RequestContext): PermittedTopics {
  const { topicsById } = context.node.metadata.image;
  const isForbidden = (id: string) => {
    const topic = topicsById.get(id);
    return topic !== undefined && !isAuthorized(context, 'DESCRIBE', 'TOPIC', topic.name);
  };
  const refused = new Set(ids.filter(isForbidden));
  return {
    wanted: refused.size === ids.length ? NOTHING : { names: [], ids: ids.filter(id => !refused.has(id)) },
    refused: Array.from(refused, id => forbidden(null, id, false)),
  };
}

const NOTHING: WantedTopics = { names: [], ids: [] };

function uncreatableAmong(names: readonly string[], context: RequestContext): ReadonlySet<string> {
  const { topicsByName } = context.node.metadata.image;
  const missing = names.filter(name => !topicsByName.has(name));
  if (missing.length === 0 || isQuietlyAuthorized(context, 'CREATE', 'CLUSTER', CLUSTER_NAME))
    return new Set();
  return new Set(missing.filter(name => !isAuthorized(context, 'CREATE', 'TOPIC', name)));
}

function forbidden(name: string | null, topicId: string, isInternal: boolean): TopicAnswer {
  return { errorCode: ErrorCode.TOPIC_AUTHORIZATION_FAILED, name, topicId, isInternal, partitions: [] };
}
