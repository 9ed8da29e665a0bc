// Creating and growing topics, rightly and wrongly.

import { create, grow, type Step, topic } from './admin-requests.ts';

const LONG = 'x'.repeat(250);

export const topicSteps: readonly Step[] = [
  create('two topics', 7, [
    topic('plain', { partitions: 3 }),
    topic('set', {
      configs: [
        ['retention.ms', '1000'],
        ['cleanup.policy', 'compact, delete'],
      ],
    }),
  ]),
  create('version 2 has no details', 2, [topic('v2')]),
  create('version 4, defaults by -1', 4, [topic('v4', { partitions: -1, factor: -1 })]),
  create('version 5', 5, [
    topic('v5', {
      configs: [
        ['preallocate', 'TRUE'],
        ['min.cleanable.dirty.ratio', '1'],
      ],
    }),
  ]),
  create('only checked', 7, [topic('checked')], true),
  create('exists', 7, [topic('plain'), topic('plain.'), topic('v5')]),
  create('collides', 7, [topic('a.b_x')]),
  create('collides with it', 7, [topic('a_b.x'), topic('a.b.x')]),
  create('names', 7, [
    topic(''),
    topic('.'),
    topic('..'),
    topic('with space'),
    topic(LONG),
    topic('ümlaut'),
    topic('x'.repeat(249)),
  ]),
  create('duplicates', 7, [topic('twice'), topic('twice'), topic('once')]),
  create('internal', 7, [topic('__cluster_metadata'), topic('__share_group_state_x')]),
  create('replication factors', 7, [
    topic('r0', { factor: 0 }),
    topic('r2', { factor: 2 }),
    topic('r-2', { factor: -2 }),
    topic('r9', { factor: 300 }),
  ]),
  create('partition counts', 7, [topic('p0', { partitions: 0 }), topic('p-2', { partitions: -2 })]),
  create('too many partitions', 7, [topic('p10001', { partitions: 10_001 }), topic('fine')]),
  create('assignments', 7, [
    topic('good', { partitions: -1, factor: -1, assignments: [[1], [1]] }),
    topic('with-factor', { partitions: -1, factor: 1, assignments: [[1]] }),
    topic('with-count', { partitions: 1, factor: -1, assignments: [[1]] }),
    topic('no-such-broker', { partitions: -1, factor: -1, assignments: [[2]] }),
    topic('broker-twice', { partitions: -1, factor: -1, assignments: [[1, 1]] }),
    topic('empty', { partitions: -1, factor: -1, assignments: [[]] }),
    topic('gap', { partitions: -1, factor: -1, assignments: [[1], [1]], indexes: [0, 2] }),
    topic('same-index', { partitions: -1, factor: -1, assignments: [[1], [1]], indexes: [0, 0] }),
  ]),
  create('configs', 7, [
    topic('c1', { configs: [['no.such.key', '1']] }),
    topic('c2', { configs: [['retention.ms', 'abc']] }),
    topic('c3', {
      configs: [
        ['retention.ms', null],
        ['segment.bytes', null],
      ],
    }),
    topic('c4', { configs: [['segment.bytes', '10']] }),
    topic('c5', { configs: [['cleanup.policy', 'remove']] }),
    topic('c6', { configs: [['cleanup.policy', 'delete,delete']] }),
    topic('c7', { configs: [['cleanup.policy', '']] }),
    topic('c8', {
      configs: [
        ['min.compaction.lag.ms', '10'],
        ['max.compaction.lag.ms', '5'],
      ],
    }),
    topic('c9', { configs: [['compression.type', 'brotli']] }),
    topic('c10', { configs: [['preallocate', 'maybe']] }),
    topic('c11', { configs: [['min.cleanable.dirty.ratio', '1.5']] }),
    topic('c12', { configs: [['max.message.bytes', '99999999999']] }),
    topic('c13', { configs: [['remote.storage.enable', 'true']] }),
    topic('c14', { configs: [['compression.gzip.level', '0']] }),
    topic('c15', {
      configs: [
        ['compression.gzip.level', '9'],
        ['compression.zstd.level', '-131072'],
      ],
    }),
    topic('c16', {
      configs: [
        ['message.timestamp.type', 'LogAppendTime'],
        ['leader.replication.throttled.replicas', '0:1'],
      ],
    }),
    topic('c17', { configs: [['leader.replication.throttled.replicas', 'zero']] }),
    topic('c18', { configs: [['retention.ms', '-2']] }),
    topic('c19', {
      configs: [
        ['local.retention.ms', '5'],
        ['retention.ms', ' 7 '],
      ],
    }),
  ]),
  grow('grow', [['plain', 5]]),
  grow('grow only checked', [['plain', 7]], true),
  grow('grow wrongly', [
    ['plain', 5],
    ['v2', 0],
    ['v4', 3, [[1], [2]]],
    ['v5', 3, [[1]]],
    ['set', 2, [[1]]],
    ['missing', 2],
    ['good', 1],
  ]),
  grow('grow twice', [
    ['v4', 2],
    ['v4', 3],
  ]),
];
