// The partition side of share groups (KIP-932) at a metadata.version that has them: records that are acquired,
// acknowledged, released, rejected, renewed (KIP-1222) and limited (KIP-1206), sessions and their epochs, several members,
// and what is kept of all of it. Members are made up: these requests ask for none.

import type { FrameStep } from './frame-step.ts';
import { createTopic } from './produce-steps.ts';
import {
  acknowledgeLine,
  begin,
  closeLine,
  deleteRecordsBefore,
  fetchLine,
  fetchUntilThere,
  type Line,
  NO_SUCH_TOPIC,
  produce,
  stateLine,
  TOPIC,
  Type,
  talk,
} from './share-fetch-requests.ts';

const { ACCEPT, GAP, REJECT, RELEASE, RENEW } = Type;
const renewing = { isRenewAck: true, maxBytes: 0, minBytes: 0, maxRecords: 0, maxWaitMs: 0 };

const refused: readonly FrameStep[] = [
  begin('sharers-of-records'),
  talk('no group', [fetchLine(0, { groupId: null }), acknowledgeLine(1, [], { groupId: null })]),
  talk('no member', [fetchLine(0, { memberId: null }), acknowledgeLine(1, [], { memberId: null })]),
  talk('an empty member id', [fetchLine(0, { memberId: '' }), acknowledgeLine(1, [], { memberId: '' })]),
  talk('a member id of 37 letters', [
    fetchLine(0, { memberId: 'x'.repeat(37) }),
    acknowledgeLine(1, [], { memberId: 'x'.repeat(37) }),
  ]),
  talk('no session', [
    fetchLine(1),
    fetchLine(-1),
    fetchLine(-2),
    acknowledgeLine(1, []),
    acknowledgeLine(-1, []),
    acknowledgeLine(-2, []),
  ]),
  talk('a session does not begin with an acknowledgement', [
    fetchLine(0, { acknowledged: [[0, 0, ACCEPT]] }),
    acknowledgeLine(0, []),
    fetchLine(1),
  ]),
  talk('wrong epochs', [
    fetchLine(0),
    fetchLine(2),
    fetchLine(7),
    acknowledgeLine(3, []),
    fetchLine(1),
    fetchLine(1),
    acknowledgeLine(2, []),
    fetchLine(2),
    fetchLine(3, { version: 1 }),
  ]),
  talk('renewals that ask for records', [
    fetchLine(0),
    fetchLine(1, { more: { isRenewAck: true } }),
    fetchLine(1, { more: { ...renewing, maxWaitMs: 5 } }),
    fetchLine(1, { more: renewing }),
  ]),
  {
    ...talk('an unknown topic', [
      fetchLine(0, { topicId: NO_SUCH_TOPIC }),
      fetchLine(1, { partitions: [] }),
      fetchLine(2, { partitions: [], topicId: NO_SUCH_TOPIC, forgotten: [0] }),
    ]),
    apart:
      'Apache Kafka means to answer UNKNOWN_TOPIC_ID for the partition, and fails over a topic that has no name: ' +
      'the whole request is answered with UNKNOWN_SERVER_ERROR until the partition is forgotten.',
  },
  talk('partitions that are not there', [
    fetchLine(0, { partitions: [] }),
    fetchLine(1, { partitions: [9] }),
    fetchLine(2, { partitions: [], forgotten: [9] }),
    acknowledgeLine(3, [[0, 0, ACCEPT]], { topicId: NO_SUCH_TOPIC }),
    acknowledgeLine(4, [[0, 0, ACCEPT]], { partition: 9 }),
    acknowledgeLine(5, [[0, 0, ACCEPT]], { partition: 1 }),
    acknowledgeLine(6, []),
  ]),
  talk('a group that nobody began', [
    fetchLine(0, { groupId: 'nobodys-share', more: { maxWaitMs: 2_000 } }),
    acknowledgeLine(1, [[0, 0, ACCEPT]], { groupId: 'nobodys-share' }),
  ]),
];

const oneMember: readonly FrameStep[] = [
  talk('nothing is there', [
    fetchLine(0),
    fetchLine(1, { more: { minBytes: 0 } }),
    fetchLine(2, { more: { maxRecords: 0 } }),
    fetchLine(3, { more: { maxBytes: 0 } }),
    stateLine(),
  ]),
  produce([3, 3, 4]),
  talk('acquire, acknowledge, and what is wrong with it', [
    fetchLine(0),
    stateLine(),
    fetchLine(1),
    acknowledgeLine(2, [[0, 2, ACCEPT]]),
    stateLine(),
    acknowledgeLine(3, [[3, 5, ACCEPT, RELEASE, REJECT]]),
    stateLine(),
    fetchLine(4),
    acknowledgeLine(5, [[0, 2, ACCEPT]]),
    acknowledgeLine(6, [[3, 3, ACCEPT]]),
    acknowledgeLine(7, [[6, 20, ACCEPT]]),
    acknowledgeLine(8, [[20, 30, ACCEPT]]),
    acknowledgeLine(9, [[5, 4, ACCEPT]]),
    acknowledgeLine(10, [[6, 7, ACCEPT, ACCEPT, ACCEPT]]),
    acknowledgeLine(11, [[6, 7]]),
    acknowledgeLine(12, [[6, 7, 9]]),
    acknowledgeLine(13, [[6, 7, -1]]),
    acknowledgeLine(14, [[6, 7, RENEW]]),
    acknowledgeLine(15, [[6, 7, RENEW]], { version: 1 }),
    acknowledgeLine(16, [
      [7, 8, ACCEPT],
      [6, 6, ACCEPT],
    ]),
    acknowledgeLine(17, [
      [6, 6, ACCEPT],
      [3, 3, ACCEPT],
    ]),
    stateLine(),
    acknowledgeLine(18, [[4, 9, ACCEPT, GAP, ACCEPT, ACCEPT, RELEASE, ACCEPT]]),
    acknowledgeLine(19, [[4, 4, ACCEPT]]),
    stateLine(),
    fetchLine(20, { acknowledged: [[6, 7, ACCEPT]] }),
    acknowledgeLine(21, [[6, 7, RENEW]], { more: { isRenewAck: true } }),
    fetchLine(22, { acknowledged: [[8, 8, RENEW]], more: renewing }),
    stateLine(),
    fetchLine(-1, { acknowledged: [[9, 9, ACCEPT]], more: { maxWaitMs: 0 } }),
    fetchLine(23),
  ]),
  talk('what was held is there again', [
    fetchUntilThere(0),
    stateLine(),
    acknowledgeLine(-1, [[8, 8, ACCEPT]]),
  ]),
  talk('all is done with', [stateLine(), fetchLine(0), fetchLine(1, { partitions: [] }), fetchLine(2)]),
];

const limits: readonly FrameStep[] = [
  begin('limited-sharers', 0),
  talk('record limits', [
    fetchLine(0, { groupId: 'limited-sharers', more: { shareAcquireMode: 1, maxRecords: 2 } }),
    fetchLine(1, { groupId: 'limited-sharers', more: { shareAcquireMode: 1, maxRecords: 3 } }),
    fetchLine(2, { groupId: 'limited-sharers', more: { shareAcquireMode: 0, maxRecords: 1 } }),
    fetchLine(3, { groupId: 'limited-sharers', more: { shareAcquireMode: 1, maxRecords: 50 } }),
    acknowledgeLine(4, [[0, 8, RELEASE]], { groupId: 'limited-sharers' }),
    stateLine('limited-sharers'),
    fetchLine(5, { groupId: 'limited-sharers', more: { shareAcquireMode: 1, maxRecords: 4 } }),
    fetchLine(6, { groupId: 'limited-sharers', more: { shareAcquireMode: 7, maxRecords: 4 } }),
    stateLine('limited-sharers'),
  ]),
  begin('batched-sharers', 0),
  talk('batch sizes, bytes and acquire modes', [
    fetchLine(0, { groupId: 'batched-sharers', more: { batchSize: 1, maxRecords: 4 } }),
    fetchLine(1, { groupId: 'batched-sharers', more: { batchSize: 4, maxRecords: 1 } }),
    acknowledgeLine(2, [[0, 5, RELEASE]], { groupId: 'batched-sharers' }),
    fetchLine(3, { groupId: 'batched-sharers', more: { maxBytes: 1 } }),
    fetchLine(4, { groupId: 'batched-sharers', more: { maxBytes: 130 } }),
    fetchLine(5, { groupId: 'batched-sharers', more: { minBytes: 100_000 } }),
    fetchLine(6, { groupId: 'batched-sharers', version: 1 }),
    stateLine('batched-sharers'),
  ]),
  begin('middle-sharers', 4),
  talk('from the middle of a batch', [
    fetchLine(0, { groupId: 'middle-sharers', more: { batchSize: 2 } }),
    acknowledgeLine(1, [[3, 5, ACCEPT]], { groupId: 'middle-sharers' }),
    acknowledgeLine(2, [[4, 5, ACCEPT]], { groupId: 'middle-sharers' }),
    stateLine('middle-sharers'),
    acknowledgeLine(3, [[0, 3, ACCEPT]], { groupId: 'middle-sharers' }),
  ]),
];

/** Again and again nobody wants them. */
const given = (groupId: string, rounds: number): Line[] =>
  Array.from({ length: rounds }, (_, round) => [
    fetchLine(2 * round, { groupId }),
    acknowledgeLine(2 * round + 1, [[0, 2, RELEASE]], { groupId }),
    stateLine(groupId),
  ]).flat();

const manyDeliveries: readonly FrameStep[] = [
  begin('choosy-sharers', 0),
  talk('deliveries are counted, and fewer and fewer come together', given('choosy-sharers', 8)),
  begin('poisoned-sharers', 0),
  talk('one at a time in the end', [
    fetchLine(0, { groupId: 'poisoned-sharers' }),
    ...Array.from({ length: 9 }, (_, round) => [
      acknowledgeLine(
        2 * round + 1,
        [
          [0, 2, RELEASE],
          [3, 9, RELEASE],
        ],
        { groupId: 'poisoned-sharers' },
      ),
      fetchLine(2 * round + 2, { groupId: 'poisoned-sharers' }),
    ]).flat(),
    stateLine('poisoned-sharers'),
  ]),
];

const severalMembers: readonly FrameStep[] = [
  begin('two-sharers', 0),
  talk('two members', [
    fetchLine(0, { groupId: 'two-sharers', more: { maxRecords: 3 } }),
    fetchLine(0, { groupId: 'two-sharers', memberId: 'm2', connection: 1, more: { maxRecords: 3 } }),
    acknowledgeLine(1, [[0, 2, ACCEPT]], { groupId: 'two-sharers', memberId: 'm2', connection: 1 }),
    acknowledgeLine(2, [[1, 1, ACCEPT]], { groupId: 'two-sharers', memberId: 'm2', connection: 1 }),
    acknowledgeLine(1, [[1, 1, RELEASE]], { groupId: 'two-sharers' }),
    fetchLine(3, { groupId: 'two-sharers', memberId: 'm2', connection: 1, more: { maxRecords: 1 } }),
    acknowledgeLine(2, [[1, 1, ACCEPT]], { groupId: 'two-sharers' }),
    stateLine('two-sharers'),
    // All that is left, so that the next can only be what comes back.
    fetchLine(4, { groupId: 'two-sharers', memberId: 'm2', connection: 1 }),
    closeLine(0),
    fetchUntilThere(5, {
      groupId: 'two-sharers',
      memberId: 'm2',
      connection: 1,
      more: { maxRecords: 1, maxWaitMs: 2_000 },
    }),
    stateLine('two-sharers', 1),
  ]),
  talk('the session of another connection is taken over', [
    fetchLine(0, { groupId: 'two-sharers' }),
    fetchLine(0, { groupId: 'two-sharers', connection: 1 }),
    fetchLine(1, { groupId: 'two-sharers' }),
    fetchLine(1, { groupId: 'two-sharers', connection: 1 }),
  ]),
];

const movedStart: readonly FrameStep[] = [
  begin('late-sharers', 0),
  deleteRecordsBefore(4),
  talk('records that are no more', [
    fetchLine(0, { groupId: 'late-sharers' }),
    fetchLine(1, { groupId: 'late-sharers' }),
    acknowledgeLine(2, [[4, 5, ACCEPT]], { groupId: 'late-sharers' }),
    stateLine('late-sharers'),
  ]),
  produce([2, 2], 1),
  begin('wide-sharers', 4, 0),
  begin('wide-sharers', 0, 1),
  talk('two partitions', [
    // Both are read before the wait is over.
    fetchLine(0, {
      groupId: 'wide-sharers',
      partitions: [0, 1],
      more: { minBytes: 1_000_000, maxWaitMs: 2_000 },
    }),
    fetchLine(1, { groupId: 'wide-sharers', partitions: [], forgotten: [0] }),
    acknowledgeLine(2, [[0, 1, ACCEPT]], { groupId: 'wide-sharers', partition: 1 }),
    fetchLine(3, { groupId: 'wide-sharers', partitions: [1], acknowledged: [[2, 3, RELEASE]] }),
    fetchLine(4, { groupId: 'wide-sharers', partitions: [0], acknowledged: [[4, 5, REJECT]] }),
    fetchLine(5, { groupId: 'wide-sharers', partitions: [], more: { maxRecords: 1 } }),
  ]),
];

export const shareFetchSteps: readonly FrameStep[] = [
  createTopic(TOPIC, 2),
  ...refused,
  ...oneMember,
  ...limits,
  ...manyDeliveries,
  ...severalMembers,
  ...movedStart,
];

/** At a level without share groups. */
export const unservedShareFetchSteps: readonly FrameStep[] = [
  talk('where there are no share groups', [
    fetchLine(0),
    fetchLine(0, { version: 1 }),
    fetchLine(0, { groupId: null }),
    acknowledgeLine(1, []),
    acknowledgeLine(1, [], { version: 1 }),
  ]),
];
