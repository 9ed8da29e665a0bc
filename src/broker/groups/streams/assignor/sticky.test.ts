// The sticky assignor beside Apache Kafka's: the same members, processes and former tasks get the same tasks, choice for
// choice (golden/streams-assignments.json: what StickyTaskAssignor of 4.3.1 made of random groups, round after round).

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { type TaskPartitions, taskIdsOf } from '../tasks.ts';
import { assignTasks } from './sticky.ts';

type TaskText = Readonly<Record<string, readonly number[]>>;

interface Recorded {
  readonly subtopologies: Readonly<Record<string, readonly [number, boolean]>>;
  readonly standbyReplicas: number;
  readonly members: readonly {
    readonly id: string;
    readonly process: string;
    readonly active: TaskText;
    readonly standby: TaskText;
  }[];
  readonly assigned: Readonly<Record<string, { readonly active: TaskText; readonly standby: TaskText }>>;
}

const recorded = JSON.parse(
  readFileSync(new URL('../../../../../test/golden/streams-assignments.json', import.meta.url), 'utf8'),
) as readonly Recorded[];

const tasksOf = (text: TaskText): TaskPartitions =>
  new Map(Object.entries(text).map(([id, partitions]) => [id, new Set(partitions)]));

const textOf = (tasks: TaskPartitions): TaskText =>
  Object.fromEntries(taskIdsOf(tasks).map(({ subtopologyId, partitions }) => [subtopologyId, partitions]));

function assign({ subtopologies, members, standbyReplicas }: Recorded) {
  return assignTasks({
    standbyReplicas,
    subtopologies: new Map(
      Object.entries(subtopologies)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([id, [taskCount, isStateful]]) => [id, { taskCount, isStateful }]),
    ),
    members: new Map(
      members.map(({ id, process, active, standby }) => [
        id,
        {
          processId: process,
          tasks: { active: tasksOf(active), standby: tasksOf(standby), warmup: new Map() },
        },
      ]),
    ),
  });
}

describe('the sticky assignor of streams groups', () => {
  it('gives every task to the member that Apache Kafka gives it to', () => {
    assert.ok(recorded.length > 100);
    for (const group of recorded) {
      const assigned = [...assign(group)].map(([id, { active, standby }]) => [
        id,
        { active: textOf(active), standby: textOf(standby) },
      ]);
      assert.deepEqual(Object.fromEntries(assigned), group.assigned);
    }
  });

  it('gives every task to one member, and its state to a process once', () => {
    for (const group of recorded) {
      const active: string[] = [];
      const held = new Map<string, string[]>();
      for (const [id, tasks] of assign(group)) {
        const { process } = group.members.find(member => member.id === id)!;
        const mine = [...keysOf(tasks.active), ...keysOf(tasks.standby)];
        held.set(process, [...(held.get(process) ?? []), ...mine]);
        active.push(...keysOf(tasks.active));
      }
      const all = Object.entries(group.subtopologies).flatMap(([id, [count]]) =>
        Array.from({ length: count }, (_, partition) => `${id}_${partition}`),
      );
      assert.deepEqual(active.sort(), all.sort());
      for (const tasks of held.values()) assert.equal(new Set(tasks).size, tasks.length);
    }
  });
});

function keysOf(tasks: TaskPartitions): string[] {
  return [...tasks].flatMap(([id, partitions]) => [...partitions].map(partition => `${id}_${partition}`));
}
