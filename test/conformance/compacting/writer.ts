// Writes actions to one topic, as the producers they name. What producers are known with is plain data, so that whoever has
// the directory next can go on as them.

import type { KafkaClient } from '../../../src/client/kafka-client.ts';
import { EndTxn } from '../../../src/protocol/messages/apis/end-txn.ts';
import { InitProducerId } from '../../../src/protocol/messages/apis/init-producer-id.ts';
import { ListTransactions } from '../../../src/protocol/messages/apis/list-transactions.ts';
import { type BatchFields, buildBatch } from '../../../src/protocol/records/build-batch.ts';
import { refuse, until, untilAnswered } from '../handover/asking.ts';
import { send } from '../handover/writing.ts';
import type { Action } from './actions.ts';

export interface Producer {
  readonly producerId: bigint;
  readonly producerEpoch: number;
  readonly nextSequence: number;
  /** What was sent last, and where it lies; null: nothing since the producer has this epoch. */
  readonly last: { readonly bytes: Buffer; readonly baseOffset: number } | null;
}

export type Producers = ReadonlyMap<string, Producer>;

export class Writer {
  readonly #client: KafkaClient;
  readonly #topic: string;
  readonly #producers: Map<string, Producer>;

  constructor(client: KafkaClient, topic: string, producers: Producers = new Map()) {
    this.#client = client;
    this.#topic = topic;
    this.#producers = new Map(producers);
  }

  get producers(): Producers {
    return this.#producers;
  }

  async run(actions: readonly Action[]): Promise<void> {
    for (const action of actions) {
      if (action.kind === 'end') await this.end(action.producer, action.committed);
      else await this.#write(action);
    }
  }

  async #write({
    producer: name,
    transactional,
    codec,
    records,
  }: Action & { readonly kind: 'batch' }): Promise<void> {
    const producer = name === null ? null : await this.#producer(name, transactional);
    const produced: BatchFields =
      producer === null
        ? {}
        : {
            producerId: producer.producerId,
            producerEpoch: producer.producerEpoch,
            baseSequence: producer.nextSequence,
            transactional,
          };
    const bytes = buildBatch({ records, codec, ...produced });
    const baseOffset = await this.#send(bytes, transactional ? name : null);
    if (producer === null) return;
    const nextSequence = producer.nextSequence + records.length;
    this.#producers.set(name!, { ...producer, nextSequence, last: { bytes, baseOffset } });
  }

  #send(bytes: Buffer, name: string | null): Promise<number> {
    const transactionalId = name === null ? null : this.#idOf(name);
    return send(this.#client, { topic: this.#topic, partition: 0, transactionalId, bytes });
  }

  /** Sent again, what each producer outside a transaction sent last must be known: nothing is written. */
  async sendLastAgain(): Promise<void> {
    for (const [name, { last }] of this.#producers) {
      if (name !== 'idempotent' && name !== 'emptied') continue;
      const at = await this.#send(last!.bytes, null);
      if (at === last!.baseOffset) continue;
      throw new Error(`a batch of ${name} sent again is stored at ${at}, though ${last!.baseOffset} had it`);
    }
  }

  async #producer(name: string, transactional: boolean): Promise<Producer> {
    const known = this.#producers.get(name);
    if (known !== undefined) return known;
    const made = await untilAnswered(async () => {
      const transactionalId = transactional ? this.#idOf(name) : null;
      const body = { transactionalId, transactionTimeoutMs: 600_000 };
      const answer = await this.#client.request(InitProducerId, body, {
        node: transactionalId === null ? 'any' : coordinatorOf(transactionalId),
      });
      refuse(answer.errorCode, 'InitProducerId');
      const { producerId, producerEpoch } = answer;
      return { producerId, producerEpoch, nextSequence: 0, last: null };
    });
    this.#producers.set(name, made);
    return made;
  }

  /** Ended, a transaction leaves its producer with a new epoch (KIP-890): it is asked for anew. */
  async end(name: string, committed: boolean): Promise<void> {
    const { producerId, producerEpoch } = this.#producers.get(name)!;
    const transactionalId = this.#idOf(name);
    await untilAnswered(async () => {
      const body = { transactionalId, producerId, producerEpoch, committed };
      const answer = await this.#client.request(EndTxn, body, { node: coordinatorOf(transactionalId) });
      refuse(answer.errorCode, 'EndTxn');
    });
    this.#producers.delete(name);
    await this.#producer(name, true);
    await until('the marker is written', async () => {
      const body = { stateFilters: ['PrepareCommit', 'PrepareAbort'], producerIdFilters: [] };
      const answer = await this.#client.request(ListTransactions, body, { node: 'any' });
      return answer.errorCode === 0 && answer.transactionStates.length === 0;
    });
  }

  #idOf(name: string): string {
    return `${this.#topic}-${name}`;
  }
}

function coordinatorOf(key: string) {
  return { coordinatorOf: { key, type: 'transaction' } } as const;
}
