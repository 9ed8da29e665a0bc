// Transactions in raw frames: every version of every request that belongs to them, and who is refused with which error.
// Producers are named; what they were last given is kept per cluster.

import { AddOffsetsToTxn } from '../../../src/protocol/messages/apis/add-offsets-to-txn.ts';
import { AddPartitionsToTxn } from '../../../src/protocol/messages/apis/add-partitions-to-txn.ts';
import { EndTxn } from '../../../src/protocol/messages/apis/end-txn.ts';
import { FindCoordinator } from '../../../src/protocol/messages/apis/find-coordinator.ts';
import { InitProducerId } from '../../../src/protocol/messages/apis/init-producer-id.ts';
import { Produce } from '../../../src/protocol/messages/apis/produce.ts';
import { TxnOffsetCommit } from '../../../src/protocol/messages/apis/txn-offset-commit.ts';
import type { RequestDraft } from '../../../src/protocol/schema/field.ts';
import { batchOf, ZERO_UUID } from '../../support/raw-client.ts';
import { type AskOptions, ask, type FrameStep, type Peer } from './frame-step.ts';
import { createTopic } from './produce-steps.ts';

export const TOPIC = 'transactional';
export const GROUP = 'transactional-group';
/** A name of nobody's. */
export const ID = 'txn-frames';

export interface Identity {
  producerId: bigint;
  producerEpoch: number;
}

const identities = new Map<Peer, Identity>();
const NOBODY: Identity = { producerId: -1n, producerEpoch: -1 };
/** What a cluster says while its topics or the end before are not ready. */
const PASSING = new Set([14, 15, 16, 51]);
const RETRY_MS = 50;

/** What the producer was last given, changed as the step wants it. */
export function identity(
  peer: Peer,
  change: Partial<Identity> & { readonly epochs?: number } = {},
): Identity {
  const { epochs = 0, ...instead } = change;
  const known = identities.get(peer) ?? NOBODY;
  return { producerId: known.producerId, producerEpoch: known.producerEpoch + epochs, ...instead };
}

/** Asks again while the answer is of the passing kind: Apache Kafka ends transactions behind its answers. */
export async function askUntilReady(peer: Peer, question: AskOptions<never>): Promise<unknown> {
  for (;;) {
    const answer = await ask(peer, question);
    if (!hasPassingError(answer)) return answer;
    await new Promise(resolve => setTimeout(resolve, RETRY_MS));
  }
}

function hasPassingError(answer: unknown): boolean {
  if (Array.isArray(answer)) return answer.some(hasPassingError);
  if (answer === null || typeof answer !== 'object' || Buffer.isBuffer(answer)) return false;
  return Object.entries(answer).some(([key, value]) =>
    /errorCode$/i.test(key) ? PASSING.has(value as number) : hasPassingError(value),
  );
}

export function txnStep(
  name: string,
  question: { readonly api: unknown; readonly version: number; readonly body: (peer: Peer) => object },
): FrameStep {
  return {
    name: `transactions: ${name}`,
    ask: async peer => {
      const answer = await askUntilReady(peer, question as AskOptions<never>);
      const given = answer as Partial<Identity> & { errorCode?: number };
      if (given.errorCode === 0 && (given.producerId ?? -1n) >= 0n) {
        identities.set(peer, { producerId: given.producerId!, producerEpoch: given.producerEpoch! });
      }
      return answer;
    },
  };
}

export function init(
  name: string,
  version: number,
  change: { readonly id?: string; readonly timeoutMs?: number; readonly as?: (peer: Peer) => Identity } = {},
): FrameStep {
  const { id = ID, timeoutMs = 60_000, as = () => NOBODY } = change;
  return txnStep(`init ${name}`, {
    api: InitProducerId,
    version,
    body: peer => ({
      transactionalId: id,
      transactionTimeoutMs: timeoutMs,
      ...(version >= 3 ? as(peer) : {}),
    }),
  });
}

interface Shape {
  readonly id?: string;
  readonly change?: Partial<Identity> & { readonly epochs?: number };
  readonly topic?: string;
  readonly verifyOnly?: boolean;
}

export function addPartitions(name: string, version: number, shape: Shape = {}): FrameStep {
  const { id = ID, topic = TOPIC, verifyOnly = false } = shape;
  const topics =
    topic === TOPIC
      ? [{ name: TOPIC, partitions: [0] }]
      : [
          { name: TOPIC, partitions: [0] },
          { name: topic, partitions: [0] },
        ];
  return txnStep(`add partitions ${name}`, {
    api: AddPartitionsToTxn,
    version,
    body: (peer): RequestDraft<typeof AddPartitionsToTxn> => {
      const { producerId, producerEpoch } = identity(peer, shape.change);
      return version >= 4
        ? ({
            transactions: [{ transactionalId: id, producerId, producerEpoch, verifyOnly, topics }],
          } as never)
        : ({
            v3AndBelowTransactionalId: id,
            v3AndBelowProducerId: producerId,
            v3AndBelowProducerEpoch: producerEpoch,
            v3AndBelowTopics: topics,
          } as never);
    },
  });
}

export function addOffsets(name: string, version: number, shape: Shape = {}): FrameStep {
  return txnStep(`add offsets ${name}`, {
    api: AddOffsetsToTxn,
    version,
    body: peer => ({ transactionalId: shape.id ?? ID, ...identity(peer, shape.change), groupId: GROUP }),
  });
}

export function commitOffsets(
  name: string,
  version: number,
  shape: Shape & { readonly group?: string; readonly generationId?: number; readonly metadata?: string } = {},
): FrameStep {
  const member =
    version >= 3 ? { generationId: shape.generationId ?? -1, memberId: '', groupInstanceId: null } : {};
  const partition = {
    partitionIndex: 0,
    committedOffset: version,
    committedMetadata: shape.metadata ?? 'note',
  };
  return txnStep(`commit offsets ${name}`, {
    api: TxnOffsetCommit,
    version,
    body: peer => ({
      transactionalId: shape.id ?? ID,
      groupId: shape.group ?? GROUP,
      ...identity(peer, shape.change),
      ...member,
      topics: [{ name: shape.topic ?? TOPIC, partitions: [partition] }],
    }),
  });
}

export function produceTransactional(
  name: string,
  version: number,
  shape: Shape & { readonly partition?: number; readonly sequence?: number } = {},
): FrameStep {
  return txnStep(`produce ${name}`, {
    api: Produce,
    version,
    body: peer => ({
      transactionalId: shape.id ?? ID,
      acks: -1,
      timeoutMs: 3_000,
      topicData: [
        {
          name: TOPIC,
          topicId: ZERO_UUID,
          partitionData: [
            {
              index: shape.partition ?? 1,
              records: batchOf(['r'], {
                ...identity(peer, shape.change),
                baseSequence: shape.sequence ?? 0,
                transactional: true,
              }),
            },
          ],
        },
      ],
    }),
  });
}

export function end(
  name: string,
  version: number,
  shape: Shape & { readonly commits?: boolean } = {},
): FrameStep {
  return txnStep(`end ${name}`, {
    api: EndTxn,
    version,
    body: peer => ({
      transactionalId: shape.id ?? ID,
      ...identity(peer, shape.change),
      committed: shape.commits ?? true,
    }),
  });
}

function find(key: string, keyType: number): FrameStep {
  return txnStep(`find the coordinator of type ${keyType}`, {
    api: FindCoordinator,
    version: 3,
    body: () => ({ key, keyType, coordinatorKeys: [] }),
  });
}

export const transactionSetUp: readonly FrameStep[] = [
  createTopic(TOPIC, 2),
  { ...find(ID, 1), ask: async peer => void (await find(ID, 1).ask(peer)) },
  { ...find(GROUP, 0), ask: async peer => void (await find(GROUP, 0).ask(peer)) },
];
