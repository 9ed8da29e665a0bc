// One share session (KIP-932): the partitions a member of a share group fetches from, so that its requests name only what
// changed, and which of them it has not heard of yet. A partition that gave records moves to the end
// (Apache Kafka's ShareSession, CachedSharePartition).

import { INITIAL_EPOCH, nextEpoch } from '../fetch/fetch-session.ts';

export interface SessionPartition {
  readonly topicId: string;
  readonly partition: number;
}

export interface SessionKey {
  readonly groupId: string;
  readonly memberId: string;
}

export function partitionKey({ topicId, partition }: SessionPartition): string {
  return `${topicId}:${partition}`;
}

interface Entry {
  readonly partition: SessionPartition;
  /** It is answered even when there is nothing to say. */
  isNews: boolean;
}

export class ShareSession {
  readonly key: SessionKey;
  /** What the next request must say. */
  epoch = nextEpoch(INITIAL_EPOCH);
  readonly #entries = new Map<string, Entry>();

  constructor(key: SessionKey, partitions: readonly SessionPartition[]) {
    this.key = key;
    this.#add(partitions, false);
  }

  get size(): number {
    return this.#entries.size;
  }

  get partitions(): SessionPartition[] {
    return Array.from(this.#entries.values(), ({ partition }) => partition);
  }

  update(named: readonly SessionPartition[], forgotten: readonly SessionPartition[]): void {
    this.#add(named, true);
    for (const partition of forgotten) this.#entries.delete(partitionKey(partition));
  }

  /** Whether an answer is worth sending; it counts as told then. */
  tell(
    partition: SessionPartition,
    answer: { readonly errorCode: number; readonly hasRecords: boolean },
  ): boolean {
    const key = partitionKey(partition);
    const entry = this.#entries.get(key);
    // Given up while its records were read: they are held already, and must be heard of.
    if (entry === undefined) return true;
    const isTold = answer.hasRecords || entry.isNews || answer.errorCode !== 0;
    entry.isNews = answer.errorCode !== 0;
    if (answer.hasRecords) {
      this.#entries.delete(key);
      this.#entries.set(key, entry);
    }
    return isTold;
  }

  #add(partitions: readonly SessionPartition[], isNews: boolean): void {
    for (const partition of partitions) {
      const key = partitionKey(partition);
      if (!this.#entries.has(key)) this.#entries.set(key, { partition, isNews });
    }
  }
}
