// ListOffsets in all versions and with every special timestamp, and DeleteRecords.

import { DeleteRecords } from '../../../src/protocol/messages/apis/delete-records.ts';
import { Fetch } from '../../../src/protocol/messages/apis/fetch.ts';
import { ListOffsets } from '../../../src/protocol/messages/apis/list-offsets.ts';
import type { RequestDraft } from '../../../src/protocol/schema/field.ts';
import { fetchRequest } from '../../support/raw-client.ts';
import { type FrameStep, step } from './frame-step.ts';

type ListDraft = RequestDraft<typeof ListOffsets>;

const VERSIONS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];
const TIMESTAMPS = [-1n, -2n, -3n, -4n, -5n, -6n, -7n, 0n, 1_700_000_000_001n, 9_000_000_000_000n];

interface ListShape {
  readonly topic?: string;
  readonly partitionIndex?: number;
  readonly currentLeaderEpoch?: number;
  readonly isolationLevel?: number;
  readonly replicaId?: number;
  readonly topics?: ListDraft['topics'];
}

function list(timestamp: bigint, shape: ListShape = {}): ListDraft {
  const {
    topic = 't',
    partitionIndex = 0,
    currentLeaderEpoch = -1,
    isolationLevel = 0,
    replicaId = -1,
  } = shape;
  return {
    replicaId,
    isolationLevel,
    timeoutMs: 1_000,
    topics: shape.topics ?? [
      { name: topic, partitions: [{ partitionIndex, timestamp, currentLeaderEpoch }] },
    ],
  };
}

const twice = [
  { partitionIndex: 0, timestamp: -1n },
  { partitionIndex: 0, timestamp: -2n },
];

const shapes: readonly (readonly [string, ListDraft])[] = [
  ['read_committed', list(-1n, { isolationLevel: 1 })],
  ['isolation level 9', list(-1n, { isolationLevel: 9 })],
  ['as a debugging consumer', list(-1n, { replicaId: -2 })],
  ['as replica 5', list(-1n, { replicaId: 5 })],
  ['leader epoch 3', list(-1n, { currentLeaderEpoch: 3 })],
  ['an unknown topic', list(-1n, { topic: 'nope' })],
  ['partition 9', list(-1n, { partitionIndex: 9 })],
  ['one partition twice', list(-1n, { topics: [{ name: 't', partitions: twice }] })],
  [
    'one topic twice',
    list(-1n, { topics: twice.map(partition => ({ name: 't', partitions: [partition] })) }),
  ],
  ['nothing', list(-1n, { topics: [] })],
  ['the largest time of an empty log', list(-3n, { topic: 'compacted' })],
  ['the start of an empty log', list(-2n, { topic: 'compacted' })],
  ['the smallest int64', list(-(2n ** 63n))],
  ['the largest int64', list(2n ** 63n - 1n)],
];

function deleteBefore(offset: number, topic = 't', partitionIndex = 0): RequestDraft<typeof DeleteRecords> {
  return { topics: [{ name: topic, partitions: [{ partitionIndex, offset }] }], timeoutMs: 1_000 };
}

const deletions: readonly (readonly [string, RequestDraft<typeof DeleteRecords>])[] = [
  ['before 5', deleteBefore(5)],
  ['before 3, which is gone', deleteBefore(3)],
  ['before -2', deleteBefore(-2)],
  ['before 999', deleteBefore(999)],
  ['of an unknown topic', deleteBefore(0, 'nope')],
  ['of partition 9', deleteBefore(0, 't', 9)],
  ['of a compacted topic', deleteBefore(0, 'compacted')],
  ['before the high watermark', deleteBefore(-1)],
];

const afterwards: FrameStep[] = [
  step('fetch below the log start', {
    api: Fetch,
    version: 12,
    body: fetchRequest({ topic: 't', offset: 0 }),
  }),
  ...[-2n, -3n, 0n].map(timestamp =>
    step(`list offsets of a log without records: ${timestamp}`, {
      api: ListOffsets,
      version: 11,
      body: list(timestamp),
    }),
  ),
];

export const offsetSteps: readonly FrameStep[] = [
  ...VERSIONS.flatMap(version =>
    TIMESTAMPS.map(timestamp =>
      step(`list offsets version ${version}: ${timestamp}`, {
        api: ListOffsets,
        version,
        body: list(timestamp),
      }),
    ),
  ),
  ...shapes.map(([name, body]) => step(`list offsets: ${name}`, { api: ListOffsets, version: 11, body })),
  ...[0, 1].map(version =>
    step(`delete records version ${version}`, { api: DeleteRecords, version, body: deleteBefore(1) }),
  ),
  ...deletions.map(([name, body]) =>
    step(`delete records ${name}`, { api: DeleteRecords, version: 2, body }),
  ),
  ...afterwards,
];
