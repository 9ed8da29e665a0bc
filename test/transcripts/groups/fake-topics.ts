// The topics of a test, created, grown and deleted by hand. An id is made of name and age, so that a topic made anew has another.

import { topicHash } from '../../../src/broker/groups/consumer/metadata-hash.ts';
import type { TopicsView, TopicView } from '../../../src/broker/groups/consumer/topics-view.ts';

export class FakeTopics implements TopicsView {
  readonly #byName = new Map<string, TopicView>();
  #created = 0;
  version = 1;
  newTopicsVersion = 1;

  create(name: string, partitionCount: number): void {
    this.#created += 1;
    this.#put(idOf(name, this.#created), name, partitionCount);
    this.newTopicsVersion = this.version;
  }

  grow(name: string, partitionCount: number): void {
    this.#put(this.#byName.get(name)!.id, name, partitionCount);
  }

  delete(name: string): void {
    this.version += 1;
    this.#byName.delete(name);
  }

  byName(name: string): TopicView | undefined {
    return this.#byName.get(name);
  }

  byId(topicId: string): TopicView | undefined {
    return [...this.#byName.values()].find(({ id }) => id === topicId);
  }

  names(): Iterable<string> {
    return this.#byName.keys();
  }

  #put(id: string, name: string, partitionCount: number): void {
    this.version += 1;
    const racks = Array.from({ length: partitionCount }, () => []);
    this.#byName.set(name, { id, name, partitionCount, hash: topicHash({ id, name, racks }) });
  }
}

/** 16 bytes: the age, then the name as far as it fits. */
function idOf(name: string, age: number): string {
  const bytes = Buffer.alloc(16);
  bytes[0] = age;
  bytes.write(name, 1);
  return bytes.toString('base64url');
}

/** Names of ids that were not made here. */
const foreignNames = new Map<string, string>();

export function rememberName(topicId: string, name: string): void {
  foreignNames.set(topicId, name);
}

/** The name that a fake id tells. */
export function nameOfId(topicId: string): string {
  const foreign = foreignNames.get(topicId);
  if (foreign !== undefined) return foreign;
  return Buffer.from(topicId, 'base64url').subarray(1).toString().replace(/\0+$/, '');
}
