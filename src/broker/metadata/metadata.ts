// Cluster metadata as the rest of the broker uses it: the image to read, decisions to make, and changes to hear of. It is
// the shard of `__cluster_metadata-0`; what it decides lives in the files beside it, what it holds in the image.

import { ErrorCode, KafkaError } from '../../protocol/errors.ts';
import type { Deferred } from '../runtime/deferred.ts';
import type { Decision, Shard } from '../runtime/shard.ts';
import type { Acl } from '../security/acl/acl-index.ts';
import { decideCreateAcls } from './acls.ts';
import { type AlterConfigsCommand, type AlteredResource, decideAlterConfigs } from './alter-configs.ts';
import type { ApiError } from './api-error.ts';
import type { MetadataChanges } from './changes.ts';
import {
  type CreatedPartitions,
  type CreatePartitionsCommand,
  decideCreatePartitions,
} from './create-partitions.ts';
import { type CreatedTopic, type CreateTopicsCommand, decideCreateTopics } from './create-topics.ts';
import { type DeletedTopic, decideDeleteTopics, type TopicReference } from './delete-topics.ts';
import type { MetadataEnvironment } from './environment.ts';
import type { MetadataImage } from './image.ts';
import { internalTopic } from './internal-topics.ts';
import type { MetadataRecord } from './metadata-record.ts';
import type { MetadataState } from './metadata-state.ts';
import type { TakeMutations } from './operation-limit.ts';
import { kraftVersion, selfAsVoter, votersRecord } from './quorum.ts';
import { decideReplaceConfigs, type ReplaceConfigsCommand } from './replace-configs.ts';
import type { InternalTopicName } from './topic-names.ts';
import {
  decideUpdateFeatures,
  endsStaticQuorum,
  type UpdateFeaturesCommand,
  type UpdateFeaturesEnvironment,
} from './update-features.ts';

/** Called in the turn of the change. `whenDurable` calls back once the log holds it for good; never, if that fails. */
export type ChangeListener = (changes: MetadataChanges, whenDurable: (callback: () => void) => void) => void;

export class Metadata {
  readonly #shard: Shard<MetadataRecord, MetadataState>;
  readonly #environment: MetadataEnvironment;
  readonly #listeners: ChangeListener[] = [];

  constructor(shard: Shard<MetadataRecord, MetadataState>, environment: MetadataEnvironment) {
    this.#shard = shard;
    this.#environment = environment;
  }

  /** As it runs, perhaps ahead of the disk: an answer built from it must go through `read`, or wait for a write. */
  get image(): MetadataImage {
    return this.#shard.state.image;
  }

  /** Not to be called from a listener. */
  onChange(listener: ChangeListener): void {
    this.#listeners.push(listener);
  }

  /** The image was built anew: every listener compares all of it with what it has. */
  announceReset(): void {
    this.#announce(true);
  }

  read<Response>(
    decide: (image: MetadataImage) => Response,
    failed: (error: KafkaError) => Response,
  ): Deferred<Response> {
    return this.#shard.read(state => decide(state.image), failed);
  }

  write<Response>(
    decide: (image: MetadataImage) => Decision<MetadataRecord, Response>,
    failed: (error: KafkaError) => Response,
  ): Deferred<Response> {
    const answer = this.#shard.write(state => decide(state.image), failed);
    if (this.#shard.isLoaded) this.#announce(false);
    return answer;
  }

  createTopics(
    command: CreateTopicsCommand,
    failed: (error: KafkaError) => readonly CreatedTopic[],
  ): Deferred<readonly CreatedTopic[]> {
    return this.write(image => decideCreateTopics(image, command, this.#environment), failed);
  }

  deleteTopics(
    topics: readonly TopicReference[],
    failed: (error: KafkaError) => readonly DeletedTopic[],
    takeMutations?: TakeMutations,
  ): Deferred<readonly DeletedTopic[]> {
    return this.write(image => decideDeleteTopics(image, topics, takeMutations), failed);
  }

  createPartitions(
    command: CreatePartitionsCommand,
    failed: (error: KafkaError) => readonly CreatedPartitions[],
  ): Deferred<readonly CreatedPartitions[]> {
    return this.write(image => decideCreatePartitions(image, command, this.#environment), failed);
  }

  alterConfigs(
    command: AlterConfigsCommand,
    failed: (error: KafkaError) => readonly AlteredResource[],
  ): Deferred<readonly AlteredResource[]> {
    return this.write(image => decideAlterConfigs(image, command, this.#environment), failed);
  }

  replaceConfigs(
    command: ReplaceConfigsCommand,
    failed: (error: KafkaError) => readonly AlteredResource[],
  ): Deferred<readonly AlteredResource[]> {
    return this.write(image => decideReplaceConfigs(image, command, this.#environment), failed);
  }

  createAcls(
    acls: readonly Acl[],
    failed: (error: KafkaError) => readonly ApiError[],
  ): Deferred<readonly ApiError[]> {
    return this.write(image => decideCreateAcls(image, acls, this.#environment.newUuid), failed);
  }

  /** The response: the features that were updated. A static quorum ends with its voters in the log (KIP-853). */
  updateFeatures<Response>(
    command: UpdateFeaturesCommand,
    answer: (features: readonly string[]) => Response,
    failed: (error: KafkaError) => Response,
  ): Deferred<Response> {
    const { nodeId, directoryId, settings } = this.#environment;
    const environment = { nodeId, minInsyncReplicas: settings.get('min.insync.replicas') };
    if (this.#shard.isLoaded && this.#endsStaticQuorum(command, environment)) {
      const voters = [selfAsVoter({ nodeId, directoryId })];
      this.#shard.writeControl([kraftVersion(1), votersRecord(voters)]);
    }
    return this.write(image => {
      const { records, response } = decideUpdateFeatures(image, command, environment);
      return { records, response: answer(response) };
    }, failed);
  }

  /** False as well when the request is refused, which the decision itself will say. */
  #endsStaticQuorum(command: UpdateFeaturesCommand, environment: UpdateFeaturesEnvironment): boolean {
    try {
      return endsStaticQuorum(this.image, command, environment);
    } catch (error) {
      if (error instanceof KafkaError) return false;
      throw error;
    }
  }

  /** Makes the coordinators' topic if it is missing. The error code; 0 when it is there, durably. */
  ensureInternalTopic(name: InternalTopicName): Deferred<number> {
    if (this.image.topicsByName.has(name))
      return this.read(
        () => ErrorCode.NONE as number,
        error => error.code,
      );
    const topic = internalTopic(name, this.#environment.settings);
    return this.write<number>(
      image => {
        const { records, response } = decideCreateTopics(
          image,
          { topics: [topic], validateOnly: false },
          this.#environment,
        );
        return { records, response: response[0]!.error.code };
      },
      error => error.code,
    );
  }

  #announce(isReset: boolean): void {
    const changes = this.#shard.state.changes.take(isReset);
    const { topics, removedTopics, configs, acls, quotas } = changes;
    const count = topics.length + removedTopics.length + configs.length + acls.size;
    if (!isReset && !quotas && count === 0) return;
    for (const listener of this.#listeners) listener(changes, callback => this.#whenDurable(callback));
  }

  #whenDurable(callback: () => void): void {
    this.#shard
      .read<KafkaError | null>(
        () => null,
        error => error,
      )
      .whenComplete(error => {
        if (error === null) callback();
      });
  }
}
