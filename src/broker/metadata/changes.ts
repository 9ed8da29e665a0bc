// What a run of replayed records changed, for those who act on it: logs to open or remove, settings to read again. Kept
// beside the image and taken once per write.

import type { ConfigResource, TopicImage } from './image.ts';

export interface MetadataChanges {
  /** Topics that are new or have new partitions, leaders or epochs. */
  readonly topics: readonly TopicImage[];
  readonly removedTopics: readonly TopicImage[];
  readonly configs: readonly ConfigResource[];
  /** Some quota of some client is another now. */
  readonly quotas: boolean;
  /** Ids of ACLs that came or went. */
  readonly acls: ReadonlySet<string>;
  /** The image was built anew (start, or after a failed write): compare with everything there is. */
  readonly isReset: boolean;
}

export class ChangeCollector {
  #topics = new Map<string, TopicImage>();
  #removed: TopicImage[] = [];
  #configs = new Map<string, ConfigResource>();
  #quotas = false;
  #acls = new Set<string>();

  topicChanged(topic: TopicImage): void {
    this.#topics.set(topic.id, topic);
  }

  topicRemoved(topic: TopicImage): void {
    this.#topics.delete(topic.id);
    this.#removed.push(topic);
  }

  configChanged(resource: ConfigResource): void {
    this.#configs.set(`${resource.type}:${resource.name}`, resource);
  }

  aclChanged(id: string): void {
    this.#acls.add(id);
  }

  quotasChanged(): void {
    this.#quotas = true;
  }

  take(isReset = false): MetadataChanges {
    const changes = {
      topics: [...this.#topics.values()],
      removedTopics: this.#removed,
      configs: [...this.#configs.values()],
      quotas: this.#quotas,
      acls: this.#acls,
      isReset,
    };
    this.#topics = new Map();
    this.#removed = [];
    this.#configs = new Map();
    this.#quotas = false;
    this.#acls = new Set();
    return changes;
  }
}
