// The topics of the metadata image, as consumer groups look at them, with the versions that tell when to look again.

import type { MetadataChanges } from '../../metadata/changes.ts';
import type { MetadataImage, PartitionImage, TopicImage } from '../../metadata/image.ts';
import { topicHash } from './metadata-hash.ts';
import type { TopicsView, TopicView } from './topics-view.ts';

export class ClusterTopics implements TopicsView {
  readonly #image: () => MetadataImage;
  /** A topic's image is replaced when the topic changes, and its view and hash with it. */
  readonly #views = new WeakMap<TopicImage, TopicView>();
  readonly #known: Set<string>;
  #version: number;
  #newTopicsVersion: number;

  constructor(image: () => MetadataImage) {
    this.#image = image;
    this.#known = new Set(image().topicsById.keys());
    this.#version = image().lastOffset;
    this.#newTopicsVersion = this.#version;
  }

  get version(): number {
    return this.#version;
  }

  get newTopicsVersion(): number {
    return this.#newTopicsVersion;
  }

  changed({ topics, removedTopics, isReset }: MetadataChanges): void {
    if (topics.length === 0 && removedTopics.length === 0 && !isReset) return;
    this.#version = this.#image().lastOffset;
    if (isReset || topics.some(({ id }) => !this.#known.has(id))) this.#newTopicsVersion = this.#version;
    for (const { id } of topics) this.#known.add(id);
    for (const { id } of removedTopics) this.#known.delete(id);
  }

  byName(name: string): TopicView | undefined {
    return this.#view(this.#image().topicsByName.get(name));
  }

  byId(topicId: string): TopicView | undefined {
    return this.#view(this.#image().topicsById.get(topicId));
  }

  names(): Iterable<string> {
    return this.#image().topicsByName.keys();
  }

  #view(topic: TopicImage | undefined): TopicView | undefined {
    if (topic === undefined) return undefined;
    let view = this.#views.get(topic);
    if (view === undefined) {
      const { id, name, partitions } = topic;
      const racks = partitions.map(partition => this.#racksOf(partition));
      view = { id, name, partitionCount: partitions.length, hash: topicHash({ id, name, racks }) };
      this.#views.set(topic, view);
    }
    return view;
  }

  #racksOf({ replicas }: PartitionImage): string[] {
    const { brokers } = this.#image();
    return replicas.map(id => brokers.get(id)?.rack ?? null).filter(rack => rack !== null);
  }
}
