// Which process has which task of a streams group, or has not said yet that it gave it up: an active task is in one process,
// its standbys and warm-ups are in others. Follows from the members; changed with them, in replay alone.

import type { OwnedTasks, TaskPartitions } from './tasks.ts';

interface Holder {
  readonly processId: string;
  readonly assigned: OwnedTasks;
  readonly pendingRevocation: OwnedTasks;
}

type Processes = Map<string, Map<number, Set<string>>>;

const NOBODY: ReadonlySet<string> = new Set();

export class TaskProcesses {
  readonly #active = new Map<string, Map<number, string>>();
  readonly #standby: Processes = new Map();
  readonly #warmup: Processes = new Map();

  activeOf(subtopologyId: string, partition: number): string | undefined {
    return this.#active.get(subtopologyId)?.get(partition);
  }

  standbysOf(subtopologyId: string, partition: number): ReadonlySet<string> {
    return this.#standby.get(subtopologyId)?.get(partition) ?? NOBODY;
  }

  warmupsOf(subtopologyId: string, partition: number): ReadonlySet<string> {
    return this.#warmup.get(subtopologyId)?.get(partition) ?? NOBODY;
  }

  add({ processId, assigned, pendingRevocation }: Holder): void {
    for (const { active, standby, warmup } of [assigned, pendingRevocation]) {
      for (const [subtopologyId, partitions] of active) {
        const ofSubtopology = this.#active.get(subtopologyId) ?? new Map<number, string>();
        this.#active.set(subtopologyId, ofSubtopology);
        for (const partition of partitions.keys()) ofSubtopology.set(partition, processId);
      }
      addTo(this.#standby, standby, processId);
      addTo(this.#warmup, warmup, processId);
    }
  }

  remove({ processId, assigned, pendingRevocation }: Holder): void {
    for (const { active, standby, warmup } of [assigned, pendingRevocation]) {
      for (const [subtopologyId, partitions] of active) {
        const ofSubtopology = this.#active.get(subtopologyId);
        for (const partition of partitions.keys())
          if (ofSubtopology?.get(partition) === processId) ofSubtopology.delete(partition);
        if (ofSubtopology?.size === 0) this.#active.delete(subtopologyId);
      }
      removeFrom(this.#standby, standby, processId);
      removeFrom(this.#warmup, warmup, processId);
    }
  }
}

function addTo(processes: Processes, tasks: TaskPartitions, processId: string): void {
  for (const [subtopologyId, partitions] of tasks) {
    const ofSubtopology = processes.get(subtopologyId) ?? new Map<number, Set<string>>();
    processes.set(subtopologyId, ofSubtopology);
    for (const partition of partitions) {
      const ofTask = ofSubtopology.get(partition);
      if (ofTask === undefined) ofSubtopology.set(partition, new Set([processId]));
      else ofTask.add(processId);
    }
  }
}

function removeFrom(processes: Processes, tasks: TaskPartitions, processId: string): void {
  for (const [subtopologyId, partitions] of tasks) {
    const ofSubtopology = processes.get(subtopologyId);
    for (const partition of partitions) {
      const ofTask = ofSubtopology?.get(partition);
      ofTask?.delete(processId);
      if (ofTask?.size === 0) ofSubtopology?.delete(partition);
    }
    if (ofSubtopology?.size === 0) processes.delete(subtopologyId);
  }
}
