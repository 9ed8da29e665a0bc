// Produce in all versions: names and ids, acks, what may not be appended, idempotent producers.

import { ApiVersions } from '../../../src/protocol/messages/apis/api-versions.ts';
import { CreateTopics } from '../../../src/protocol/messages/apis/create-topics.ts';
import { FindCoordinator } from '../../../src/protocol/messages/apis/find-coordinator.ts';
import { InitProducerId } from '../../../src/protocol/messages/apis/init-producer-id.ts';
import { Produce } from '../../../src/protocol/messages/apis/produce.ts';
import type { RequestDraft, ResponseOf } from '../../../src/protocol/schema/field.ts';
import { batchOf, ZERO_UUID } from '../../support/raw-client.ts';
import { settled } from '../settled.ts';
import { ask, type FrameStep, onConnection, type Peer, step } from './frame-step.ts';

const UNKNOWN_ID = 'AAAAAAAAAAAAAAAAAAAAAQ';
const COORDINATOR_LOAD_IN_PROGRESS = 14;
const COORDINATOR_NOT_AVAILABLE = 15;
const NOT_ENOUGH_REPLICAS = 19;
const RETRY_MS = 100;

type ProduceDraft = RequestDraft<typeof Produce>;

interface ProduceShape {
  readonly topic?: string;
  readonly topicId?: string;
  readonly acks?: number;
  readonly transactionalId?: string;
  readonly partitions?: readonly (readonly [number, Buffer | null])[];
}

function produce(shape: ProduceShape = {}): ProduceDraft {
  const partitions = shape.partitions ?? [[0, batchOf(['a', 'b'])] as const];
  return {
    transactionalId: shape.transactionalId ?? null,
    acks: shape.acks ?? -1,
    timeoutMs: 3_000,
    topicData: [
      {
        name: shape.topic ?? 't',
        topicId: shape.topicId ?? ZERO_UUID,
        partitionData: partitions.map(([index, records]) => ({ index, records })),
      },
    ],
  };
}

/** Its records are of years ago and stay: the first look for old ones comes half a minute after a start. */
export function createTopic(
  name: string,
  numPartitions: number,
  configs: Record<string, string> = {},
): FrameStep {
  return {
    name: `create ${name}`,
    ask: async peer => {
      const body = {
        topics: [
          {
            name,
            numPartitions,
            replicationFactor: 1,
            assignments: [],
            configs: Object.entries({ 'retention.ms': '-1', ...configs }).map(([key, value]) => ({
              name: key,
              value,
            })),
          },
        ],
        timeoutMs: 10_000,
        validateOnly: false,
      };
      const { topics } = (await ask(peer, { api: CreateTopics, version: 7, body })) as ResponseOf<
        typeof CreateTopics
      >;
      peer.topicIds.set(name, topics[0]?.topicId ?? '');
      await settled(peer.port);
      return topics[0]?.errorCode;
    },
  };
}

/** One answer lists partitions in no order of its own. */
async function inOrder(peer: Peer, body: ProduceDraft): Promise<unknown> {
  const answer = (await ask(peer, { api: Produce, version: 12, body })) as ResponseOf<typeof Produce>;
  for (const topic of answer.responses) topic.partitionResponses.sort((a, b) => a.index - b.index);
  return answer;
}

function changed(batch: Buffer, change: (copy: Buffer) => void): Buffer {
  const copy = Buffer.from(batch);
  change(copy);
  return copy;
}

const transactional = batchOf(['t'], {
  producerId: 5n,
  producerEpoch: 0,
  baseSequence: 0,
  transactional: true,
});

/** Apache Kafka makes __transaction_state when it is first asked, and says "try again" until it is there. */
const transactionCoordinator: FrameStep = {
  name: 'find the transaction coordinator',
  ask: async peer => {
    const body = { key: 'tx', keyType: 1, coordinatorKeys: [] };
    for (;;) {
      const answer = (await ask(peer, { api: FindCoordinator, version: 3, body })) as ResponseOf<
        typeof FindCoordinator
      >;
      if (answer.errorCode !== COORDINATOR_NOT_AVAILABLE) return answer.errorCode;
      await new Promise(resolve => setTimeout(resolve, RETRY_MS));
    }
  },
};

function idempotent(name: string, sequence: number, values: string[], epoch = 0): FrameStep {
  const records = batchOf(values, { producerId: 424_242n, producerEpoch: epoch, baseSequence: sequence });
  return step(`idempotent: ${name}`, {
    api: Produce,
    version: 12,
    body: produce({ partitions: [[1, records]] }),
  });
}

const versions = [3, 4, 5, 6, 7, 8, 9, 10, 11, 12].map(version =>
  step(`produce version ${version}`, { api: Produce, version, body: produce() }),
);

const refusals: FrameStep[] = [
  step('produce by id', {
    api: Produce,
    version: 13,
    body: peer => produce({ topic: '', topicId: peer.topicIds.get('t') ?? '' }),
  }),
  step('produce by unknown id', { api: Produce, version: 13, body: produce({ topicId: UNKNOWN_ID }) }),
  step('produce acks 2', { api: Produce, version: 12, body: produce({ acks: 2 }) }),
  step('produce null records', {
    api: Produce,
    version: 12,
    body: produce({ partitions: [[0, null]] }),
    apart: 'Apache Kafka never answers (its handler fails without an answer); Millrace says INVALID_RECORD',
  }),
  step('produce no records', {
    api: Produce,
    version: 12,
    body: produce({ partitions: [[0, Buffer.alloc(0)]] }),
  }),
  step('produce no topics', {
    api: Produce,
    version: 12,
    body: { transactionalId: null, acks: -1, timeoutMs: 1, topicData: [] },
  }),
  step('produce to an unknown topic', { api: Produce, version: 12, body: produce({ topic: 'nope' }) }),
  step('produce to an invalid topic', { api: Produce, version: 12, body: produce({ topic: 'a b' }) }),
  {
    name: 'produce to a known and an unknown partition',
    ask: peer =>
      inOrder(
        peer,
        produce({
          partitions: [
            [1, batchOf(['x'])],
            [7, batchOf(['y'])],
          ],
        }),
      ),
  },
  step('produce to partition -1', {
    api: Produce,
    version: 12,
    body: produce({ partitions: [[-1, batchOf(['y'])]] }),
  }),
  {
    name: 'produce a bad CRC beside a good batch',
    ask: peer => {
      const bad = changed(batchOf(['q']), copy => copy.writeUInt8(copy.readUInt8(65) ^ 1, 65));
      return inOrder(
        peer,
        produce({
          partitions: [
            [0, bad],
            [1, batchOf(['z'])],
          ],
        }),
      );
    },
  },
  {
    name: 'produce a bad length beside a good batch',
    ask: peer => {
      const bad = changed(batchOf(['q']), copy => copy.writeInt32BE(3, 8));
      return inOrder(
        peer,
        produce({
          partitions: [
            [0, bad],
            [1, batchOf(['z'])],
          ],
        }),
      );
    },
  },
  step('produce plainly with a transactional id', {
    api: Produce,
    version: 12,
    body: produce({ transactionalId: 'tx' }),
  }),
  step('produce a transactional batch without the id', {
    api: Produce,
    version: 11,
    body: produce({ partitions: [[0, transactional]] }),
  }),
  transactionCoordinator,
  ...[11, 12].map(version => ({
    name: `produce in an unknown transaction, version ${version}`,
    ask: async (peer: Peer) => {
      const body = produce({ transactionalId: 'tx', partitions: [[0, transactional]] });
      for (;;) {
        const answer = (await ask(peer, { api: Produce, version, body })) as ResponseOf<typeof Produce>;
        // Apache Kafka is still loading its coordinator.
        if (answer.responses[0]?.partitionResponses[0]?.errorCode !== NOT_ENOUGH_REPLICAS) return answer;
        await new Promise(resolve => setTimeout(resolve, RETRY_MS));
      }
    },
  })),
  step('produce a null key to a compacted topic', {
    api: Produce,
    version: 12,
    body: produce({ topic: 'compacted' }),
  }),
  {
    name: 'acks=0 to an unknown topic',
    ask: peer =>
      onConnection(peer, async connection => {
        connection.send(Produce, 9, produce({ acks: 0, topic: 'nope' }));
        await connection.closed();
        return 'closed';
      }),
  },
  {
    name: 'acks=0, then another request',
    ask: peer =>
      onConnection(peer, async connection => {
        connection.send(Produce, 9, produce({ acks: 0 }));
        connection.send(ApiVersions, 0, { clientSoftwareName: '', clientSoftwareVersion: '' });
        return (await connection.frame()).correlationId;
      }),
  },
];

const idempotence: FrameStep[] = [
  idempotent('an unknown producer begins at 5', 5, ['a']),
  idempotent('6 and 7 follow', 6, ['b', 'c']),
  idempotent('6 and 7 again', 6, ['b', 'c']),
  idempotent('5 again', 5, ['a']),
  idempotent('a partial overlap', 7, ['c', 'd']),
  idempotent('a gap', 12, ['d']),
  ...[8, 9, 10, 11, 12].map(sequence => idempotent(`${sequence} follows`, sequence, ['d'])),
  idempotent('5 is too long ago', 5, ['a']),
  idempotent('8 again', 8, ['d']),
  idempotent('a new epoch not at 0', 3, ['d'], 1),
  idempotent('a new epoch at 0', 0, ['d'], 1),
  idempotent('the old epoch', 13, ['d'], 0),
  idempotent('the next epoch', 0, ['x', 'y'], 2),
  idempotent('its first sequence with another size', 0, ['x'], 2),
  step('idempotent: the time of the append', {
    api: Produce,
    version: 12,
    body: produce({
      topic: 'append-time',
      partitions: [[0, batchOf(['a'], { producerId: 777n, producerEpoch: 0, baseSequence: 0 })]],
    }),
  }),
];

function initProducerId(name: string, version: number, body: RequestDraft<typeof InitProducerId>): FrameStep {
  return {
    name: `producer id: ${name}, version ${version}`,
    // Apache Kafka fetches its first block of ids when it is first asked, and says "try again" until it has it.
    ask: async peer => {
      for (;;) {
        const answer = (await ask(peer, { api: InitProducerId, version, body })) as ResponseOf<
          typeof InitProducerId
        >;
        if (answer.errorCode !== COORDINATOR_LOAD_IN_PROGRESS) return answer;
        await new Promise(resolve => setTimeout(resolve, RETRY_MS));
      }
    },
  };
}

const plain = { transactionalId: null, transactionTimeoutMs: 0 };

export const produceSteps: readonly FrameStep[] = [
  createTopic('t', 2),
  createTopic('append-time', 1, { 'message.timestamp.type': 'LogAppendTime' }),
  createTopic('compacted', 1, { 'cleanup.policy': 'compact' }),
  ...versions,
  ...refusals,
  ...idempotence,
  ...[0, 1, 2, 3, 4, 5].map(version => initProducerId('none given', version, plain)),
  ...[3, 4, 5].flatMap(version => [
    initProducerId('one given', version, { ...plain, producerId: 5n, producerEpoch: 3 }),
    initProducerId('an id without epoch', version, { ...plain, producerId: 5n, producerEpoch: -1 }),
    initProducerId('an epoch without id', version, { ...plain, producerId: -1n, producerEpoch: 4 }),
    initProducerId('an empty transactional id', version, { ...plain, transactionalId: '' }),
  ]),
];
