// Fetch in all versions: limits, offsets, epochs, replicas, topics that are not there, and sessions by name and by id.

import { Fetch } from '../../../src/protocol/messages/apis/fetch.ts';
import type { RequestDraft, ResponseOf } from '../../../src/protocol/schema/field.ts';
import { ZERO_UUID } from '../../support/raw-client.ts';
import { ask, type FrameStep, type Peer, step } from './frame-step.ts';

type FetchDraft = RequestDraft<typeof Fetch>;
type FetchTopic = FetchDraft['topics'][number];
type FetchPartition = FetchTopic['partitions'][number];

const BY_ID_SINCE = 13;

function partitionOf(facts: Partial<FetchPartition> = {}): FetchPartition {
  return { partition: 0, fetchOffset: 0, partitionMaxBytes: 100_000, ...facts };
}

function topicOf(partitions: readonly FetchPartition[], topic = 't', topicId = ZERO_UUID): FetchTopic {
  return { topic, topicId, partitions };
}

function fetch(facts: Partial<FetchDraft> = {}, partition: Partial<FetchPartition> = {}): FetchDraft {
  return {
    maxWaitMs: 0,
    minBytes: 1,
    maxBytes: 5_000_000,
    isolationLevel: 0,
    sessionId: 0,
    sessionEpoch: -1,
    forgottenTopicsData: [],
    topics: [topicOf([partitionOf(partition)])],
    ...facts,
  };
}

const idOf = (peer: Peer) => peer.topicIds.get('t') ?? '';
const byId = (peer: Peer, facts: Partial<FetchDraft> = {}) =>
  fetch({ topics: [topicOf([partitionOf()], '', idOf(peer))], ...facts });

const versions = [
  ...[4, 5, 6, 7, 8, 9, 10, 11, 12].map(version =>
    step(`fetch version ${version}`, { api: Fetch, version, body: fetch() }),
  ),
  ...[13, 14, 15, 16, 17, 18].map(version =>
    step(`fetch version ${version}`, { api: Fetch, version, body: peer => byId(peer) }),
  ),
];

const shapes: readonly (readonly [string, FetchDraft])[] = [
  ['above the end', fetch({}, { fetchOffset: 9_999 })],
  ['at -1', fetch({}, { fetchOffset: -1 })],
  ['inside a batch', fetch({}, { fetchOffset: 1 })],
  ['read_committed', fetch({ isolationLevel: 1 })],
  ['isolation level 5', fetch({ isolationLevel: 5 })],
  ['max_bytes 0', fetch({ maxBytes: 0 })],
  ['max_bytes 1', fetch({ maxBytes: 1 })],
  ['max_bytes -1', fetch({ maxBytes: -1 })],
  ['partition limit 0', fetch({}, { partitionMaxBytes: 0 })],
  ['partition limit 100', fetch({}, { partitionMaxBytes: 100 })],
  ['partition limit -1', fetch({}, { partitionMaxBytes: -1 })],
  ['min_bytes -5', fetch({ minBytes: -5 })],
  ['min_bytes 0 at the end', fetch({ minBytes: 0, maxWaitMs: 3_000 })],
  ['max_wait -1', fetch({ maxWaitMs: -1, minBytes: 100_000 })],
  ['leader epoch 5', fetch({}, { currentLeaderEpoch: 5 })],
  ['leader epoch 0', fetch({}, { currentLeaderEpoch: 0 })],
  ['leader epoch -5', fetch({}, { currentLeaderEpoch: -5 })],
  ['last fetched epoch 0', fetch({}, { lastFetchedEpoch: 0 })],
  ['last fetched epoch 3', fetch({}, { lastFetchedEpoch: 3 })],
  ['last fetched epoch 0 above the end', fetch({}, { lastFetchedEpoch: 0, fetchOffset: 999 })],
  ['last fetched epoch -3', fetch({}, { lastFetchedEpoch: -3 })],
  ['an unknown topic', fetch({ topics: [topicOf([partitionOf()], 'nope')] })],
  ['partition 9', fetch({}, { partition: 9 })],
  ['partition -1', fetch({}, { partition: -1 })],
  ['as replica 5', fetch({ replicaId: 5 })],
  ['as replica 1', fetch({ replicaId: 1 })],
  ['as replica 5 with an epoch', fetch({ replicaId: 5 }, { currentLeaderEpoch: 0 })],
  ['as a debugging consumer', fetch({ replicaId: -2 })],
  ['no topics', fetch({ topics: [] })],
  ['no topics, waiting', fetch({ topics: [], maxWaitMs: 1_000 })],
  [
    'one partition twice',
    fetch({
      topics: [
        topicOf([
          partitionOf({ partitionMaxBytes: 70 }),
          partitionOf({ fetchOffset: 2, partitionMaxBytes: 70 }),
        ]),
      ],
    }),
  ],
  [
    'two partitions that share a limit',
    fetch({
      maxBytes: 150,
      topics: [
        topicOf([
          partitionOf({ partitionMaxBytes: 100 }),
          partitionOf({ partition: 1, partitionMaxBytes: 100 }),
        ]),
      ],
    }),
  ],
  [
    'two partitions and one byte',
    fetch({ maxBytes: 1, topics: [topicOf([partitionOf({ partition: 1 }), partitionOf()])] }),
  ],
  [
    'topics apart',
    fetch({
      topics: [
        topicOf([partitionOf({ fetchOffset: 20, partitionMaxBytes: 100 })]),
        topicOf([partitionOf()], 'nope'),
        topicOf([partitionOf({ partition: 1, partitionMaxBytes: 100 })]),
      ],
    }),
  ],
];

const ids: FrameStep[] = [
  step('fetch: an unknown id', {
    api: Fetch,
    version: 13,
    body: fetch({ topics: [topicOf([partitionOf()], '', 'AAAAAAAAAAAAAAAAAAAAAQ')] }),
  }),
  step('fetch: the zero id', {
    api: Fetch,
    version: 13,
    body: fetch({ topics: [topicOf([partitionOf()], '')] }),
  }),
  step('fetch: a replica state', {
    api: Fetch,
    version: 15,
    body: peer => byId(peer, { replicaState: { replicaId: 5, replicaEpoch: 3n } }),
  }),
];

/** One life of a session; each line continues it. */
function sessionSteps(version: number): FrameStep[] {
  const key = `version ${version}`;
  const named = (peer: Peer, offsets: readonly (readonly [number, number])[]) => {
    const partitions = offsets.map(([partition, fetchOffset]) =>
      partitionOf({ partition, fetchOffset, partitionMaxBytes: 100 }),
    );
    return [version >= BY_ID_SINCE ? topicOf(partitions, '', idOf(peer)) : topicOf(partitions)];
  };
  const forget = (peer: Peer, partitions: number[]) => [
    version >= BY_ID_SINCE
      ? { topic: '', topicId: idOf(peer), partitions }
      : { topic: 't', topicId: ZERO_UUID, partitions },
  ];
  const say = (name: string, body: (peer: Peer) => Partial<FetchDraft>, isOpening = false): FrameStep => ({
    name: `session ${key}: ${name}`,
    ask: async peer => {
      const sessionId = isOpening ? 0 : (peer.sessionIds.get(key) ?? 0);
      const draft = fetch({ sessionId, topics: [], ...body(peer) });
      const answer = (await ask(peer, { api: Fetch, version, body: draft })) as ResponseOf<typeof Fetch>;
      if (isOpening) peer.sessionIds.set(key, answer.sessionId);
      return answer;
    },
  });
  const both: readonly (readonly [number, number])[] = [
    [0, 20],
    [1, 0],
  ];
  return [
    say('opened', peer => ({ sessionEpoch: 0, topics: named(peer, both) }), true),
    say('continued', () => ({ sessionEpoch: 1 })),
    say('at the end', peer => ({
      sessionEpoch: 2,
      topics: named(peer, [
        [0, 26],
        [1, 13],
      ]),
    })),
    say('out of range', peer => ({ sessionEpoch: 3, topics: named(peer, [[0, 999]]) })),
    say('back again', peer => ({ sessionEpoch: 4, topics: named(peer, [[0, 26]]) })),
    say('quiet', () => ({ sessionEpoch: 5 })),
    say('with an unknown partition', peer => ({ sessionEpoch: 6, topics: named(peer, [[5, 0]]) })),
    say('which stays an error', () => ({ sessionEpoch: 7 })),
    say('with a wrong epoch', () => ({ sessionEpoch: 7 })),
    say('with the right one', () => ({ sessionEpoch: 8 })),
    say('forgetting', peer => ({ sessionEpoch: 9, forgottenTopicsData: forget(peer, [5, 1]) })),
    say('forgetting the last', peer => ({ sessionEpoch: 10, forgottenTopicsData: forget(peer, [0]) })),
    say('that is gone', () => ({ sessionEpoch: 11 })),
    say('opened with nothing', () => ({ sessionEpoch: 0 }), true),
    say('and then something', peer => ({ sessionEpoch: 1, topics: named(peer, [[0, 20]]) })),
    say('closed', () => ({ sessionEpoch: -1 })),
    say('none, at epoch 5', peer => ({ sessionId: 0, sessionEpoch: 5, topics: named(peer, [[0, 20]]) })),
    say('none, at epoch -7', peer => ({ sessionId: 0, sessionEpoch: -7, topics: named(peer, [[0, 20]]) })),
  ];
}

export const fetchSteps: readonly FrameStep[] = [
  ...versions,
  ...shapes.map(([name, body]) => step(`fetch: ${name}`, { api: Fetch, version: 12, body })),
  ...ids,
  ...sessionSteps(12),
  ...sessionSteps(16),
];
