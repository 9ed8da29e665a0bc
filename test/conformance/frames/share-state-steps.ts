// The share coordinator's requests: state of share partitions that is begun, written, read, summed up, fenced and deleted,
// and what is refused.

import { DeleteShareGroupState } from '../../../src/protocol/messages/apis/delete-share-group-state.ts';
import { FindCoordinator } from '../../../src/protocol/messages/apis/find-coordinator.ts';
import { InitializeShareGroupState } from '../../../src/protocol/messages/apis/initialize-share-group-state.ts';
import { ReadShareGroupState } from '../../../src/protocol/messages/apis/read-share-group-state.ts';
import { ReadShareGroupStateSummary } from '../../../src/protocol/messages/apis/read-share-group-state-summary.ts';
import { WriteShareGroupState } from '../../../src/protocol/messages/apis/write-share-group-state.ts';
import type { ResponseOf } from '../../../src/protocol/schema/field.ts';
import { ask, type FrameStep, type Peer, step } from './frame-step.ts';
import { createTopic } from './produce-steps.ts';
import { untilThere } from './until.ts';

const TOPIC = 'shared-state';
const GROUP = 'sharers';
const NO_SUCH_TOPIC = 'vPsMVAE2Rl2Q8WeYoJ9EJg';

const idOf = (peer: Peer) => peer.topicIds.get(TOPIC) ?? NO_SUCH_TOPIC;

/** A request about one partition of the topic. */
function about<Partition extends object>(partition: number, more: Partition, groupId = GROUP) {
  return (peer: Peer) => ({
    groupId,
    topics: [{ topicId: idOf(peer), partitions: [{ partition, ...more }] }],
  });
}

function findShareCoordinator(): FrameStep {
  return {
    name: 'FindCoordinator of a share partition',
    ask: async peer => {
      const once = async () => {
        const answer = (await ask(peer, {
          api: FindCoordinator,
          version: 6,
          body: { key: '', keyType: 2, coordinatorKeys: [`${GROUP}:${idOf(peer)}:0`] },
        })) as ResponseOf<typeof FindCoordinator>;
        return answer.coordinators.map(({ errorCode }) => errorCode);
      };
      return untilThere(once, codes => codes);
    },
  };
}

/** Its shards load one by one after the topic was made. */
function firstInitialize(): FrameStep {
  return {
    name: 'InitializeShareGroupState',
    ask: async peer => {
      const once = async () =>
        (await ask(peer, {
          api: InitializeShareGroupState,
          version: 0,
          body: about(0, { stateEpoch: 1, startOffset: -1 }),
        })) as ResponseOf<typeof InitializeShareGroupState>;
      return untilThere(once, ({ results }) =>
        results.flatMap(({ partitions }) => partitions.map(({ errorCode }) => errorCode)),
      );
    },
  };
}

const batch = (firstOffset: number, lastOffset: number, deliveryState: number, deliveryCount: number) => ({
  firstOffset,
  lastOffset,
  deliveryState,
  deliveryCount,
});

const read = (name: string, leaderEpoch = -1) =>
  step(name, { api: ReadShareGroupState, version: 0, body: about(0, { leaderEpoch }) });
const summary = (name: string, version = 1) =>
  step(name, { api: ReadShareGroupStateSummary, version, body: about(0, { leaderEpoch: -1 }) });
const write = (name: string, more: object, version = 1) =>
  step(name, {
    api: WriteShareGroupState,
    version,
    body: about(0, {
      stateEpoch: 1,
      leaderEpoch: 0,
      startOffset: 0,
      deliveryCompleteCount: 0,
      stateBatches: [],
      ...more,
    }),
  });

export const shareStateSteps: readonly FrameStep[] = [
  createTopic(TOPIC, 1),
  findShareCoordinator(),
  ...['', 'no-key', `${GROUP}:x:0`, `:${NO_SUCH_TOPIC}:0`].map(key =>
    step(`FindCoordinator of "${key}", which is no share partition`, {
      api: FindCoordinator,
      version: 6,
      body: { key: '', keyType: 2, coordinatorKeys: [key] },
    }),
  ),
  step('FindCoordinator of a share partition before version 6', {
    api: FindCoordinator,
    version: 5,
    body: { key: '', keyType: 2, coordinatorKeys: [`${GROUP}:${NO_SUCH_TOPIC}:0`] },
  }),
  firstInitialize(),
  read('ReadShareGroupState of what has not begun'),
  summary('ReadShareGroupStateSummary of what has not begun'),
  write('WriteShareGroupState', {
    deliveryCompleteCount: 3,
    stateBatches: [batch(0, 9, 0, 1), batch(3, 5, 2, 1)],
  }),
  read('ReadShareGroupState of overlapping batches'),
  write('WriteShareGroupState over earlier batches', {
    startOffset: 2,
    deliveryCompleteCount: 4,
    stateBatches: [batch(6, 6, 4, 2), batch(10, 12, 0, 1)],
  }),
  read('ReadShareGroupState after a second write'),
  summary('ReadShareGroupStateSummary after a second write'),
  summary('ReadShareGroupStateSummary, version 0', 0),
  write(
    'WriteShareGroupState that leaves the start offset',
    { startOffset: -1, stateBatches: [batch(7, 7, 2, 1)] },
    0,
  ),
  read('ReadShareGroupState by a new leader', 4),
  write('WriteShareGroupState of an old leader', { leaderEpoch: 3 }),
  read('ReadShareGroupState of an old leader', 3),
  write('WriteShareGroupState of an old state epoch', { leaderEpoch: 4, stateEpoch: 0 }),
  step('InitializeShareGroupState of an old state epoch', {
    api: InitializeShareGroupState,
    version: 0,
    body: about(0, { stateEpoch: 0, startOffset: 5 }),
  }),
  step('InitializeShareGroupState at an offset', {
    api: InitializeShareGroupState,
    version: 0,
    body: about(0, { stateEpoch: 2, startOffset: 5 }),
  }),
  read('ReadShareGroupState from a given offset'),
  summary('ReadShareGroupStateSummary from a given offset'),
  ...[7, -1].flatMap(partition => [
    step(`InitializeShareGroupState of partition ${partition}`, {
      api: InitializeShareGroupState,
      version: 0,
      body: about(partition, { stateEpoch: 1, startOffset: 0 }),
    }),
    step(`ReadShareGroupState of partition ${partition}`, {
      api: ReadShareGroupState,
      version: 0,
      body: about(partition, { leaderEpoch: -1 }),
    }),
    step(`ReadShareGroupStateSummary of partition ${partition}`, {
      api: ReadShareGroupStateSummary,
      version: 1,
      body: about(partition, { leaderEpoch: -1 }),
    }),
    step(`DeleteShareGroupState of partition ${partition}`, {
      api: DeleteShareGroupState,
      version: 0,
      body: about(partition, {}),
    }),
  ]),
  step('WriteShareGroupState of a group that has none', {
    api: WriteShareGroupState,
    version: 1,
    body: about(
      0,
      { stateEpoch: 0, leaderEpoch: 0, startOffset: 0, deliveryCompleteCount: 0, stateBatches: [] },
      'nobody',
    ),
  }),
  step('ReadShareGroupStateSummary of a group that has none', {
    api: ReadShareGroupStateSummary,
    version: 1,
    body: about(0, { leaderEpoch: -1 }, 'nobody'),
  }),
  step('DeleteShareGroupState of a group that has none', {
    api: DeleteShareGroupState,
    version: 0,
    body: about(0, {}, 'nobody'),
  }),
  step('ReadShareGroupState without a group', {
    api: ReadShareGroupState,
    version: 0,
    body: about(0, { leaderEpoch: -1 }, ''),
  }),
  step('ReadShareGroupState without topics', {
    api: ReadShareGroupState,
    version: 0,
    body: { groupId: GROUP, topics: [] },
  }),
  step('DeleteShareGroupState', { api: DeleteShareGroupState, version: 0, body: about(0, {}) }),
  read('ReadShareGroupState of what was deleted'),
  summary('ReadShareGroupStateSummary of what was deleted'),
];
