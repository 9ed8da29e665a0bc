import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MemoryLog } from '../../../test/support/memory-log.ts';
import { KafkaError } from '../../protocol/errors.ts';
import { buildBatch } from '../../protocol/records/build-batch.ts';
import { buildTransactionMarker } from '../../protocol/records/control-records.ts';
import { ManualTime } from './clock.ts';
import type { Deferred } from './deferred.ts';
import type { ControlRecord, RecordCodec, RecordPosition } from './record-codec.ts';
import { Shard } from './shard.ts';

interface Deposit {
  readonly account: string;
  readonly amount: number;
}

/** Accounts and what is in them. */
class Bank {
  readonly accounts = new Map<string, number>();
  readonly positions: RecordPosition[] = [];
  readonly markers: number[] = [];

  replay({ account, amount }: Deposit, position: RecordPosition): void {
    this.accounts.set(account, (this.accounts.get(account) ?? 0) + amount);
    this.positions.push(position);
  }

  replayControl({ type }: ControlRecord): void {
    this.markers.push(type);
  }
}

const codec: RecordCodec<Deposit> = {
  encode: ({ account, amount }) => ({ key: Buffer.from(account), value: Buffer.from(String(amount)) }),
  decode: (key, value) => {
    if (String(key) === 'unknown') return null;
    return { account: String(key), amount: Number(value) };
  },
};

function openShard(log = new MemoryLog('__bank', 3), batchBytesMax = 10_000) {
  const reports: string[] = [];
  let loads = 0;
  const shard = new Shard<Deposit, Bank>({
    name: '__bank-3',
    log: log.asPartitionLog(),
    codec,
    createState: () => new Bank(),
    onLoaded: () => {
      loads += 1;
    },
    leaderEpoch: () => 5,
    batchBytesMax: () => batchBytesMax,
    clock: new ManualTime(1_000),
    report: message => reports.push(message),
  });
  shard.load();
  const deposit = (account: string, amount: number) =>
    shard.write<string>(
      bank => ({
        records: [{ account, amount }],
        response: `${account} has ${(bank.accounts.get(account) ?? 0) + amount}`,
      }),
      error => error.errorName,
    );
  const balance = (account: string) =>
    shard.read<string>(
      bank => String(bank.accounts.get(account) ?? 0),
      error => error.errorName,
    );
  return { shard, log, reports, deposit, balance, loads: () => loads };
}

function settledValue<T>(deferred: Deferred<T>): T | undefined {
  let value: T | undefined;
  if (deferred.isSettled) {
    deferred.whenComplete(settled => {
      value = settled;
    });
  }
  return value;
}

describe('Shard', () => {
  it('replays at once and answers when the record is durable', () => {
    const { shard, log, deposit } = openShard();
    log.holdSync();
    const answer = deposit('a', 3);
    assert.equal(shard.state.accounts.get('a'), 3);
    assert.equal(settledValue(answer), undefined);
    log.releaseSync();
    assert.equal(settledValue(answer), 'a has 3');
  });

  it('holds a read back until all it has seen is durable', () => {
    const { log, deposit, balance } = openShard();
    assert.equal(settledValue(balance('a')), '0');
    log.holdSync();
    deposit('a', 3);
    const seen = balance('a');
    assert.equal(settledValue(seen), undefined);
    log.releaseSync();
    assert.equal(settledValue(seen), '3');
  });

  it('turns a KafkaError of a decision into an answer that waits as well', () => {
    const { shard, log, deposit } = openShard();
    log.holdSync();
    deposit('a', 3);
    const refused = shard.write<string>(
      () => {
        throw new KafkaError('INVALID_REQUEST', 'no');
      },
      error => error.message,
    );
    assert.equal(settledValue(refused), undefined);
    log.releaseSync();
    assert.equal(settledValue(refused), 'no');
    assert.equal(log.batches.length, 1);
  });

  it('lets other exceptions of a decision through', () => {
    const { shard } = openShard();
    const broken = () =>
      shard.write(
        () => {
          throw new TypeError('a bug');
        },
        () => null,
      );
    assert.throws(broken, TypeError);
  });

  it('writes the records of one decision as one batch', () => {
    const { shard, log } = openShard();
    const records = ['a', 'b', 'c'].map(account => ({ account, amount: 1 }));
    shard.write(
      () => ({ records, response: null }),
      () => null,
    );
    assert.equal(log.batches.length, 1);
    assert.deepEqual(
      shard.state.positions.map(({ offset }) => offset),
      [0, 1, 2],
    );
  });

  it('refuses a batch that is too large and changes nothing', () => {
    const { shard, log } = openShard(new MemoryLog('__bank', 3), 100);
    const records = Array.from({ length: 50 }, (_, index) => ({ account: `account-${index}`, amount: 1 }));
    const answer = shard.write<string>(
      () => ({ records, response: 'done' }),
      error => error.errorName,
    );
    assert.equal(settledValue(answer), 'MESSAGE_TOO_LARGE');
    assert.equal(shard.state.accounts.size, 0);
    assert.equal(log.batches.length, 0);
  });

  it('loads itself again when the log refuses a batch; what was appended before is kept', () => {
    const { shard, log, deposit, balance, reports, loads } = openShard();
    log.holdSync();
    const first = deposit('a', 3);
    log.refuseNextAppend('the disk is full');
    assert.equal(settledValue(deposit('a', 4)), 'COORDINATOR_NOT_AVAILABLE');
    assert.equal(shard.state.accounts.get('a'), 3);
    assert.equal(loads(), 2);
    assert.match(reports[0]!, /the disk is full/);
    log.releaseSync();
    assert.equal(settledValue(first), 'a has 3');
    assert.equal(settledValue(deposit('a', 5)), 'a has 8');
    assert.equal(settledValue(balance('a')), '8');
  });

  it('goes back to what is durable when a sync fails, once for all who waited', () => {
    const { shard, log, deposit, balance, loads } = openShard();
    deposit('a', 1);
    log.holdSync();
    const waiting = [deposit('a', 2), deposit('a', 4), balance('a')];
    log.failSync('input/output error');
    assert.deepEqual(waiting.map(settledValue), Array(3).fill('COORDINATOR_NOT_AVAILABLE'));
    assert.equal(shard.state.accounts.get('a'), 1);
    assert.equal(loads(), 2);
    assert.equal(settledValue(balance('a')), '1');
    assert.equal(settledValue(deposit('a', 8)), 'COORDINATOR_NOT_AVAILABLE');
    assert.equal(shard.state.accounts.get('a'), 1);
  });

  it('answers unavailable while it is not loaded', () => {
    const { shard, deposit, balance } = openShard();
    shard.unload();
    assert.equal(settledValue(deposit('a', 1)), 'COORDINATOR_NOT_AVAILABLE');
    assert.equal(settledValue(balance('a')), 'COORDINATOR_NOT_AVAILABLE');
  });

  it('loads the log: records, what it knows of their batches, markers; unknown kinds are passed over', () => {
    const log = new MemoryLog('__bank', 3);
    const recordOf = (key: string, value: string) => ({
      key: Buffer.from(key),
      value: Buffer.from(value),
      timestamp: 7,
    });
    const producer = { producerId: 9n, producerEpoch: 2 };
    log.append(buildBatch({ records: [recordOf('a', '1'), recordOf('unknown', 'x'), recordOf('b', '2')] }));
    log.append(buildBatch({ ...producer, transactional: true, records: [recordOf('a', '5')] }));
    log.append(buildTransactionMarker({ ...producer, type: 'COMMIT', coordinatorEpoch: 0, timestamp: 8 }));
    const { shard } = openShard(log);
    assert.deepEqual(
      [...shard.state.accounts],
      [
        ['a', 6],
        ['b', 2],
      ],
    );
    assert.deepEqual(shard.state.positions.at(-1), {
      offset: 3,
      timestampMs: 7,
      ...producer,
      isTransactional: true,
    });
    assert.deepEqual(shard.state.markers, [1]);
  });
});
