// The share coordinator as share groups ask it: about all partitions of some topics at once. Its topic is made when first
// needed, as Apache Kafka's persister does by looking for the coordinator. Keeps nothing.

import { ErrorCode, errorOf, KafkaError } from '../../../protocol/errors.ts';
import { allOf, Deferred } from '../../runtime/deferred.ts';
import type { ShareCoordinator } from '../../share/share-coordinator.ts';
import type { SharePartitionKey } from '../../share/share-state.ts';
import type { StateOutcome } from '../../share/state-decisions.ts';
import type { Initialization } from './share-decision.ts';
import type { PartitionsByTopic } from './state-partitions.ts';

export interface SharePersisterOptions {
  readonly coordinator: Pick<ShareCoordinator, 'initialize' | 'readSummary' | 'delete'>;
  /** Makes __share_group_state where it is not there; the error code. */
  readonly ensureTopic: () => Deferred<number>;
}

/** Topic id to partition to what came of it. */
export type StateOutcomes = ReadonlyMap<string, ReadonlyMap<number, StateOutcome>>;

export class SharePersister {
  readonly #options: SharePersisterOptions;

  constructor(options: SharePersisterOptions) {
    this.#options = options;
  }

  initialize({ groupId, stateEpoch, startOffsets }: Initialization): Deferred<StateOutcomes> {
    const partitions = new Map([...startOffsets].map(([id, offsets]) => [id, new Set(offsets.keys())]));
    return this.#each(groupId, partitions, key => {
      const startOffset = startOffsets.get(key.topicId)!.get(key.partition)!;
      return this.#options.coordinator.initialize({ key, stateEpoch, startOffset });
    });
  }

  readSummaries(groupId: string, partitions: PartitionsByTopic): Deferred<StateOutcomes> {
    return this.#each(groupId, partitions, key => this.#options.coordinator.readSummary(key));
  }

  delete(groupId: string, partitions: PartitionsByTopic): Deferred<StateOutcomes> {
    return this.#each(groupId, partitions, key => this.#options.coordinator.delete(key));
  }

  #each(
    groupId: string,
    partitions: PartitionsByTopic,
    ask: (key: SharePartitionKey) => Deferred<StateOutcome>,
  ): Deferred<StateOutcomes> {
    const keys = [...partitions].flatMap(([topicId, ofTopic]) =>
      [...ofTopic].sort((a, b) => a - b).map(partition => ({ groupId, topicId, partition })),
    );
    return this.#options
      .ensureTopic()
      .andThen(errorCode => allOf(keys.map(key => (errorCode === 0 ? ask(key) : unavailable()))))
      .map(outcomes => byTopic(keys, outcomes));
  }
}

function unavailable(): Deferred<StateOutcome> {
  const errorCode = ErrorCode.COORDINATOR_NOT_AVAILABLE;
  return Deferred.completed<StateOutcome>({ errorCode, errorMessage: errorOf(errorCode).text });
}

function byTopic(keys: readonly SharePartitionKey[], outcomes: readonly StateOutcome[]): StateOutcomes {
  const found = new Map<string, Map<number, StateOutcome>>();
  keys.forEach(({ topicId, partition }, index) => {
    const ofTopic = found.get(topicId) ?? new Map<number, StateOutcome>();
    found.set(topicId, ofTopic.set(partition, outcomes[index]!));
  });
  return found;
}

/** Why the share coordinator cannot be asked; the words are Apache Kafka's (DefaultStatePersister). */
export function invalidity(
  what: 'Initialize' | 'Read' | 'Delete',
  groupId: string,
  partitions: PartitionsByTopic,
): KafkaError | null {
  for (const [topicId, ofTopic] of partitions) {
    for (const partition of ofTopic) {
      if (partition >= 0) continue;
      const name = `${what} share group ${what === 'Read' ? 'summary ' : ''}parameters`;
      return new KafkaError(
        'UNKNOWN_SERVER_ERROR',
        `${name} has invalid partitionId - ${groupId} ${topicId} ${partition}`,
      );
    }
  }
  return null;
}

/** Null: all went well. */
export function firstError(outcomes: StateOutcomes): StateOutcome | null {
  for (const ofTopic of outcomes.values())
    for (const outcome of ofTopic.values()) if (outcome.errorCode !== 0) return outcome;
  return null;
}

export function partitionsOf(outcomes: StateOutcomes): PartitionsByTopic {
  return new Map([...outcomes].map(([topicId, ofTopic]) => [topicId, new Set(ofTopic.keys())]));
}
