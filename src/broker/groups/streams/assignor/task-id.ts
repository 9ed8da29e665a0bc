// A task while tasks are being assigned, with the text that stands for it in sets and maps.

export interface TaskId {
  readonly subtopologyId: string;
  readonly partition: number;
  readonly key: string;
}

export function taskId(subtopologyId: string, partition: number): TaskId {
  return { subtopologyId, partition, key: taskKey(subtopologyId, partition) };
}

export function taskKey(subtopologyId: string, partition: number): string {
  return `${subtopologyId}_${partition}`;
}

export function byPartition(left: TaskId, right: TaskId): number {
  return left.partition - right.partition || bySubtopologyId(left, right);
}

export function bySubtopology(left: TaskId, right: TaskId): number {
  return bySubtopologyId(left, right) || left.partition - right.partition;
}

function bySubtopologyId(left: TaskId, right: TaskId): number {
  if (left.subtopologyId === right.subtopologyId) return 0;
  return left.subtopologyId < right.subtopologyId ? -1 : 1;
}
