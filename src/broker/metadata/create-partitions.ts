// Decides the growth of topics (ReplicationControlManager.createPartitions). A topic never shrinks: its partitions are
// part of where keys go.

import { ErrorCode } from '../../protocol/errors.ts';
import type { Decision } from '../runtime/shard.ts';
import { type ApiError, apiError, NO_ERROR } from './api-error.ts';
import { refusedAssignment } from './assignments.ts';
import type { MetadataEnvironment } from './environment.ts';
import type { MetadataImage, TopicImage } from './image.ts';
import type { MetadataRecord } from './metadata-record.ts';
import { QUOTA_EXCEEDED, refuseTooManyRecords, type TakeMutations } from './operation-limit.ts';
import { newPartition } from './topics.ts';

export interface GrownTopic {
  readonly name: string;
  /** The new total. */
  readonly count: number;
  readonly assignments: readonly { readonly brokerIds: readonly number[] }[] | null;
}

export interface CreatePartitionsCommand {
  readonly topics: readonly GrownTopic[];
  readonly validateOnly: boolean;
  readonly takeMutations?: TakeMutations | undefined;
}

export interface CreatedPartitions {
  readonly name: string;
  readonly error: ApiError;
}

export function decideCreatePartitions(
  image: MetadataImage,
  command: CreatePartitionsCommand,
  environment: MetadataEnvironment,
): Decision<MetadataRecord, readonly CreatedPartitions[]> {
  const counts = new Map<string, number>();
  for (const { name } of command.topics) counts.set(name, (counts.get(name) ?? 0) + 1);
  const records: MetadataRecord[] = [];
  const response: CreatedPartitions[] = [];
  for (const [name, count] of counts) {
    if (count > 1) response.push({ name, error: apiError('INVALID_REQUEST', 'Duplicate topic name.') });
  }
  for (const topic of command.topics) {
    if (counts.get(topic.name)! > 1) continue;
    const existing = image.topicsByName.get(topic.name);
    const error =
      existing === undefined
        ? { code: ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, message: null }
        : refusedGrowth(image, topic, { existing, takeMutations: command.takeMutations });
    response.push({ name: topic.name, error: error ?? NO_ERROR });
    if (error !== null || existing === undefined) continue;
    const { nodeId, directoryId } = environment;
    refuseTooManyRecords(records.length + topic.count - existing.partitions.length);
    for (let partition = existing.partitions.length; partition < topic.count; partition++) {
      records.push(newPartition(image, { topicId: existing.id, partition, nodeId, directoryId }));
    }
  }
  return { records: command.validateOnly ? [] : records, response };
}

function refusedGrowth(
  image: MetadataImage,
  topic: GrownTopic,
  { existing, takeMutations }: { existing: TopicImage; takeMutations: TakeMutations | undefined },
): ApiError | null {
  const current = existing.partitions.length;
  if (topic.count === current)
    return apiError('INVALID_PARTITIONS', `Topic already has ${current} partition(s).`);
  if (topic.count < current) {
    return apiError(
      'INVALID_PARTITIONS',
      `The topic ${topic.name} currently has ${current} partition(s); ${topic.count} would not be an increase.`,
    );
  }
  const additional = topic.count - current;
  if (topic.assignments !== null && topic.assignments.length !== additional) {
    return apiError(
      'INVALID_REPLICA_ASSIGNMENT',
      `Attempted to add ${additional} additional partition(s), but only ${topic.assignments.length} assignment(s) were specified.`,
    );
  }
  if (takeMutations?.(additional) === false) return QUOTA_EXCEEDED;
  if (topic.assignments === null) return null;
  const replicationFactor = existing.partitions[0]!.replicas.length;
  for (const { brokerIds } of topic.assignments) {
    const refused = refusedAssignment(image, brokerIds, replicationFactor);
    if (refused !== null) return refused;
  }
  return null;
}
