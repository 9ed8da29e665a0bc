// The transactional requests in the order in which they are asked of both clusters.

import { DescribeProducers } from '../../../src/protocol/messages/apis/describe-producers.ts';
import { DescribeTransactions } from '../../../src/protocol/messages/apis/describe-transactions.ts';
import { ListTransactions } from '../../../src/protocol/messages/apis/list-transactions.ts';
import { OffsetFetch } from '../../../src/protocol/messages/apis/offset-fetch.ts';
import { WriteTxnMarkers } from '../../../src/protocol/messages/apis/write-txn-markers.ts';
import { type FrameStep, inAnyOrder, step } from './frame-step.ts';
import {
  addOffsets,
  addPartitions,
  commitOffsets,
  end,
  GROUP,
  identity,
  init,
  produceTransactional,
  TOPIC,
  transactionSetUp,
  txnStep,
} from './transaction-steps.ts';

const OLD = { change: { epochs: -1 } };
const NEW = { change: { epochs: 1 } };
const STRANGER = { change: { producerId: 999_999n } };
const UNKNOWN = { id: 'txn-unknown' };

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

const inits: readonly FrameStep[] = [
  ...range(0, 5).map(version => init(`version ${version}`, version)),
  init('without a name', 4, { id: '' }),
  init('timeout 0', 4, { timeoutMs: 0 }),
  init('timeout too long', 4, { timeoutMs: 900_001 }),
  init('half named', 4, { as: () => ({ producerId: 5n, producerEpoch: -1 }) }),
  init('as itself', 4, { as: peer => identity(peer) }),
  init('as itself, the answer lost', 4, { as: peer => identity(peer, { epochs: -1 }) }),
  init('as a predecessor', 4, { as: peer => identity(peer, { epochs: -3 }) }),
  init('as a predecessor, version 3', 3, { as: peer => identity(peer, { epochs: -3 }) }),
  init('as a stranger', 4, { as: peer => identity(peer, { producerId: 999_999n }) }),
  init('unknown, with an id', 4, {
    id: 'txn-frames-2',
    as: () => ({ producerId: 999_999n, producerEpoch: 3 }),
  }),
  init('back', 4),
];

const adding: readonly FrameStep[] = [
  ...range(0, 5).flatMap(version => [
    addPartitions(`old epoch, version ${version}`, version, OLD),
    addPartitions(`new epoch, version ${version}`, version, NEW),
    addPartitions(`stranger, version ${version}`, version, STRANGER),
    addPartitions(`unknown id, version ${version}`, version, UNKNOWN),
  ]),
  addPartitions('no id', 3, { id: '' }),
  inAnyOrder(addPartitions('an unknown topic', 3, { topic: 'nope' })),
  inAnyOrder(addPartitions('an unknown topic, version 5', 5, { topic: 'nope' })),
  addPartitions('verify before', 5, { verifyOnly: true }),
  ...range(0, 5).map(version => addPartitions(`version ${version}`, version)),
  addPartitions('verify', 5, { verifyOnly: true }),
  addPartitions('verify old epoch', 5, { verifyOnly: true, ...OLD }),
];

const producing: readonly FrameStep[] = [
  ...range(3, 11).map(version => produceTransactional(`not added, version ${version}`, version)),
  ...[9, 11, 12].flatMap(version => [
    produceTransactional(`old epoch, version ${version}`, version, OLD),
    produceTransactional(`new epoch, version ${version}`, version, NEW),
    produceTransactional(`stranger, version ${version}`, version, STRANGER),
    produceTransactional(`unknown id, version ${version}`, version, UNKNOWN),
  ]),
  produceTransactional('first, not from 0', 12, { sequence: 4 }),
  produceTransactional('to the added partition', 9, { partition: 0 }),
  produceTransactional('again', 9, { partition: 0 }),
  produceTransactional('out of order', 9, { partition: 0, sequence: 9 }),
  produceTransactional('adding', 12),
  produceTransactional('to the partition added by the other', 9, { sequence: 1 }),
];

const stable = txnStep('fetch stable offsets', {
  api: OffsetFetch,
  version: 8,
  body: () => ({
    groups: [{ groupId: GROUP, topics: [{ name: TOPIC, partitionIndexes: [0, 1] }] }],
    requireStable: true,
  }),
});

const offsets: readonly FrameStep[] = [
  ...range(0, 4).map(version => commitOffsets(`not added, version ${version}`, version)),
  ...range(0, 4).flatMap(version => [
    addOffsets(`old epoch, version ${version}`, version, OLD),
    addOffsets(`stranger, version ${version}`, version, STRANGER),
    addOffsets(`version ${version}`, version),
  ]),
  ...range(0, 5).map(version => commitOffsets(`version ${version}`, version)),
  ...[3, 4, 5].flatMap(version => [
    commitOffsets(`old epoch, version ${version}`, version, OLD),
    commitOffsets(`new epoch, version ${version}`, version, NEW),
    commitOffsets(`stranger, version ${version}`, version, STRANGER),
    commitOffsets(`unknown id, version ${version}`, version, UNKNOWN),
  ]),
  commitOffsets('an unknown topic', 3, { topic: 'nope' }),
  commitOffsets('no group', 3, { group: '' }),
  commitOffsets('a generation of nobody', 3, { generationId: 3 }),
  commitOffsets('a long note', 3, { metadata: 'x'.repeat(4_097) }),
  stable,
];

const ending: readonly FrameStep[] = [
  ...range(0, 5).flatMap(version => [
    end(`old epoch, version ${version}`, version, OLD),
    end(`new epoch, version ${version}`, version, NEW),
    end(`stranger, version ${version}`, version, STRANGER),
    end(`unknown id, version ${version}`, version, UNKNOWN),
  ]),
  end('no id', 3, { id: '' }),
  end('commit', 3),
  end('commit again', 3),
  end('abort after the commit', 3, { commits: false }),
  stable,
  produceTransactional('after the end', 9, { partition: 0, sequence: 1 }),
  init('after the end', 4),
  end('nothing open', 3),
  end('nothing open, abort', 3, { commits: false }),
  end('nothing open, version 5', 5),
  end('nothing open, abort, version 5', 5, { commits: false }),
  end('abort with the epoch before, version 5', 5, { commits: false, ...OLD }),
  end('commit with the epoch before, version 5', 5, OLD),
  produceTransactional('in the next', 12),
  end('commit, version 5', 5),
  end('commit with the epoch before that', 5, OLD),
  end('commit with nothing open', 5),
];

function markers(name: string, version: number, marker: object): FrameStep {
  return txnStep(`write markers ${name}`, {
    api: WriteTxnMarkers,
    version,
    body: peer => ({
      markers: [
        {
          ...identity(peer),
          transactionResult: false,
          coordinatorEpoch: 0,
          topics: [{ name: TOPIC, partitionIndexes: [0] }],
          ...marker,
        },
      ],
    }),
  });
}

const STATED = { producerId: 777_777n, producerEpoch: 3 };

const tools: readonly FrameStep[] = [
  markers('of a new producer', 1, STATED),
  markers('of the same epoch', 1, STATED),
  markers('of the same epoch, transaction version 2', 2, { ...STATED, transactionVersion: 2 }),
  markers('of an older epoch', 1, { ...STATED, producerEpoch: 2 }),
  markers('of an older epoch, transaction version 2', 2, {
    ...STATED,
    producerEpoch: 2,
    transactionVersion: 2,
  }),
  markers('of a later coordinator', 1, { ...STATED, coordinatorEpoch: 5 }),
  markers('of an older coordinator', 1, { ...STATED, coordinatorEpoch: 4 }),
  markers('for partitions that are not there', 1, {
    ...STATED,
    coordinatorEpoch: 5,
    topics: [{ name: 'nope', partitionIndexes: [0, 1] }],
  }),
  markers('for nothing', 1, { topics: [] }),
  step('transactions: describe nobody', {
    api: DescribeTransactions,
    version: 0,
    body: { transactionalIds: ['', 'txn-unknown'] },
  }),
  step('transactions: describe producers of nothing', {
    api: DescribeProducers,
    version: 0,
    body: {
      topics: [
        { name: 'nope', partitionIndexes: [0] },
        { name: 'not valid!', partitionIndexes: [0] },
        { name: TOPIC, partitionIndexes: [9] },
      ],
    },
  }),
  step('transactions: list unknown states', {
    api: ListTransactions,
    version: 1,
    body: { stateFilters: ['NoSuchState'], producerIdFilters: [], durationFilter: -1n },
  }),
  ...['txn-fr.*', 'txn', 'txn-frames-?2', '(txn', ''].map(transactionalIdPattern =>
    inAnyOrder(
      step(`transactions: list by the pattern "${transactionalIdPattern}"`, {
        api: ListTransactions,
        version: 2,
        body: { stateFilters: ['Empty'], producerIdFilters: [], durationFilter: -1n, transactionalIdPattern },
      }),
    ),
  ),
  step('transactions: list by an unknown producer', {
    api: ListTransactions,
    version: 0,
    body: { stateFilters: [], producerIdFilters: [123_456n] },
  }),
];

export const transactionRequests: readonly FrameStep[] = [
  ...transactionSetUp,
  ...inits,
  ...adding,
  ...producing,
  ...offsets,
  ...ending,
  ...tools,
];
