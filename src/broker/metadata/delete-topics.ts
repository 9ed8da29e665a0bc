// Decides the deletion of topics, named by name or id (ControllerApis.deleteTopics). The data goes when the record is
// durable; until then nothing is removed that a crash would need back.

import type { Decision } from '../runtime/shard.ts';
import { type ApiError, apiError, NO_ERROR } from './api-error.ts';
import { type MetadataImage, ZERO_UUID } from './image.ts';
import { type MetadataRecord, record } from './metadata-record.ts';
import { QUOTA_EXCEEDED, refuseTooManyRecords, type TakeMutations } from './operation-limit.ts';

export interface TopicReference {
  /** null: by id. */
  readonly name: string | null;
  readonly topicId: string;
}

export interface DeletedTopic {
  readonly name: string | null;
  readonly topicId: string;
  readonly error: ApiError;
}

export function decideDeleteTopics(
  image: MetadataImage,
  topics: readonly TopicReference[],
  takeMutations?: TakeMutations,
): Decision<MetadataRecord, readonly DeletedTopic[]> {
  const response: DeletedTopic[] = [];
  const refuse = (name: string | null, topicId: string, error: ApiError) =>
    response.push({ name, topicId, error });
  const named = new Counter();
  const identified = new Counter();
  for (const { name, topicId } of topics) {
    if (name === null) {
      if (topicId !== ZERO_UUID) identified.add(topicId);
      else refuse(null, ZERO_UUID, apiError('INVALID_REQUEST', 'Neither topic name nor id were specified.'));
    } else if (topicId === ZERO_UUID) {
      named.add(name);
    } else {
      refuse(name, topicId, apiError('INVALID_REQUEST', 'You may not specify both topic name and topic id.'));
    }
  }
  for (const name of named.repeated())
    refuse(name, ZERO_UUID, apiError('INVALID_REQUEST', 'Duplicate topic name.'));
  for (const id of identified.repeated())
    refuse(null, id, apiError('INVALID_REQUEST', 'Duplicate topic id.'));

  const toDelete = new Map<string, string>();
  for (const id of identified.single()) {
    const topic = image.topicsById.get(id);
    if (topic === undefined) refuse(null, id, apiError('UNKNOWN_TOPIC_ID'));
    else toDelete.set(id, topic.name);
  }
  for (const name of named.single()) {
    const topic = image.topicsByName.get(name);
    if (topic === undefined) {
      refuse(name, ZERO_UUID, apiError('UNKNOWN_TOPIC_OR_PARTITION'));
    } else if (toDelete.delete(topic.id) || identified.has(topic.id)) {
      const message = 'The provided topic name maps to an ID that was already supplied.';
      refuse(name, topic.id, apiError('INVALID_REQUEST', message));
    } else {
      toDelete.set(topic.id, name);
    }
  }
  refuseTooManyRecords(toDelete.size);
  for (const [topicId, name] of toDelete) {
    const isAllowed = takeMutations?.(image.topicsById.get(topicId)?.partitions.length ?? 0) !== false;
    if (!isAllowed) toDelete.delete(topicId);
    response.push({ name, topicId, error: isAllowed ? NO_ERROR : QUOTA_EXCEEDED });
  }
  return { records: [...toDelete.keys()].map(topicId => record('RemoveTopicRecord', { topicId })), response };
}

class Counter {
  readonly #counts = new Map<string, number>();

  add(text: string): void {
    this.#counts.set(text, (this.#counts.get(text) ?? 0) + 1);
  }

  has(text: string): boolean {
    return this.#counts.has(text);
  }

  single(): string[] {
    return [...this.#counts].filter(([, count]) => count === 1).map(([text]) => text);
  }

  repeated(): string[] {
    return [...this.#counts].filter(([, count]) => count > 1).map(([text]) => text);
  }
}
