// Where share groups have arrived, as handlers see it: looking, altering, deleting. The offsets are the share coordinator's;
// the group says of which partitions there are any, and that nobody is in it. Rules and messages: Apache Kafka's
// GroupCoordinatorService.

import { ErrorCode, errorOf, KafkaError } from '../../../protocol/errors.ts';
import type { DescribeShareGroupOffsets } from '../../../protocol/messages/apis/describe-share-group-offsets.ts';
import type { RequestOf, ResponseDraft } from '../../../protocol/schema/field.ts';
import { ZERO_UUID } from '../../../protocol/wire/reader.ts';
import { Deferred } from '../../runtime/deferred.ts';
import { UNINITIALIZED } from '../../share/share-state.ts';
import type { StateOutcome } from '../../share/state-decisions.ts';
import type { TopicsView } from '../consumer/topics-view.ts';
import { type GroupShard, responseErrorOf } from '../group-shard.ts';
import {
  type AlterAnswer,
  type AlterOutcome,
  type AlterRequest,
  alterAnswer,
  decideAlterOffsets,
  withRefusals,
} from './alter-offsets.ts';
import {
  type DeleteAnswer,
  type DeletedTopic,
  type DeleteRequest,
  type DeletionOutcome,
  decideDeleteOffsets,
  decideOffsetsDeleted,
} from './delete-offsets.ts';
import type { Initialization } from './share-decision.ts';
import { type ShareGroups, shareGroupOf, shareGroupOrNew } from './share-groups.ts';
import { firstError, invalidity, type SharePersister, type StateOutcomes } from './share-persister.ts';
import type { PartitionsByTopic } from './state-partitions.ts';

export interface ShareOffsetsOptions {
  /** Null: nobody coordinates this group here. */
  readonly shardOf: (groupId: string) => GroupShard | null;
  readonly groups: ShareGroups;
  readonly persister: SharePersister;
  readonly topics: TopicsView;
  /** Up to where a partition can be read; undefined: this node does not lead it. */
  readonly highWatermark: (topic: string, partition: number) => number | undefined;
}

export type DescribeRequest = RequestOf<typeof DescribeShareGroupOffsets>['groups'][number];
export type DescribedOffsets = ResponseDraft<typeof DescribeShareGroupOffsets>['groups'][number];
type DescribedTopic = DescribedOffsets['topics'][number];
type DescribedPartition = DescribedTopic['partitions'][number];

export class ShareOffsets {
  readonly #options: ShareOffsetsOptions;

  constructor(options: ShareOffsetsOptions) {
    this.#options = options;
  }

  /** Of the named partitions, whether the group is there or not; of all it has state of, when none are named. */
  describe({ groupId, topics }: DescribeRequest): Deferred<DescribedOffsets> {
    if (topics === null) return this.#describeAll(groupId);
    const partitions = new Map<string, ReadonlySet<number>>();
    const absent: DescribedTopic[] = [];
    for (const { topicName, partitions: indexes } of topics) {
      const topic = this.#options.topics.byName(topicName);
      if (topic === undefined)
        absent.push({
          topicName,
          topicId: ZERO_UUID,
          partitions: indexes.map(index => uninitialized(index)),
        });
      else partitions.set(topic.id, new Set([...(partitions.get(topic.id) ?? []), ...indexes]));
    }
    return this.#summaries(groupId, partitions, absent);
  }

  #describeAll(groupId: string): Deferred<DescribedOffsets> {
    const failed = (error: KafkaError): DescribedOffsets => describedOffsets(groupId, [], error);
    const shard = this.#options.shardOf(groupId);
    if (shard === null) return Deferred.completed(failed(new KafkaError('NOT_COORDINATOR')));
    const initialized = shard.share.read<PartitionsByTopic | KafkaError>(
      groupId,
      (state, { topics }) => {
        const known = [...(state.shareGroups.get(groupId)?.initialized ?? [])];
        return new Map(
          known
            .filter(([topicId]) => topics.byId(topicId) !== undefined)
            .map(([topicId, { partitions }]) => [topicId, partitions]),
        );
      },
      error => error,
    );
    return initialized.andThen(partitions =>
      partitions instanceof KafkaError
        ? Deferred.completed(failed(partitions))
        : this.#summaries(groupId, partitions, []),
    );
  }

  #summaries(
    groupId: string,
    partitions: PartitionsByTopic,
    absent: readonly DescribedTopic[],
  ): Deferred<DescribedOffsets> {
    if (partitions.size === 0) return Deferred.completed(describedOffsets(groupId, absent));
    const invalid = invalidity('Read', groupId, partitions);
    // The words stay in the log of Apache Kafka.
    if (invalid !== null)
      return Deferred.completed(describedOffsets(groupId, [], new KafkaError(invalid.errorName)));
    return this.#options.persister.readSummaries(groupId, partitions).map(outcomes => {
      const topics = [...outcomes].map(([topicId, ofTopic]): DescribedTopic => {
        const topicName = this.#options.topics.byId(topicId)?.name ?? '';
        const described = [...ofTopic].map(([partition, outcome]) =>
          this.#partition(topicName, partition, outcome),
        );
        return { topicName, topicId, partitions: described };
      });
      return describedOffsets(groupId, [...topics, ...absent]);
    });
  }

  /** What the share coordinator refuses to tell is taken for nothing there, as Apache Kafka takes it. */
  #partition(topic: string, partitionIndex: number, { state, errorCode }: StateOutcome): DescribedPartition {
    if (errorCode !== 0 || state === undefined) return uninitialized(partitionIndex);
    const { startOffset, leaderEpoch, deliveryCompleteCount } = state;
    const known = { ...uninitialized(partitionIndex), startOffset, leaderEpoch };
    if (startOffset === UNINITIALIZED || deliveryCompleteCount === UNINITIALIZED) return known;
    const endOffset = this.#options.highWatermark(topic, partitionIndex);
    if (endOffset !== undefined)
      return { ...known, lag: BigInt(endOffset - startOffset - deliveryCompleteCount) };
    const unled = ErrorCode.NOT_LEADER_OR_FOLLOWER;
    const errorMessage = errorOf(unled).text;
    return { ...known, startOffset: 0, leaderEpoch: 0, errorCode: unled, errorMessage };
  }

  alter({ groupId, topics }: AlterRequest): Deferred<AlterAnswer> {
    if (groupId === '') return Deferred.completed(alterRefused(new KafkaError('INVALID_GROUP_ID')));
    const shard = this.#options.shardOf(groupId);
    if (shard === null) return Deferred.completed(alterRefused(new KafkaError('NOT_COORDINATOR')));
    const nothing = { groupId, stateEpoch: 0, startOffsets: new Map() };
    const decided = shard.share.change<AlterOutcome>(
      groupId,
      (state, context) => decideAlterOffsets(shareGroupOrNew(state, groupId), { topics }, context),
      error => ({ answer: alterRefused(error), initialization: nothing }),
    );
    const { groups, persister } = this.#options;
    return decided.andThen(({ answer, initialization }) => {
      if (initialization.startOffsets.size === 0) return Deferred.completed(answer);
      const invalid = invalidity('Initialize', groupId, partitionsTo(initialization));
      if (invalid !== null) return Deferred.completed(alterRefused(invalid));
      return persister.initialize(initialization).andThen(outcomes => {
        if (firstError(outcomes) !== null)
          return Deferred.completed(
            withRefusals(answer, (id, partition) => outcomes.get(id)?.get(partition)),
          );
        return groups.initialized(groupId, partitionsTo(initialization), true).map(() => answer);
      });
    });
  }

  delete({ groupId, topics }: DeleteRequest): Deferred<DeleteAnswer> {
    if (groupId === '') return Deferred.completed(deleteRefused(new KafkaError('INVALID_GROUP_ID')));
    const shard = this.#options.shardOf(groupId);
    if (shard === null) return Deferred.completed(deleteRefused(new KafkaError('NOT_COORDINATOR')));
    const decided = shard.share.change<DeletionOutcome | KafkaError>(
      groupId,
      (state, context) => decideDeleteOffsets(shareGroupOf(state, groupId), { topics }, context),
      error => error,
    );
    return decided.andThen(outcome => {
      if (outcome instanceof KafkaError) return Deferred.completed(deleteRefused(outcome));
      if (outcome.partitions.size === 0) return Deferred.completed(deleteAnswer(outcome.refused));
      const invalid = invalidity('Delete', groupId, outcome.partitions);
      if (invalid !== null) return Deferred.completed(deleteRefused(new KafkaError(invalid.errorName)));
      return this.#options.persister
        .delete(groupId, outcome.partitions)
        .andThen(deleted => this.#deleted(shard, groupId, { deleted, refused: outcome.refused }));
    });
  }

  #deleted(
    shard: GroupShard,
    groupId: string,
    { deleted, refused }: { readonly deleted: StateOutcomes; readonly refused: readonly DeletedTopic[] },
  ): Deferred<DeleteAnswer> {
    const done: DeletedTopic[] = [];
    const failed: DeletedTopic[] = [];
    for (const [topicId, ofTopic] of deleted) {
      const topicName = this.#options.topics.byId(topicId)?.name ?? '';
      const errorCode = firstError(new Map([[topicId, ofTopic]]))?.errorCode ?? 0;
      const errorMessage = errorCode === 0 ? null : errorOf(errorCode).text;
      (errorCode === 0 ? done : failed).push({ topicName, topicId, errorCode, errorMessage });
    }
    if (done.length === 0) return Deferred.completed(deleteAnswer([...refused, ...failed]));
    const topicIds = new Set(done.map(({ topicId }) => topicId));
    return shard.share
      .change<KafkaError | null>(
        groupId,
        (state, context) => decideOffsetsDeleted(state.shareGroups.get(groupId), topicIds, context),
        error => error,
      )
      .map(error => (error === null ? deleteAnswer([...done, ...refused, ...failed]) : deleteRefused(error)));
  }
}

function uninitialized(partitionIndex: number): DescribedPartition {
  return {
    partitionIndex,
    startOffset: UNINITIALIZED,
    leaderEpoch: 0,
    lag: BigInt(UNINITIALIZED),
    errorCode: 0,
    errorMessage: null,
  };
}

function describedOffsets(
  groupId: string,
  topics: readonly DescribedTopic[],
  error: KafkaError | null = null,
): DescribedOffsets {
  const errorCode = error === null ? 0 : responseErrorOf(error);
  return { groupId, topics: [...topics], errorCode, errorMessage: error?.message ?? null };
}

function partitionsTo({ startOffsets }: Initialization): PartitionsByTopic {
  return new Map([...startOffsets].map(([topicId, offsets]) => [topicId, new Set(offsets.keys())]));
}

function alterRefused(error: KafkaError): AlterAnswer {
  return alterAnswer({ errorCode: responseErrorOf(error), errorMessage: error.message });
}

function deleteAnswer(responses: readonly DeletedTopic[]): DeleteAnswer {
  return { throttleTimeMs: 0, errorCode: 0, errorMessage: null, responses: [...responses] };
}

function deleteRefused(error: KafkaError): DeleteAnswer {
  return { ...deleteAnswer([]), errorCode: responseErrorOf(error), errorMessage: error.message };
}
