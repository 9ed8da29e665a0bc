// The sticky assignor of streams groups (KIP-1071): a task stays where it was, else goes to a process that has a copy of its
// state, else to the one with the least to do; nobody gets more than an even share. Standbys follow the same way, never
// twice in a process. Pure, and equal to Apache Kafka's StickyTaskAssignor in every choice.

import { hashOrdered } from '../../hash-order.ts';
import type { Tasks } from '../tasks.ts';
import { LeastFirst } from './least-first.ts';
import { ProcessLoad, type TaskKind } from './process-load.ts';
import { Quota } from './quota.ts';
import { byPartition, bySubtopology, type TaskId, taskId, taskKey } from './task-id.ts';

export interface AssignorMember {
  readonly processId: string;
  /** What it was to have until now. */
  readonly tasks: Tasks;
}

export interface AssignorInput {
  readonly members: ReadonlyMap<string, AssignorMember>;
  /** In the order of their ids. */
  readonly subtopologies: ReadonlyMap<string, { readonly taskCount: number; readonly isStateful: boolean }>;
  readonly standbyReplicas: number;
}

/** A member that had a task, and its process. */
interface Holder {
  readonly memberId: string;
  readonly process: ProcessLoad;
}

/** Nobody is left out: a member without tasks has empty ones. */
export function assignTasks(input: AssignorInput): Map<string, Tasks> {
  return new StickyAssignment(input).run();
}

class StickyAssignment {
  readonly #input: AssignorInput;
  readonly #processes: ReadonlyMap<string, ProcessLoad>;
  readonly #activeHolders = new Map<string, Holder>();
  readonly #standbyHolders = new Map<string, Holder[]>();
  /** What one member may have of active tasks, and of all. */
  readonly #activeQuota: Quota;
  readonly #quota: Quota;

  constructor(input: AssignorInput) {
    this.#input = input;
    const { members, standbyReplicas } = input;
    const active = this.#tasks(() => true).length;
    const standby = this.#tasks(({ isStateful }) => isStateful).length * standbyReplicas;
    this.#activeQuota = new Quota(active, members.size);
    this.#quota = new Quota(active + standby, members.size);
    this.#processes = this.#rememberHolders();
  }

  run(): Map<string, Tasks> {
    this.#assignActive();
    if (this.#input.standbyReplicas > 0) this.#assignStandby();
    const assigned = new Map<string, Tasks>();
    for (const [memberId, { processId }] of this.#input.members) {
      const process = this.#processes.get(processId)!;
      assigned.set(memberId, {
        active: bySubtopologyId(process.active.get(memberId)),
        standby: bySubtopologyId(process.standby.get(memberId)),
        warmup: new Map(),
      });
    }
    return assigned;
  }

  #tasks(isWanted: (subtopology: { readonly isStateful: boolean }) => boolean): TaskId[] {
    const tasks: TaskId[] = [];
    for (const [id, subtopology] of this.#input.subtopologies) {
      if (!isWanted(subtopology)) continue;
      for (let partition = 0; partition < subtopology.taskCount; partition++)
        tasks.push(taskId(id, partition));
    }
    return tasks;
  }

  /** The processes, in Apache Kafka's order. */
  #rememberHolders(): ReadonlyMap<string, ProcessLoad> {
    const { members } = this.#input;
    const processes = new Map<string, ProcessLoad>();
    for (const memberId of hashOrdered(members.keys())) {
      const { processId, tasks } = members.get(memberId)!;
      const process = processes.get(processId) ?? new ProcessLoad();
      processes.set(processId, process);
      process.addMember(memberId);
      const holder = { memberId, process };
      for (const key of keysOf(tasks.active)) this.#activeHolders.set(key, holder);
      for (const key of keysOf(tasks.standby)) {
        const known = this.#standbyHolders.get(key);
        if (known === undefined) this.#standbyHolders.set(key, [holder]);
        else known.push(holder);
      }
    }
    return new Map(hashOrdered(processes.keys(), members.size).map(id => [id, processes.get(id)!]));
  }

  #assignActive(): void {
    const all = this.#tasks(() => true).sort(byPartition);
    const moved = all.filter(task => !this.#giveActive(this.#activeHolders.get(task.key), task));
    const cold = moved.filter(task => !this.#giveActive(this.#leastLoadedStandby(task, false), task));
    const byLoad = new LeastFirst(this.#processes.values(), ({ load }) => load);
    for (const task of cold.sort(bySubtopology)) {
      const process = byLoad.take()!;
      this.#count(process.giveToLeastLoaded(task, 'active'), 'active');
      byLoad.add(process);
    }
  }

  #giveActive(holder: Holder | undefined, task: TaskId): boolean {
    if (holder === undefined) return false;
    const { process, memberId } = holder;
    if (process.countOf(memberId) >= this.#activeQuota.perMember) return false;
    this.#count(process.give(memberId, task, 'active'), 'active');
    return true;
  }

  #count(tasksOfMember: number, kind: TaskKind): void {
    if (kind === 'active') this.#activeQuota.reached(tasksOfMember);
    this.#quota.reached(tasksOfMember);
  }

  /** `isFree`: only where the task is not yet. */
  #leastLoadedStandby(task: TaskId, isFree: boolean): Holder | undefined {
    let best: Holder | undefined;
    for (const holder of this.#standbyHolders.get(task.key) ?? []) {
      const { process, memberId } = holder;
      if (isFree && process.has(task)) continue;
      const isBetter =
        best === undefined ||
        (process.load < best.process.load && process.countOf(memberId) < best.process.countOf(best.memberId));
      if (isBetter) best = holder;
    }
    return best;
  }

  #assignStandby(): void {
    const cold: { readonly task: TaskId; readonly replicas: number }[] = [];
    const tasks = this.#tasks(({ isStateful }) => isStateful).sort((a, b) => byPartition(b, a));
    for (const task of tasks) {
      let replicas = this.#input.standbyReplicas;
      while (replicas > 0 && this.#keepStandby(task)) replicas -= 1;
      if (replicas > 0) cold.push({ task, replicas });
    }
    cold.sort((a, b) => bySubtopology(b.task, a.task));
    const byLoad = new LeastFirst(this.#processes.values(), ({ load }) => load);
    for (const { task, replicas } of cold) {
      let missing = replicas;
      while (missing > 0 && this.#giveStandby(byLoad, task)) missing -= 1;
    }
  }

  /** Where it was active, else where it was a standby. */
  #keepStandby(task: TaskId): boolean {
    const active = this.#activeHolders.get(task.key);
    if (active !== undefined && !active.process.has(task) && this.#giveKept(active, task)) return true;
    const standby = this.#leastLoadedStandby(task, true);
    return standby !== undefined && this.#giveKept(standby, task);
  }

  #giveKept({ process, memberId }: Holder, task: TaskId): boolean {
    if (process.countOf(memberId) >= this.#quota.perMember) return false;
    this.#count(process.give(memberId, task, 'standby'), 'standby');
    return true;
  }

  /** To the least loaded process that has not got the task; false: every process has. */
  #giveStandby(byLoad: LeastFirst<ProcessLoad>, task: TaskId): boolean {
    const seen: ProcessLoad[] = [];
    let isGiven = false;
    while (!isGiven && byLoad.size > 0) {
      const process = byLoad.take()!;
      seen.push(process);
      if (process.has(task)) continue;
      this.#count(process.giveToLeastLoaded(task, 'standby'), 'standby');
      isGiven = true;
    }
    for (const process of seen.reverse()) byLoad.add(process);
    return isGiven;
  }
}

function* keysOf(tasks: ReadonlyMap<string, ReadonlySet<number>>): Iterable<string> {
  for (const [subtopologyId, partitions] of tasks)
    for (const partition of partitions) yield taskKey(subtopologyId, partition);
}

function bySubtopologyId(tasks: readonly TaskId[] = []): Map<string, Set<number>> {
  const grouped = new Map<string, Set<number>>();
  for (const { subtopologyId, partition } of tasks) {
    const partitions = grouped.get(subtopologyId);
    if (partitions === undefined) grouped.set(subtopologyId, new Set([partition]));
    else partitions.add(partition);
  }
  return grouped;
}
