// What Apache Kafka's own tests expect of its assignors (UniformHomogeneousAssignmentBuilderTest,
// UniformHeterogeneousAssignmentBuilderTest, RangeAssignorTest), where it does not hang on the order of a hash table:
// there, what must hold of every answer.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fc } from '../../../../test/support/properties.ts';
import type { Assignor, AssignorMember, GroupAssignment, GroupSpec, TopicPartitions } from './assignor.ts';
import { rangeAssignor } from './range.ts';
import { uniformAssignor } from './uniform.ts';

type Plain = Readonly<Record<string, Readonly<Record<string, readonly number[]>>>>;

interface Case {
  readonly topics: Readonly<Record<string, number>>;
  /** Member to the topics it reads; a list means all members read these. */
  readonly reads: Readonly<Record<string, readonly string[]>>;
  readonly assigned?: Plain;
  readonly instances?: Readonly<Record<string, string>>;
}

function specOf({ topics, reads, assigned = {}, instances = {} }: Case): GroupSpec {
  const members = new Map<string, AssignorMember>();
  for (const [memberId, names] of Object.entries(reads)) {
    members.set(memberId, {
      instanceId: instances[memberId] ?? null,
      topicIds: new Set(names),
      assigned: partitionsOf(assigned[memberId] ?? {}),
    });
  }
  const all = new Set(Object.values(reads).map(names => [...names].sort().join()));
  return { members, isHomogeneous: all.size === 1, partitionCount: topicId => topics[topicId] ?? 0 };
}

function partitionsOf(plain: Readonly<Record<string, readonly number[]>>): TopicPartitions {
  return new Map(Object.entries(plain).map(([topic, partitions]) => [topic, new Set(partitions)]));
}

function plain(assignment: GroupAssignment): Plain {
  const entries = [...assignment].map(([memberId, topics]) => [
    memberId,
    Object.fromEntries(
      [...topics].map(([topic, partitions]) => [topic, [...partitions].sort((a, b) => a - b)]),
    ),
  ]);
  return Object.fromEntries(entries) as Plain;
}

function assign(assignor: Assignor, one: Case): Plain {
  return plain(assignor.assign(specOf(one)));
}

const sizes = (assignment: Plain) =>
  Object.values(assignment).map(topics => Object.values(topics).reduce((sum, list) => sum + list.length, 0));

describe('the uniform assignor', () => {
  it('gives nothing to nobody, and nothing of no topics', () => {
    assert.deepEqual(assign(uniformAssignor, { topics: {}, reads: {} }), {});
    assert.deepEqual(assign(uniformAssignor, { topics: {}, reads: { A: [] } }), {});
  });

  it('shares the partitions of two topics among two members', () => {
    const reads = { A: ['t1', 't3'], B: ['t1', 't3'] };
    const assignment = assign(uniformAssignor, { topics: { t1: 3, t3: 2 }, reads });
    assert.deepEqual(sizes(assignment).sort(), [2, 3]);
  });

  it('leaves members without partitions where there are not enough', () => {
    const reads = { A: ['t3'], B: ['t3'], C: ['t3'] };
    assert.deepEqual(sizes(assign(uniformAssignor, { topics: { t3: 2 }, reads })).sort(), [0, 1, 1]);
  });

  it('keeps a balanced assignment when partitions are added', () => {
    const assigned = { A: { t1: [0, 1], t2: [0, 1] }, B: { t1: [2], t2: [2] } };
    const reads = { A: ['t1', 't2'], B: ['t1', 't2'] };
    const assignment = assign(uniformAssignor, { topics: { t1: 6, t2: 5 }, reads, assigned });
    assert.deepEqual(sizes(assignment).sort(), [5, 6]);
    for (const memberId of ['A', 'B'] as const) assertKeeps(assignment[memberId]!, assigned[memberId]);
  });

  it('takes only what a new member needs', () => {
    const assigned = { A: { t1: [0, 2], t2: [0] }, B: { t1: [1], t2: [1, 2] } };
    const reads = { A: ['t1', 't2'], B: ['t1', 't2'], C: ['t1', 't2'] };
    const assignment = assign(uniformAssignor, { topics: { t1: 3, t2: 3 }, reads, assigned });
    assert.deepEqual(sizes(assignment), [2, 2, 2]);
    assertKeeps(assigned.A, assignment.A!);
    assertKeeps(assigned.B, assignment.B!);
  });

  it('gives what a member that left had to the others, who keep theirs', () => {
    const assigned = { A: { t1: [0], t2: [0] }, B: { t1: [1], t2: [1] } };
    const reads = { A: ['t1', 't2'], B: ['t1', 't2'] };
    const assignment = assign(uniformAssignor, { topics: { t1: 3, t2: 3 }, reads, assigned });
    assert.deepEqual(sizes(assignment), [3, 3]);
    assertKeeps(assignment.A!, assigned.A);
    assertKeeps(assignment.B!, assigned.B);
  });

  it('drops topics that are no longer read', () => {
    const assigned = { A: { t1: [0], t2: [0] }, B: { t1: [1], t2: [1] } };
    const reads = { A: ['t2'], B: ['t2'] };
    const assignment = assign(uniformAssignor, { topics: { t1: 2, t2: 2 }, reads, assigned });
    assert.deepEqual(assignment, { A: { t2: [0] }, B: { t2: [1] } });
  });

  it('balances members that read different topics', () => {
    const reads = { A: ['t1', 't2'], B: ['t1', 't2', 't3'], C: ['t2', 't3'] };
    const assignment = assign(uniformAssignor, { topics: { t1: 2, t2: 4, t3: 3 }, reads });
    assert.deepEqual(sizes(assignment), [3, 3, 3]);
  });

  it('moves partitions to a member that could have none before', () => {
    const assigned = { A: { t1: [0, 1, 2], t2: [0, 1, 2] } };
    const reads = { A: ['t1', 't2'], B: ['t2'] };
    const assignment = assign(uniformAssignor, { topics: { t1: 3, t2: 3 }, reads, assigned });
    assert.deepEqual(assignment, { A: { t1: [0, 1, 2] }, B: { t2: [0, 1, 2] } });
  });
});

describe('the range assignor', () => {
  it('gives one member all', () => {
    const assignment = assign(rangeAssignor, { topics: { t1: 3, t3: 2 }, reads: { A: ['t1', 't3'] } });
    assert.deepEqual(assignment, { A: { t1: [0, 1, 2], t3: [0, 1] } });
  });

  it('gives two members of two topics their ranges', () => {
    const reads = { A: ['t1', 't3'], B: ['t1', 't3'] };
    assert.deepEqual(assign(rangeAssignor, { topics: { t1: 3, t3: 2 }, reads }), {
      A: { t1: [0, 1], t3: [0] },
      B: { t1: [2], t3: [1] },
    });
  });

  it('co-partitions topics of the same size', () => {
    const reads = { A: ['t1', 't2'], B: ['t1', 't2'], C: ['t1', 't2'] };
    assert.deepEqual(assign(rangeAssignor, { topics: { t1: 5, t2: 5 }, reads }), {
      A: { t1: [0, 1], t2: [0, 1] },
      B: { t1: [2, 3], t2: [2, 3] },
      C: { t1: [4], t2: [4] },
    });
  });

  it('shares each topic among those who read it', () => {
    const reads = { A: ['t1', 't2'], B: ['t3'], C: ['t2', 't3'] };
    assert.deepEqual(assign(rangeAssignor, { topics: { t1: 3, t2: 3, t3: 2 }, reads }), {
      A: { t1: [0, 1, 2], t2: [0, 1] },
      B: { t3: [0] },
      C: { t2: [2], t3: [1] },
    });
  });

  it('takes static members first, by their instances, so that they find their ranges again', () => {
    const instances = { z: 'i1', a: 'i2' };
    const reads = { a: ['t1'], m: ['t1'], z: ['t1'] };
    assert.deepEqual(assign(rangeAssignor, { topics: { t1: 3 }, reads, instances }), {
      z: { t1: [0] },
      a: { t1: [1] },
      m: { t1: [2] },
    });
  });
});

/** All of `kept` is in `has`. */
function assertKeeps(has: Plain[string], kept: Plain[string]): void {
  for (const [topic, partitions] of Object.entries(kept)) {
    for (const partition of partitions)
      assert(has[topic]?.includes(partition), `${topic}-${partition} was moved`);
  }
}

const topicNames = ['t1', 't2', 't3', 't4'];
const anyCase: fc.Arbitrary<Case> = fc
  .record({
    counts: fc.tuple(...topicNames.map(() => fc.integer({ min: 1, max: 9 }))),
    reads: fc.dictionary(fc.constantFrom('A', 'B', 'C', 'D', 'E', 'F'), fc.subarray(topicNames), {
      minKeys: 1,
    }),
  })
  .map(({ counts, reads }) => ({
    topics: Object.fromEntries(topicNames.map((topic, index) => [topic, counts[index]!])),
    reads,
  }));

describe('every assignor', () => {
  for (const assignor of [uniformAssignor, rangeAssignor]) {
    it(`${assignor.name}: every partition that is read has one owner, who reads it`, () => {
      fc.assert(fc.property(anyCase, one => assertWhole(one, assign(assignor, one))));
    });
  }

  it('uniform: a second assignment of the same changes nothing, and loads differ by one where all read the same', () => {
    fc.assert(
      fc.property(anyCase, one => {
        const first = assign(uniformAssignor, one);
        assert.deepEqual(assign(uniformAssignor, { ...one, assigned: first }), first);
        const [names] = Object.values(one.reads);
        const same = Object.fromEntries(Object.keys(one.reads).map(memberId => [memberId, names!]));
        const loads = sizes(assign(uniformAssignor, { ...one, reads: same, assigned: first }));
        if (loads.length > 0) assert(Math.max(...loads) - Math.min(...loads) <= 1);
      }),
    );
  });
});

function assertWhole({ topics, reads }: Case, assignment: Plain): void {
  const owners = new Map<string, string>();
  for (const [memberId, assigned] of Object.entries(assignment)) {
    for (const [topic, partitions] of Object.entries(assigned)) {
      assert(reads[memberId]!.includes(topic));
      for (const partition of partitions) {
        assert.equal(owners.get(`${topic}-${partition}`), undefined);
        owners.set(`${topic}-${partition}`, memberId);
      }
    }
  }
  const read = new Set(Object.values(reads).flat());
  let expected = 0;
  for (const topic of read) expected += topics[topic]!;
  assert.equal(owners.size, expected);
}
