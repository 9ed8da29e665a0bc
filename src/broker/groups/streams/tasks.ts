// Tasks of Kafka Streams (KIP-1071): a subtopology and a partition number each. A member has active tasks, standby copies
// of others' state, and warm-ups. What it owns says in which epoch it got each active task; what it shall own does not.

import type { StreamsGroupHeartbeat } from '../../../protocol/messages/apis/streams-group-heartbeat.ts';
import type { RequestOf } from '../../../protocol/schema/field.ts';

/** Subtopology to partitions. */
export type TaskPartitions = ReadonlyMap<string, ReadonlySet<number>>;
/** Subtopology to partition to the epoch in which the member got the task. */
export type TaskEpochs = ReadonlyMap<string, ReadonlyMap<number, number>>;

export interface Tasks {
  readonly active: TaskPartitions;
  readonly standby: TaskPartitions;
  readonly warmup: TaskPartitions;
}

export interface OwnedTasks {
  readonly active: TaskEpochs;
  readonly standby: TaskPartitions;
  readonly warmup: TaskPartitions;
}

/** As messages and records have them: sorted, so that equal tasks are equal bytes. */
export interface TaskIds {
  subtopologyId: string;
  partitions: number[];
}

type RequestedTasks = Pick<
  RequestOf<typeof StreamsGroupHeartbeat>,
  'activeTasks' | 'standbyTasks' | 'warmupTasks'
>;

export const NO_TASKS: Tasks = { active: new Map(), standby: new Map(), warmup: new Map() };
export const NO_OWNED_TASKS: OwnedTasks = { active: new Map(), standby: new Map(), warmup: new Map() };

export function isEmpty({ active, standby, warmup }: Tasks | OwnedTasks): boolean {
  return active.size === 0 && standby.size === 0 && warmup.size === 0;
}

/** What the member says it has; null: it does not say. */
export function ownTasksOf({ activeTasks, standbyTasks, warmupTasks }: RequestedTasks): Tasks | null {
  if (activeTasks === null || standbyTasks === null || warmupTasks === null) return null;
  return {
    active: partitionsOf(activeTasks),
    standby: partitionsOf(standbyTasks),
    warmup: partitionsOf(warmupTasks),
  };
}

export function partitionsOf(
  taskIds: readonly { readonly subtopologyId: string; readonly partitions: readonly number[] }[],
): TaskPartitions {
  return new Map(taskIds.map(({ subtopologyId, partitions }) => [subtopologyId, new Set(partitions)]));
}

export function taskIdsOf(tasks: TaskPartitions | TaskEpochs): TaskIds[] {
  return [...tasks]
    .map(([subtopologyId, partitions]) => ({
      subtopologyId,
      partitions: [...partitions.keys()].sort((a, b) => a - b),
    }))
    .sort((a, b) => (a.subtopologyId < b.subtopologyId ? -1 : 1));
}

/** Whether some of `others` are among the tasks, each kind for itself. */
export function containsAny(tasks: Tasks, others: OwnedTasks): boolean {
  return (
    haveCommon(tasks.active, others.active) ||
    haveCommon(tasks.standby, others.standby) ||
    haveCommon(tasks.warmup, others.warmup)
  );
}

function haveCommon(tasks: TaskPartitions, others: TaskPartitions | TaskEpochs): boolean {
  for (const [subtopologyId, partitions] of tasks) {
    const ofOthers = others.get(subtopologyId);
    if (ofOthers === undefined) continue;
    for (const partition of partitions) if (ofOthers.has(partition)) return true;
  }
  return false;
}

export function isSameTasks(left: Tasks, right: Tasks): boolean {
  return (
    isSamePartitions(left.active, right.active) &&
    isSamePartitions(left.standby, right.standby) &&
    isSamePartitions(left.warmup, right.warmup)
  );
}

export function isSameOwned(left: OwnedTasks, right: OwnedTasks): boolean {
  return (
    isSameEpochs(left.active, right.active) &&
    isSamePartitions(left.standby, right.standby) &&
    isSamePartitions(left.warmup, right.warmup)
  );
}

function isSamePartitions(left: TaskPartitions, right: TaskPartitions): boolean {
  if (left === right) return true;
  if (left.size !== right.size) return false;
  for (const [subtopologyId, partitions] of left) {
    const others = right.get(subtopologyId);
    if (others === undefined || others.size !== partitions.size) return false;
    for (const partition of partitions) if (!others.has(partition)) return false;
  }
  return true;
}

function isSameEpochs(left: TaskEpochs, right: TaskEpochs): boolean {
  if (left === right) return true;
  if (left.size !== right.size) return false;
  for (const [subtopologyId, partitions] of left) {
    const others = right.get(subtopologyId);
    if (others === undefined || others.size !== partitions.size) return false;
    for (const [partition, epoch] of partitions) if (others.get(partition) !== epoch) return false;
  }
  return true;
}
