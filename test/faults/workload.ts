// The clients of the ledger run: plain, idempotent and transactional producers, a group that commits, and someone who makes
// topics. Each works one request at a time until its connection ends, and notes before a request what it is about to do
// and after the answer what it was told: what lies between is `unknown`. Idempotent producers resend their open batch to
// the next process, with the same sequence.

import assert from 'node:assert/strict';
import { CreateTopics } from '../../src/protocol/messages/apis/create-topics.ts';
import { EndTxn } from '../../src/protocol/messages/apis/end-txn.ts';
import { InitProducerId } from '../../src/protocol/messages/apis/init-producer-id.ts';
import { OffsetCommit } from '../../src/protocol/messages/apis/offset-commit.ts';
import { buildBatch } from '../../src/protocol/records/build-batch.ts';
import { produceTo } from '../support/raw-client.ts';
import type { RawConnection } from '../support/raw-connection.ts';
import type { History, Send, Transaction } from './history.ts';

export const TOPIC = 'ledger';
export const GROUPS = ['group-a', 'group-b'];
/** Retriable while a process starts: coordinator loading or not there yet, concurrent transactions. */
const AGAIN = new Set([14, 15, 16, 51]);

export interface Client {
  /** Until the connection ends (it throws). */
  work(connection: RawConnection): Promise<never>;
}

export interface Notes {
  readonly history: History;
  /** Called at each acknowledgement, before anything else happens. */
  readonly acknowledged: (line: string) => void;
  readonly topics: Set<string>;
}

const paddedTo = (value: string, length: number): string => value.padEnd(length, '.');

async function init(connection: RawConnection, transactionalId: string | null) {
  for (let attempt = 0; attempt < 500; attempt++) {
    const answer = await connection.request(InitProducerId, 4, {
      transactionalId,
      transactionTimeoutMs: 60_000,
      producerId: -1n,
      producerEpoch: -1,
    });
    if (answer.errorCode === 0) return { producerId: answer.producerId, producerEpoch: answer.producerEpoch };
    assert.ok(AGAIN.has(answer.errorCode), `InitProducerId: ${answer.errorCode}`);
    await new Promise(done => setTimeout(done, 5));
  }
  throw new Error('InitProducerId is refused again and again');
}

/** Produces one batch of one value; answers its offset. Any error but "nothing changed, again" ends the run. */
async function produce(
  connection: RawConnection,
  notes: Notes,
  send: Send,
  fields: Partial<Parameters<typeof buildBatch>[0]> = {},
  transactionalId: string | null = null,
): Promise<void> {
  const [topic, partition] = send.partition.split(':') as [string, string];
  const answer = await produceTo(connection, {
    topic,
    partition: Number(partition),
    // Of today: a producer whose last record is older than a day is forgotten, here as in Apache Kafka.
    records: buildBatch({
      ...fields,
      records: [{ key: null, value: Buffer.from(send.value), timestamp: Date.now() }],
    }),
    transactionalId,
  });
  assert.equal(answer.errorCode, 0, `produce of ${send.value.slice(0, 20)}: ${answer.errorCode}`);
  send.outcome = 'ok';
  send.offset = Number(answer.baseOffset);
  notes.acknowledged(`send ${send.partition} ${send.offset} ${send.value}`);
}

function newSend(notes: Notes, fields: Pick<Send, 'value' | 'partition' | 'producer' | 'transaction'>): Send {
  const send: Send = { ...fields, outcome: 'unknown', offset: null };
  notes.history.sends.push(send);
  return send;
}

export function plainProducer(notes: Notes, name: string, partition: number): Client {
  let counter = 0;
  return {
    async work(connection) {
      for (;;) {
        const value = paddedTo(`${name}-${counter++}-`, 20 + ((counter * 37) % 3_000));
        await produce(
          connection,
          notes,
          newSend(notes, { value, partition: `${TOPIC}:${partition}`, producer: null, transaction: null }),
        );
      }
    },
  };
}

export function idempotentProducer(notes: Notes, name: string, partition: number): Client {
  let counter = 0;
  let producer: Awaited<ReturnType<typeof init>> | null = null;
  let open: Send | null = null;
  return {
    async work(connection) {
      producer ??= await init(connection, null);
      for (;;) {
        const value = paddedTo(`${name}-${counter}-`, 20 + ((counter * 53) % 2_000));
        open ??= newSend(notes, {
          value,
          partition: `${TOPIC}:${partition}`,
          producer: name,
          transaction: null,
        });
        await produce(connection, notes, open, { ...producer, baseSequence: counter });
        open = null;
        counter += 1;
      }
    },
  };
}

export function transactionalProducer(notes: Notes, name: string, partitions: readonly number[]): Client {
  let counter = 0;
  return {
    async work(connection) {
      let producer = await init(connection, name);
      const sequences = partitions.map(() => 0);
      for (;;) {
        const id = `${name}-${counter++}`;
        const transaction: Transaction = { id, isCommit: counter % 4 !== 0, outcome: 'failed' };
        notes.history.transactions.set(id, transaction);
        for (const [index, partition] of partitions.entries()) {
          const send = newSend(notes, {
            value: `${id}/${partition}`,
            partition: `${TOPIC}:${partition}`,
            producer: name,
            transaction: id,
          });
          await produce(
            connection,
            notes,
            send,
            { ...producer, baseSequence: sequences[index]!++, transactional: true },
            name,
          );
        }
        // Without an EndTxn that left, a transaction can only be aborted.
        transaction.outcome = transaction.isCommit ? 'unknown' : 'ok';
        const ended = await connection.request(EndTxn, 5, {
          transactionalId: name,
          ...producer,
          committed: transaction.isCommit,
        });
        assert.equal(ended.errorCode, 0, `EndTxn: ${ended.errorCode}`);
        transaction.outcome = 'ok';
        notes.acknowledged(`${transaction.isCommit ? 'commit' : 'abort'} ${id}`);
        producer = { producerId: ended.producerId, producerEpoch: ended.producerEpoch };
        sequences.fill(0);
      }
    },
  };
}

export function committer(notes: Notes, group: string): Client {
  let offset = 0;
  return {
    async work(connection) {
      for (;;) {
        const event = {
          group,
          kind: 'commit',
          offset: offset++,
          outcome: 'unknown' as 'ok' | 'unknown',
        } as const;
        const at = notes.history.offsets.push(event) - 1;
        const partition = {
          partitionIndex: 0,
          committedOffset: event.offset,
          committedLeaderEpoch: -1,
          committedMetadata: '',
        };
        const { topics } = await connection.request(OffsetCommit, 8, {
          groupId: group,
          generationIdOrMemberEpoch: -1,
          memberId: '',
          topics: [{ name: TOPIC, partitions: [partition] }],
        });
        const code = topics[0]!.partitions[0]!.errorCode;
        assert.ok(code === 0 || AGAIN.has(code), `OffsetCommit: ${code}`);
        notes.history.offsets[at] = { ...event, outcome: code === 0 ? 'ok' : 'unknown' };
        if (code === 0) notes.acknowledged(`offset ${group} ${event.offset}`);
      }
    },
  };
}

/** A topic now and then: directories and metadata change under the load. */
export function topicMaker(notes: Notes): Client {
  let counter = 0;
  return {
    async work(connection) {
      for (;;) {
        const name = `made-${counter++}`;
        const { topics } = await connection.request(CreateTopics, 7, {
          topics: [{ name, numPartitions: 2, replicationFactor: 1, assignments: [], configs: [] }],
          timeoutMs: 10_000,
          validateOnly: false,
        });
        assert.equal(topics[0]?.errorCode, 0);
        notes.topics.add(name);
        notes.acknowledged(`topic ${name}`);
        await new Promise(done => setTimeout(done, 100));
        if (connection.isClosed) throw new Error('the broker closed the connection');
      }
    },
  };
}
