// What one process of a Kafka Streams application has been given so far: its members (threads) share its disk, so a task's
// state is in it once, and its load is what it has per member. Follows Apache Kafka's ProcessState.

import { hashOrdered } from '../../hash-order.ts';
import { LeastFirst } from './least-first.ts';
import type { TaskId } from './task-id.ts';

export type TaskKind = 'active' | 'standby';

interface Counted {
  readonly memberId: string;
  count: number;
}

export class ProcessLoad {
  readonly active = new Map<string, TaskId[]>();
  readonly standby = new Map<string, TaskId[]>();
  readonly #counts = new Map<string, number>();
  readonly #tasks = new Set<string>();
  #taskCount = 0;
  /** Members by load, until a task goes to one of them out of turn. */
  #byLoad: LeastFirst<Counted> | null = null;

  addMember(memberId: string): void {
    this.#counts.set(memberId, 0);
  }

  /** Tasks per member. */
  get load(): number {
    return this.#taskCount / this.#counts.size;
  }

  countOf(memberId: string): number {
    return this.#counts.get(memberId)!;
  }

  has(task: TaskId): boolean {
    return this.#tasks.has(task.key);
  }

  /** How many tasks the member has now. */
  give(memberId: string, task: TaskId, kind: TaskKind): number {
    this.#byLoad = null;
    return this.#give(memberId, task, kind);
  }

  giveToLeastLoaded(task: TaskId, kind: TaskKind): number {
    const [only] = this.#counts.keys();
    if (this.#counts.size === 1) return this.#give(only!, task, kind);
    this.#byLoad ??= new LeastFirst(
      hashOrdered(this.#counts.keys()).map(memberId => ({ memberId, count: this.countOf(memberId) })),
      ({ count }) => count,
    );
    const least = this.#byLoad.take()!;
    least.count = this.#give(least.memberId, task, kind);
    this.#byLoad.add(least);
    return least.count;
  }

  #give(memberId: string, task: TaskId, kind: TaskKind): number {
    this.#taskCount += 1;
    this.#tasks.add(task.key);
    const ofMember = this[kind].get(memberId);
    if (ofMember === undefined) this[kind].set(memberId, [task]);
    else ofMember.push(task);
    const count = this.countOf(memberId) + 1;
    this.#counts.set(memberId, count);
    return count;
  }
}
