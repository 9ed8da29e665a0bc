// ShareFetch and ShareAcknowledge as parts of a talk on one connection: a share session ends with the connection that
// opened it, so what belongs together is one step. share-fetch-steps.ts puts the talks in order.

import { DeleteRecords } from '../../../src/protocol/messages/apis/delete-records.ts';
import { FindCoordinator } from '../../../src/protocol/messages/apis/find-coordinator.ts';
import { InitializeShareGroupState } from '../../../src/protocol/messages/apis/initialize-share-group-state.ts';
import { Produce } from '../../../src/protocol/messages/apis/produce.ts';
import { ReadShareGroupState } from '../../../src/protocol/messages/apis/read-share-group-state.ts';
import { ReadShareGroupStateSummary } from '../../../src/protocol/messages/apis/read-share-group-state-summary.ts';
import { ShareAcknowledge } from '../../../src/protocol/messages/apis/share-acknowledge.ts';
import { ShareFetch } from '../../../src/protocol/messages/apis/share-fetch.ts';
import type { RequestDraft, ResponseOf } from '../../../src/protocol/schema/field.ts';
import { batchOf, ZERO_UUID } from '../../support/raw-client.ts';
import type { RawConnection } from '../../support/raw-connection.ts';
import { ask, type FrameStep, inAnyOrder, onConnection, type Peer, step } from './frame-step.ts';
import { until, untilThere } from './until.ts';

export const TOPIC = 'shared-records';
export const NO_SUCH_TOPIC = 'vPsMVAE2Rl2Q8WeYoJ9EJg';
const INVALID_SHARE_SESSION_EPOCH = 123;
const EPOCH_OF_NO_SESSION = 1_000_000;
const TRIES_MAX = 100;

export const Type = { GAP: 0, ACCEPT: 1, RELEASE: 2, REJECT: 3, RENEW: 4 } as const;

export type FetchDraft = RequestDraft<typeof ShareFetch>;
export type AcknowledgeDraft = RequestDraft<typeof ShareAcknowledge>;
/** First offset, last offset, types. */
type Acknowledged = readonly [firstOffset: number, lastOffset: number, ...types: number[]];

export const idOf = (peer: Peer, topic = TOPIC) => peer.topicIds.get(topic) ?? NO_SUCH_TOPIC;

/** A question of a talk: what is sent, and on behalf of whom. */
export interface Line {
  readonly connection?: number;
  readonly who?: Said;
  ask(connection: RawConnection, peer: Peer): Promise<unknown>;
}

/** Questions asked one after the other, each on its connection of the talk; the answers in order. */
export function talk(name: string, lines: readonly Line[]): FrameStep {
  return inAnyOrder({
    name: `share talk: ${name}`,
    ask: async peer => {
      const answers: Record<string, unknown> = {};
      const talkOn = async (connections: readonly RawConnection[], missing: number): Promise<unknown> => {
        if (missing > 0) {
          return onConnection(peer, connection => talkOn([...connections, connection], missing - 1));
        }
        for (const [index, line] of lines.entries()) {
          // Named, so that the order of the talk is not lost when lists are put in order.
          answers[`answer ${index}`] = await line.ask(connections[line.connection ?? 0]!, peer);
        }
        return answers;
      };
      const heard = await talkOn([], 1 + Math.max(0, ...lines.map(({ connection }) => connection ?? 0)));
      for (const { who } of lines) if (who !== undefined) await sessionIsOver(peer, who);
      return heard;
    },
  });
}

/** A session ends with its connection, at Apache Kafka a moment later: the member's next one must not be taken for it. */
async function sessionIsOver(peer: Peer, { groupId, memberId }: Said): Promise<void> {
  const probe = fetchLine(EPOCH_OF_NO_SESSION, { groupId, memberId, partitions: [] });
  const once = async () =>
    (await onConnection(peer, connection => probe.ask(connection, peer))) as { readonly errorCode?: number };
  await until(once, ({ errorCode }) => errorCode !== INVALID_SHARE_SESSION_EPOCH);
}

export interface Said {
  readonly groupId?: string | null;
  readonly memberId?: string | null;
  readonly version?: number;
  readonly connection?: number;
}

const batchesOf = (acknowledged: readonly Acknowledged[]) =>
  acknowledged.map(([firstOffset, lastOffset, ...acknowledgeTypes]) => ({
    firstOffset,
    lastOffset,
    acknowledgeTypes,
  }));

export interface FetchFacts extends Said {
  readonly more?: Partial<FetchDraft>;
  readonly acknowledged?: readonly Acknowledged[];
  readonly partitions?: readonly number[];
  readonly topicId?: string;
  readonly forgotten?: readonly number[];
}

export function fetchLine(shareSessionEpoch: number, facts: FetchFacts = {}): Line {
  const { version = 2, connection = 0, partitions = [0] } = facts;
  return {
    connection,
    who: facts,
    ask: async (on, peer) => {
      const topicId = facts.topicId ?? idOf(peer);
      const acknowledgementBatches = batchesOf(facts.acknowledged ?? []);
      const answer = await on.request(ShareFetch, version, {
        groupId: facts.groupId === undefined ? 'sharers-of-records' : facts.groupId,
        memberId: facts.memberId === undefined ? 'm1' : facts.memberId,
        shareSessionEpoch,
        // The first of a session waits until Apache Kafka has read what is kept of the partition.
        maxWaitMs: shareSessionEpoch === 0 ? 1_500 : 100,
        minBytes: 1,
        maxBytes: 1_000_000,
        maxRecords: 500,
        batchSize: 500,
        topics:
          partitions.length === 0
            ? []
            : [
                {
                  topicId,
                  partitions: partitions.map(partitionIndex => ({ partitionIndex, acknowledgementBatches })),
                },
              ],
        forgottenTopicsData:
          facts.forgotten === undefined ? [] : [{ topicId, partitions: [...facts.forgotten] }],
        ...facts.more,
      });
      return answer;
    },
  };
}

export function acknowledgeLine(
  shareSessionEpoch: number,
  acknowledged: readonly Acknowledged[],
  facts: Said & {
    readonly more?: Partial<AcknowledgeDraft>;
    readonly topicId?: string;
    readonly partition?: number;
  } = {},
): Line {
  const { version = 2, connection = 0 } = facts;
  return {
    connection,
    who: facts,
    ask: (on, peer) =>
      on.request(ShareAcknowledge, version, {
        groupId: facts.groupId === undefined ? 'sharers-of-records' : facts.groupId,
        memberId: facts.memberId === undefined ? 'm1' : facts.memberId,
        shareSessionEpoch,
        topics: [
          {
            topicId: facts.topicId ?? idOf(peer),
            partitions: [
              { partitionIndex: facts.partition ?? 0, acknowledgementBatches: batchesOf(acknowledged) },
            ],
          },
        ],
        ...facts.more,
      }),
  };
}

/** What is kept of a share partition; a write that nobody waits for may still come. */
export function stateLine(groupId = 'sharers-of-records', connection = 0): Line {
  return {
    connection,
    ask: async (on, peer) => {
      const topics = [{ topicId: idOf(peer), partitions: [{ partition: 0, leaderEpoch: -1 }] }];
      const read = await on.request(ReadShareGroupState, 0, { groupId, topics });
      const summary = await on.request(ReadShareGroupStateSummary, 1, { groupId, topics });
      return { read, summary };
    },
  };
}

/** Until a fetch brings records: what another gave back is written first. */
export function fetchUntilThere(shareSessionEpoch: number, facts: FetchFacts = {}): Line {
  return {
    connection: facts.connection ?? 0,
    ask: async (on, peer) => {
      for (let tries = 0; ; tries++) {
        const line = fetchLine(shareSessionEpoch + tries, facts);
        const answer = (await line.ask(on, peer)) as ResponseOf<typeof ShareFetch>;
        const isThere = answer.responses.some(({ partitions }) =>
          partitions.some(({ acquiredRecords }) => acquiredRecords.length > 0),
        );
        if (isThere || answer.errorCode !== 0 || tries === TRIES_MAX) return answer;
      }
    },
  };
}

/** The other end of a connection is gone, and the broker has noticed once the next question is answered otherwise. */
export function closeLine(connection: number): Line {
  return {
    connection,
    ask: async on => {
      on.close();
    },
  };
}

/** A group's share partition begins at an offset, as its coordinator would have it. */
export function begin(groupId: string, startOffset = 0, partition = 0): FrameStep {
  return {
    name: `${groupId} begins at ${startOffset}`,
    ask: async peer => {
      const key = `${groupId}:${idOf(peer)}:${partition}`;
      const once = async () => {
        const found = (await ask(peer, {
          api: FindCoordinator,
          version: 6,
          body: { key: '', keyType: 2, coordinatorKeys: [key] },
        })) as ResponseOf<typeof FindCoordinator>;
        const initialized = (await ask(peer, {
          api: InitializeShareGroupState,
          version: 0,
          body: {
            groupId,
            topics: [{ topicId: idOf(peer), partitions: [{ partition, stateEpoch: 0, startOffset }] }],
          },
        })) as ResponseOf<typeof InitializeShareGroupState>;
        return [
          ...found.coordinators.map(({ errorCode }) => errorCode),
          ...initialized.results.flatMap(({ partitions }) => partitions.map(({ errorCode }) => errorCode)),
        ];
      };
      return untilThere(once, codes => codes);
    },
  };
}

/** A record batch for each number, of as many records. */
export const produce = (counts: readonly number[], index = 0): FrameStep => ({
  name: `Produce batches of ${counts.join(', ')} to ${TOPIC}-${index}`,
  ask: async peer => {
    const errors: unknown[] = [];
    for (const count of counts) {
      const records = batchOf(Array.from({ length: count }, (_, at) => `v${at}`));
      const body = {
        transactionalId: null,
        acks: -1,
        timeoutMs: 3_000,
        topicData: [{ name: TOPIC, topicId: ZERO_UUID, partitionData: [{ index, records }] }],
      };
      const answer = (await ask(peer, { api: Produce, version: 12, body })) as ResponseOf<typeof Produce>;
      errors.push(
        answer.responses.flatMap(({ partitionResponses }) => partitionResponses.map(each => each.baseOffset)),
      );
    }
    return errors;
  },
});

export const deleteRecordsBefore = (offset: number): FrameStep =>
  step(`DeleteRecords before ${offset}`, {
    api: DeleteRecords,
    version: 2,
    body: {
      topics: [{ name: TOPIC, partitions: [{ partitionIndex: 0, offset }] }],
      timeoutMs: 5_000,
    },
  });
