// A conversation of administrative requests, held with Apache Kafka once (its answers are test/golden/admin) and with
// Millrace in every test run. Ids, ports and the order of lists that Kafka does not order are made comparable here.

import { CreatePartitions } from '../../src/protocol/messages/apis/create-partitions.ts';
import { CreateTopics } from '../../src/protocol/messages/apis/create-topics.ts';
import { DeleteTopics } from '../../src/protocol/messages/apis/delete-topics.ts';
import { DescribeCluster } from '../../src/protocol/messages/apis/describe-cluster.ts';
import { DescribeConfigs } from '../../src/protocol/messages/apis/describe-configs.ts';
import { DescribeTopicPartitions } from '../../src/protocol/messages/apis/describe-topic-partitions.ts';
import { IncrementalAlterConfigs } from '../../src/protocol/messages/apis/incremental-alter-configs.ts';
import { Metadata } from '../../src/protocol/messages/apis/metadata.ts';
import type { Api } from '../../src/protocol/schema/field.ts';
import type { RawConnection } from './raw-connection.ts';

const NO_ID = 'AAAAAAAAAAAAAAAAAAAAAA';

export interface Step {
  readonly name: string;
  readonly api: Api;
  readonly version: number;
  readonly body: object;
}

type Config = readonly [name: string, value: string | null];

function topic(
  name: string,
  options: {
    partitions?: number;
    factor?: number;
    assignments?: number[][];
    configs?: Config[];
    indexes?: number[];
  } = {},
) {
  const { partitions = 1, factor = 1, assignments, configs = [], indexes } = options;
  return {
    name,
    numPartitions: partitions,
    replicationFactor: factor,
    assignments: (assignments ?? []).map((brokerIds, index) => ({
      partitionIndex: indexes?.[index] ?? index,
      brokerIds,
    })),
    configs: configs.map(([key, value]) => ({ name: key, value })),
  };
}

const create = (name: string, version: number, topics: object[], validateOnly = false): Step => ({
  name,
  api: CreateTopics,
  version,
  body: { topics, timeoutMs: 30_000, validateOnly },
});

const remove = (
  name: string,
  version: number,
  topics: { name: string | null; topicId?: string }[],
): Step => ({
  name,
  api: DeleteTopics,
  version,
  body: {
    topics: version >= 6 ? topics.map(each => ({ topicId: NO_ID, ...each })) : [],
    topicNames: version >= 6 ? [] : topics.map(each => each.name),
    timeoutMs: 30_000,
  },
});

const grow = (name: string, topics: [string, number, number[][]?][], validateOnly = false): Step => ({
  name,
  api: CreatePartitions,
  version: 3,
  body: {
    topics: topics.map(([each, count, assignments]) => ({
      name: each,
      count,
      assignments: assignments === undefined ? null : assignments.map(brokerIds => ({ brokerIds })),
    })),
    timeoutMs: 30_000,
    validateOnly,
  },
});

const OPERATIONS = { set: 0, delete: 1, append: 2, subtract: 3, odd: 9 } as const;
type Change = readonly [operation: keyof typeof OPERATIONS, name: string, value?: string | null];

const alter = (
  name: string,
  resources: [type: number, resource: string, changes: Change[]][],
  validateOnly = false,
): Step => ({
  name,
  api: IncrementalAlterConfigs,
  version: 1,
  body: {
    resources: resources.map(([resourceType, resourceName, changes]) => ({
      resourceType,
      resourceName,
      configs: changes.map(([operation, key, value]) => ({
        name: key,
        configOperation: OPERATIONS[operation],
        value: value ?? null,
      })),
    })),
    validateOnly,
  },
});

const describe = (
  name: string,
  version: number,
  resources: [type: number, resource: string, keys?: string[]][],
): Step => ({
  name,
  api: DescribeConfigs,
  version,
  body: {
    resources: resources.map(([resourceType, resourceName, keys]) => ({
      resourceType,
      resourceName,
      configurationKeys: keys ?? null,
    })),
    includeSynonyms: true,
    includeDocumentation: version >= 3,
  },
});

const metadata = (
  name: string,
  version: number,
  topics: { name?: string | null; topicId?: string }[] | null,
  operations = false,
): Step => ({
  name,
  api: Metadata,
  version,
  body: {
    topics: topics?.map(each => ({ topicId: NO_ID, name: null, ...each })) ?? null,
    allowAutoTopicCreation: version < 4,
    includeClusterAuthorizedOperations: operations && version >= 8 && version <= 10,
    includeTopicAuthorizedOperations: operations,
  },
});

const pages = (
  name: string,
  topics: string[],
  limit: number,
  cursor: { topicName: string; partitionIndex: number } | null,
): Step => ({
  name,
  api: DescribeTopicPartitions,
  version: 0,
  body: { topics: topics.map(each => ({ name: each })), responsePartitionLimit: limit, cursor },
});

const cluster = (name: string, version: number, endpointType: number, operations = false): Step => ({
  name,
  api: DescribeCluster,
  version,
  body: { includeClusterAuthorizedOperations: operations, endpointType, includeFencedBrokers: version >= 2 },
});

const TOPIC = 2;
const BROKER = 4;
const LOGGER = 8;
const METRICS = 16;
const GROUP = 32;
const LONG = 'x'.repeat(250);

export const steps: readonly Step[] = [
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
  alter('topic: set', [
    [
      TOPIC,
      'plain',
      [
        ['set', 'retention.ms', '5000'],
        ['set', 'segment.bytes', '2097152'],
      ],
    ],
  ]),
  alter('topic: append and subtract', [
    [TOPIC, 'plain', [['append', 'cleanup.policy', 'compact']]],
    [TOPIC, 'set', [['subtract', 'cleanup.policy', 'compact']]],
  ]),
  alter('topic: delete', [
    [
      TOPIC,
      'plain',
      [
        ['delete', 'segment.bytes'],
        ['delete', 'no.such.key'],
        ['delete', 'max.message.bytes'],
      ],
    ],
  ]),
  alter('topic: refused', [
    [TOPIC, 'plain', [['set', 'no.such.key', '1']]],
    [TOPIC, 'v2', [['set', 'retention.ms', 'x']]],
    [TOPIC, 'v4', [['append', 'retention.ms', '1']]],
    [TOPIC, 'missing', [['set', 'retention.ms', '1']]],
    [TOPIC, '', [['set', 'retention.ms', '1']]],
    [TOPIC, 'bad name', [['set', 'retention.ms', '1']]],
    [
      TOPIC,
      'v5',
      [
        ['set', 'retention.ms', null],
        ['append', 'cleanup.policy', null],
      ],
    ],
    [
      TOPIC,
      'set',
      [
        ['set', 'retention.ms', '1'],
        ['set', 'retention.ms', '2'],
      ],
    ],
  ]),
  alter('resource twice', [
    [TOPIC, 'v2', [['set', 'retention.ms', '1']]],
    [TOPIC, 'v2', [['set', 'retention.ms', '2']]],
    [TOPIC, 'v4', [['set', 'retention.ms', '3']]],
  ]),
  alter(
    'only checked',
    [
      [TOPIC, 'v4', [['set', 'retention.ms', '99']]],
      [TOPIC, 'missing', [['set', 'retention.ms', '1']]],
    ],
    true,
  ),
  alter('unknown types', [
    [0, 'x', [['set', 'a', 'b']]],
    [3, 'x', [['set', 'a', 'b']]],
    [64, 'x', []],
  ]),
  alter('broker', [
    [
      BROKER,
      '1',
      [
        ['set', 'log.retention.ms', '60000'],
        ['set', 'log.cleaner.threads', '2'],
      ],
    ],
  ]),
  alter('every broker', [
    [
      BROKER,
      '',
      [
        ['set', 'log.retention.bytes', '12345'],
        ['set', 'message.max.bytes', '2000000'],
      ],
    ],
  ]),
  alter('broker: read-only', [
    [BROKER, '1', [['set', 'log.dirs', '/x']]],
    [BROKER, '', [['set', 'num.partitions', '3']]],
  ]),
  alter('broker: bad value', [
    [BROKER, '1', [['set', 'log.retention.ms', 'x']]],
    [BROKER, '', [['set', 'message.max.bytes', '-5']]],
  ]),
  alter('broker: other names', [
    [BROKER, '2', [['set', 'log.retention.ms', '1']]],
    [BROKER, 'one', [['set', 'log.retention.ms', '1']]],
    [BROKER, '1', [['set', 'no.such.broker.key', 'secret']]],
  ]),
  alter('broker: lists', [
    [BROKER, '1', [['append', 'log.cleanup.policy', 'compact']]],
    [BROKER, '', [['append', 'log.retention.ms', '1']]],
  ]),
  alter('broker: per broker only', [
    [BROKER, '', [['set', 'listener.security.protocol.map', 'PLAINTEXT:PLAINTEXT']]],
  ]),
  alter('group', [
    [
      GROUP,
      'g1',
      [
        ['set', 'consumer.session.timeout.ms', '50000'],
        ['set', 'share.auto.offset.reset', 'earliest'],
      ],
    ],
  ]),
  alter('group: refused', [
    [GROUP, '', [['set', 'consumer.session.timeout.ms', '50000']]],
    [GROUP, 'g2', [['set', 'no.such.key', '1']]],
    [GROUP, 'g3', [['set', 'consumer.session.timeout.ms', '1']]],
    [GROUP, 'g4', [['set', 'consumer.session.timeout.ms', '6000000']]],
    [GROUP, 'g5', [['set', 'consumer.heartbeat.interval.ms', 'x']]],
    [GROUP, 'g6', [['append', 'consumer.heartbeat.interval.ms', '1']]],
    [GROUP, 'g7', [['set', 'share.auto.offset.reset', 'never']]],
  ]),
  alter('client metrics', [
    [
      METRICS,
      'm1',
      [
        ['set', 'metrics', 'org.apache.'],
        ['set', 'interval.ms', '1000'],
        ['set', 'match', 'client_id=app.*'],
      ],
    ],
  ]),
  alter('client metrics: refused', [
    [METRICS, '', [['set', 'metrics', '*']]],
    [METRICS, 'm2', [['set', 'no.such.key', '1']]],
    [METRICS, 'm3', [['set', 'interval.ms', '5']]],
    [METRICS, 'm4', [['set', 'match', 'client=app']]],
    [METRICS, 'm5', [['set', 'match', 'client_id=[']]],
  ]),
  alter('loggers', [[LOGGER, '1', [['set', 'root', 'WARN']]]]),
  alter('loggers: refused', [[LOGGER, '1', [['set', 'no.such.logger', 'INFO']]]]),
  alter('loggers: level', [[LOGGER, '1', [['set', 'root', 'LOUD']]]]),
  alter('loggers: removed', [[LOGGER, '1', [['delete', 'root']]]]),
  alter('loggers: appended', [[LOGGER, '1', [['append', 'root', 'INFO']]]]),
  alter('loggers: other node', [
    [LOGGER, '7', [['set', 'root', 'INFO']]],
    [LOGGER, '', [['set', 'root', 'INFO']]],
  ]),
  describe('a topic with settings', 4, [[TOPIC, 'plain']]),
  describe('a topic without, version 1', 1, [[TOPIC, 'v2']]),
  describe('some keys', 3, [
    [TOPIC, 'set', ['retention.ms', 'cleanup.policy', 'no.such.key']],
    [TOPIC, 'set', []],
  ]),
  describe('what is not there', 4, [
    [TOPIC, 'missing'],
    [TOPIC, 'bad name'],
    [TOPIC, ''],
    [BROKER, '2'],
    [BROKER, 'one'],
    [GROUP, ''],
    [METRICS, ''],
  ]),
  describe('every broker', 4, [[BROKER, '']]),
  describe('broker keys', 4, [
    [
      BROKER,
      '1',
      [
        'log.retention.ms',
        'log.retention.hours',
        'log.retention.minutes',
        'log.retention.bytes',
        'message.max.bytes',
        'num.partitions',
        'no.such.broker.key',
        'log.cleanup.policy',
        'ssl.keystore.password',
        'sasl.enabled.mechanisms',
        'log.flush.interval.ms',
      ],
    ],
  ]),
  describe('groups', 4, [
    [GROUP, 'g1'],
    [GROUP, 'never-seen'],
  ]),
  describe('metrics', 4, [
    [METRICS, 'm1'],
    [METRICS, 'never-seen'],
  ]),
  describe('logger of others', 4, [
    [LOGGER, ''],
    [LOGGER, '9'],
  ]),
  describe('logger root', 4, [[LOGGER, '1', ['root']]]),
  describe('unknown type', 4, [
    [3, 'x'],
    [TOPIC, 'plain'],
  ]),
  metadata('one topic, version 0', 0, [{ name: 'plain' }]),
  metadata('one topic, version 1', 1, [{ name: 'plain' }]),
  metadata('none', 5, []),
  metadata(
    'version 9',
    9,
    [{ name: 'plain' }, { name: 'missing' }, { name: 'bad name' }, { name: '' }],
    true,
  ),
  metadata('version 10 with operations', 10, [{ name: 'set' }], true),
  metadata('version 11', 11, [{ name: 'set' }], true),
  metadata('version 13 by name', 13, [{ name: 'plain' }, { name: 'plain' }, { name: 'good' }]),
  metadata('version 12 by id', 12, [
    { topicId: 'id of plain' },
    { topicId: '-----------------------'.slice(0, 22).replaceAll('-', 'B') },
  ]),
  metadata('version 12, id and name', 12, [{ topicId: 'id of plain', name: 'set' }, { name: 'v2' }]),
  metadata('version 10 with null', 10, [{ name: null }]),
  metadata('version 10 with id', 10, [{ name: 'plain', topicId: 'id of plain' }]),
  metadata('version 12 with neither', 12, [{ name: null }]),
  pages('all', [], 2000, null),
  pages('first page', ['set', 'plain', 'missing', 'v2'], 3, null),
  pages('inside a topic', ['set', 'plain', 'v2'], 3, { topicName: 'plain', partitionIndex: 3 }),
  pages('limit 0', ['plain'], 0, null),
  pages('limit exact', ['good', 'set'], 2, null),
  pages('cursor elsewhere', ['set'], 3, { topicName: 'plain', partitionIndex: 0 }),
  pages('cursor negative', ['plain'], 3, { topicName: 'plain', partitionIndex: -1 }),
  pages('cursor behind the end', ['plain', 'set'], 3, { topicName: 'plain', partitionIndex: 99 }),
  pages('bad name', ['bad name', 'missing'], 3, null),
  cluster('version 0', 0, 1, true),
  cluster('version 2', 2, 1),
  cluster('controllers', 1, 2),
  cluster('odd type', 2, 7),
  remove('version 1', 1, [{ name: 'v2' }, { name: 'missing' }]),
  remove('version 5', 5, [{ name: 'v4' }, { name: 'missing' }, { name: 'twice' }, { name: 'twice' }]),
  remove('version 6', 6, [
    { name: null, topicId: 'id of v5' },
    { name: null },
    { name: 'plain', topicId: 'id of plain' },
    { name: null, topicId: 'BBBBBBBBBBBBBBBBBBBBBA' },
    { name: 'missing' },
  ]),
  remove('name and id of one', 6, [{ name: 'set' }, { name: null, topicId: 'id of set' }]),
  create('again', 7, [topic('v2', { partitions: 2 })]),
  create('an internal topic by hand', 7, [
    topic('__consumer_offsets', { partitions: 2, configs: [['cleanup.policy', 'compact']] }),
  ]),
  metadata('internal', 12, [{ name: '__consumer_offsets' }], true),
  pages('internal', ['__consumer_offsets'], 5, null),
  create(
    'sixty topics',
    7,
    Array.from({ length: 60 }, (_, index) => topic(`many-${index}`, { partitions: (index % 3) + 1 })),
  ),
  pages('many, first page', [], 50, null),
  pages('many, next page', [], 50, { topicName: 'many-30', partitionIndex: 1 }),
  alter('nothing', []),
  alter('no changes', [
    [TOPIC, 'v2', []],
    [BROKER, '', []],
    [GROUP, 'g1', []],
  ]),
  alter('unset twice', [
    [
      GROUP,
      'g1',
      [
        ['delete', 'consumer.session.timeout.ms'],
        ['delete', 'share.auto.offset.reset'],
      ],
    ],
    [
      METRICS,
      'm1',
      [
        ['delete', 'metrics'],
        ['delete', 'interval.ms'],
        ['delete', 'match'],
      ],
    ],
  ]),
  alter('broker: unset', [
    [
      BROKER,
      '1',
      [
        ['delete', 'log.retention.ms'],
        ['delete', 'no.such.broker.key'],
      ],
    ],
    [BROKER, '', [['delete', 'log.retention.bytes']]],
  ]),
  describe('after unsetting', 4, [
    [GROUP, 'g1'],
    [METRICS, 'm1'],
    [BROKER, '1', ['log.retention.ms', 'log.retention.bytes', 'log.cleaner.threads']],
    [BROKER, ''],
    [TOPIC, 'v2', ['retention.ms', 'retention.bytes', 'max.message.bytes']],
  ]),
  create('below a changed default', 7, [
    topic('below', { partitions: -1, factor: -1, configs: [['retention.bytes', '-1']] }),
  ]),
  create('nothing', 7, []),
  grow('nothing', []),
  remove('nothing', 6, []),
  describe('nothing', 4, []),
  remove('internal', 6, [{ name: '__consumer_offsets' }]),
  metadata('after all', 9, [{ name: 'v2' }, { name: 'v4' }, { name: 'plain' }]),
];

/** Holds the conversation and returns one comparable answer per step. */
export async function converse(
  connection: RawConnection,
  port: number,
  betweenSteps: () => Promise<void> = async () => {},
): Promise<unknown[]> {
  const ids = new Map<string, string>();
  const answers: unknown[] = [];
  for (const { api, version, body } of steps) {
    const named = replaceIds(body, text =>
      text.startsWith('id of ') ? (ids.get(text.slice(6)) ?? NO_ID) : text,
    );
    const answer = await connection.request(api, version, named as never);
    learnIds(answer, ids);
    answers.push(comparable(answer, { ids, port }));
    await betweenSteps();
  }
  return answers;
}

function replaceIds(value: unknown, replace: (text: string) => string): unknown {
  if (typeof value === 'string') return replace(value);
  if (Array.isArray(value)) return value.map(each => replaceIds(each, replace));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, replaceIds(each, replace)]));
}

function learnIds(answer: unknown, ids: Map<string, string>): void {
  const { topics } = answer as { topics?: { name: string | null; topicId?: string; errorCode: number }[] };
  for (const { name, topicId, errorCode } of topics ?? []) {
    if (name !== null && topicId !== undefined && topicId !== NO_ID && errorCode === 0)
      ids.set(name, topicId);
  }
}

/** Keys whose values differ from node to node, and the documentation, which is ours. */
const NODE_KEYS: ReadonlySet<string> = new Set(['clusterId', 'host', 'throttleTimeMs', 'documentation']);

function comparable(value: unknown, facts: { ids: ReadonlyMap<string, string>; port: number }): unknown {
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'string') {
    for (const [name, id] of facts.ids) if (value === id) return `id of ${name}`;
    return value;
  }
  if (value === facts.port) return 'port';
  if (Array.isArray(value)) {
    const entries = value.map(each => comparable(each, facts));
    return entries.every(each => typeof each === 'object' && each !== null && sortKey(each) !== null)
      ? entries.sort((a, b) => (sortKey(a)! < sortKey(b)! ? -1 : 1))
      : entries;
  }
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !NODE_KEYS.has(key))
      .map(([key, each]) => [key, comparable(each, facts)]),
  );
}

/** Topics, results and keys come in no order; synonyms, partitions and replicas in theirs. */
function sortKey(entry: unknown): string | null {
  const { name, resourceName, resourceType, source, partitionIndex, topicId } = entry as Record<
    string,
    unknown
  >;
  if (source !== undefined || partitionIndex !== undefined) return null;
  if (resourceName !== undefined) return null;
  if (name === undefined) return null;
  return `${resourceType ?? ''}:${name ?? ''}:${topicId ?? ''}:${JSON.stringify(entry)}`;
}
