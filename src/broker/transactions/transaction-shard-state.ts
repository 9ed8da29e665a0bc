// The state of one partition of __transaction_state: the newest value of each transactional id. Only replay changes it.

import type { ShardState } from '../runtime/shard.ts';
import type { Transaction } from './transaction.ts';
import type { TransactionRecord } from './transaction-record.ts';

export class TransactionShardState implements ShardState<TransactionRecord> {
  readonly #byId = new Map<string, Transaction>();

  get(transactionalId: string): Transaction | undefined {
    return this.#byId.get(transactionalId);
  }

  all(): IterableIterator<Transaction> {
    return this.#byId.values();
  }

  replay({ transactionalId, transaction }: TransactionRecord): void {
    if (transaction === null) this.#byId.delete(transactionalId);
    else this.#byId.set(transactionalId, transaction);
  }
}
