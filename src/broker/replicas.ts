// The logs of the partitions this node leads: made when metadata says that a partition exists, given new settings when
// configuration changes, removed when a topic is gone for good. It follows the metadata and decides nothing.

import type { LogStore } from '../storage/log/log-store.ts';
import type { PartitionLog } from '../storage/log/partition-log.ts';
import type { BrokerSettings } from './config/settings.ts';
import type { MetadataChanges } from './metadata/changes.ts';
import { type MetadataImage, ResourceType, type TopicImage } from './metadata/image.ts';
import type { Partitions } from './node.ts';

export interface ReplicasOptions {
  readonly store: LogStore;
  readonly settings: BrokerSettings;
  readonly nodeId: number;
}

interface TopicLogs {
  readonly topicId: string;
  readonly logs: (PartitionLog | undefined)[];
}

export class Replicas implements Partitions {
  readonly #options: ReplicasOptions;
  readonly #topics = new Map<string, TopicLogs>();
  /** Deleted topics whose record is not durable yet: their data stays until it is. */
  readonly #leaving = new Map<string, TopicImage>();

  constructor(options: ReplicasOptions) {
    this.#options = options;
  }

  log(topic: string, partition: number): PartitionLog | undefined {
    return this.#topics.get(topic)?.logs[partition];
  }

  /** Opens what the image names (a directory that does not know its topic's id is told it) and sets aside what it does not. */
  start(image: MetadataImage): void {
    this.#topics.clear();
    for (const topic of image.topicsById.values()) this.#open(topic);
    this.#options.store.reconcile(new Set(image.topicsById.keys()));
  }

  changed(image: MetadataImage, changes: MetadataChanges, whenDurable: (callback: () => void) => void): void {
    if (changes.isReset) {
      this.start(image);
      return;
    }
    for (const topic of changes.removedTopics) this.#close(topic, whenDurable);
    for (const topic of changes.topics) this.#open(topic);
    for (const { type, name } of changes.configs) {
      if (type === ResourceType.TOPIC) this.#updateSettings(name);
      if (type === ResourceType.BROKER) for (const topic of this.#topics.keys()) this.#updateSettings(topic);
    }
  }

  #open(topic: TopicImage): void {
    const { store, settings, nodeId } = this.#options;
    // The name is free for a new topic only once the old one's directories are out of the way.
    const leaving = this.#leaving.get(topic.name);
    if (leaving !== undefined) this.#remove(leaving);
    let known = this.#topics.get(topic.name);
    if (known?.topicId !== topic.id) {
      known = { topicId: topic.id, logs: [] };
      this.#topics.set(topic.name, known);
    }
    for (const { partition, leader, leaderEpoch } of topic.partitions) {
      if (leader !== nodeId) {
        known.logs[partition] = undefined;
        continue;
      }
      const log =
        known.logs[partition] ??
        store.ensure({
          topic: topic.name,
          partition,
          topicId: topic.id,
          settings: settings.topic(topic.name).log,
          // The record of the topic is what lasts; a directory is made for the first batch. Thousands of partitions that
          // nobody writes to cost no files, and Apache Kafka makes those that it misses.
          lazy: true,
        });
      known.logs[partition] = log;
      log.startLeaderEpoch(leaderEpoch);
    }
  }

  #close(topic: TopicImage, whenDurable: (callback: () => void) => void): void {
    if (this.#topics.get(topic.name)?.topicId === topic.id) this.#topics.delete(topic.name);
    this.#leaving.set(topic.name, topic);
    whenDurable(() => {
      if (this.#leaving.get(topic.name) === topic) this.#remove(topic);
    });
  }

  #remove(topic: TopicImage): void {
    const { store } = this.#options;
    this.#leaving.delete(topic.name);
    for (const { partition } of topic.partitions) {
      // The name may be another topic's by now.
      if (store.get({ topic: topic.name, partition })?.topicId === topic.id)
        store.delete({ topic: topic.name, partition });
    }
  }

  #updateSettings(name: string): void {
    const known = this.#topics.get(name);
    if (known === undefined) return;
    const settings = this.#options.settings.topic(name).log;
    for (const log of known.logs) log?.updateSettings(settings);
  }
}
