// Idempotence and transactions as the log sees them, written as transcripts: what is appended, what is answered.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { buildTransactionMarker } from '../../protocol/records/control-records.ts';
import { batchOf, Harness, readCommittedOffsets } from '../test-support/harness.ts';
import type { PartitionLog } from './partition-log.ts';

/** `p<producer> e<epoch> s<sequence> x<records> [t]`, or `p<producer> e<epoch> commit|abort [c<coordinator epoch>] [tv2]`. */
function say(log: PartitionLog, line: string): string {
  const number = (letter: string): number | undefined => {
    const match = new RegExp(`\\b${letter}(\\d+)\\b`).exec(line);
    return match === null ? undefined : Number(match[1]);
  };
  const producerId = number('p')!;
  const producerEpoch = number('e') ?? 0;
  const marker = /\b(commit|abort)\b/.exec(line)?.[1];
  const batch =
    marker === undefined
      ? batchOf({
          values: Array.from({ length: number('x') ?? 1 }, () => 'v'),
          producerId,
          producerEpoch,
          baseSequence: number('s') ?? -1,
          transactional: /\bt\b/.test(line),
        })
      : buildTransactionMarker({
          type: marker === 'commit' ? 'COMMIT' : 'ABORT',
          producerId: BigInt(producerId),
          producerEpoch,
          coordinatorEpoch: number('c') ?? 0,
          timestamp: 1_700_000_000_000,
        });
  const outcome = log.append(batch, {
    leaderEpoch: 0,
    origin: marker === undefined && number('s') !== undefined ? 'client' : 'coordinator',
    ...(/\btv2\b/.test(line) ? { transactionVersion: 2 } : {}),
  });
  if (outcome.kind === 'refused') return outcome.error;
  return `${outcome.kind} ${outcome.baseOffset}-${outcome.endOffset}`;
}

function transcript(log: PartitionLog, text: string): void {
  const lines = text
    .trim()
    .split('\n')
    .map(line => line.trim().split(/\s*=>\s*/) as [string, string]);
  const answered = lines.map(([line]) => `${line} => ${say(log, line)}`);
  assert.deepEqual(
    answered,
    lines.map(([line, answer]) => `${line} => ${answer}`),
  );
}

describe('idempotence', () => {
  it('answers a resend of the last five batches with its offsets, and refuses older ones', () => {
    transcript(
      new Harness().log(),
      `p1 s0 x2 => appended 0-2
       p1 s2 x1 => appended 2-3
       p1 s3 x1 => appended 3-4
       p1 s4 x1 => appended 4-5
       p1 s5 x1 => appended 5-6
       p1 s0 x2 => duplicate 0-2
       p1 s5 x1 => duplicate 5-6
       p1 s6 x1 => appended 6-7
       p1 s0 x2 => OUT_OF_ORDER_SEQUENCE_NUMBER
       p1 s2 x1 => duplicate 2-3
       p1 s3 x2 => OUT_OF_ORDER_SEQUENCE_NUMBER
       p1 s8 x1 => OUT_OF_ORDER_SEQUENCE_NUMBER
       p1 s7 x1 => appended 7-8`,
    );
  });

  it('lets a new producer begin anywhere, a new epoch only at zero', () => {
    transcript(
      new Harness().log(),
      `p1 s5 x1 => appended 0-1
       p1 s6 x1 => appended 1-2
       p1 e1 s7 x1 => OUT_OF_ORDER_SEQUENCE_NUMBER
       p1 e1 s0 x1 => appended 2-3
       p1 e0 s1 x1 => INVALID_PRODUCER_EPOCH
       p1 e1 s1 x1 => appended 3-4
       p2 s0 x1 => appended 4-5`,
    );
  });

  it('wraps sequence numbers from 2^31-1 to 0', () => {
    transcript(
      new Harness().log(),
      `p1 s2147483646 x2 => appended 0-2
       p1 s0 x1 => appended 2-3
       p1 s2147483646 x2 => duplicate 0-2
       p2 s2147483646 x4 => appended 3-7
       p2 s2147483646 x4 => duplicate 3-7
       p2 s2 x1 => appended 7-8`,
    );
  });

  it('survives a clean stop and a crash: the last batch is known', async () => {
    const first = new Harness();
    transcript(first.log(), 'p1 s0 x3 => appended 0-3\np1 s3 x1 => appended 3-4');
    first.settle();
    const second = await first.restart();
    transcript(second.log(), 'p1 s3 x1 => duplicate 3-4\np1 s4 x1 => appended 4-5');
    second.settle();
    const third = new Harness({ fileSystem: second.fileSystem.crash({ seed: 1 }) });
    transcript(
      third.log(),
      'p1 s4 x1 => duplicate 4-5\np1 s3 x1 => duplicate 3-4\np1 s6 x1 => OUT_OF_ORDER_SEQUENCE_NUMBER\np1 s5 x1 => appended 5-6',
    );
  });

  it('forgets a producer that was idle for producer.id.expiration.ms', () => {
    const harness = new Harness({ producerIdExpirationMs: 90_000 });
    const log = harness.log();
    transcript(log, 'p1 s0 x1 => appended 0-1');
    harness.settle();
    harness.passTime(60_000);
    transcript(log, 'p1 s7 x1 => OUT_OF_ORDER_SEQUENCE_NUMBER');
    harness.passTime(60_000);
    transcript(log, 'p1 s7 x1 => appended 1-2');
  });
});

describe('transactions', () => {
  it('hold the last stable offset until they end, and name the aborted by first offset', () => {
    const harness = new Harness();
    const log = harness.log();
    const stable = (): number => {
      harness.settle();
      return log.lastStableOffset;
    };
    transcript(log, 'p1 s0 x1 t => appended 0-1\np2 s0 x1 t => appended 1-2\np3 s0 x1 => appended 2-3');
    assert.equal(stable(), 0);
    transcript(log, 'p2 abort => appended 3-4');
    assert.equal(stable(), 0);
    transcript(log, 'p1 s1 x1 t => appended 4-5\np1 abort => appended 5-6');
    assert.equal(stable(), 6);
    transcript(log, 'p1 s2 x1 t => appended 6-7\np1 commit => appended 7-8');
    assert.equal(stable(), 8);
    assert.deepEqual(readCommittedOffsets(log), [2, 6]);
    const slice = log.read({
      offset: 0,
      maxBytes: 10_000,
      isolation: 'read_committed',
      atLeastOneBatch: true,
    });
    assert.ok(slice.error === null);
    assert.deepEqual(slice.abortedTransactions, [
      { producerId: 1n, firstOffset: 0 },
      { producerId: 2n, firstOffset: 1 },
    ]);
  });

  it('are not stable before the marker is durable', () => {
    const harness = new Harness();
    const log = harness.log();
    transcript(log, 'p1 s0 x1 t => appended 0-1');
    harness.settle();
    transcript(log, 'p1 commit => appended 1-2');
    harness.turn();
    assert.equal(log.lastStableOffset, 0);
    harness.settle();
    assert.equal(log.lastStableOffset, 2);
  });

  it('fence markers by epoch and coordinator', () => {
    transcript(
      new Harness().log(),
      `p1 e3 s0 x1 t => appended 0-1
       p1 e3 s1 x1 => INVALID_TXN_STATE
       p1 e2 abort => INVALID_PRODUCER_EPOCH
       p1 e3 abort tv2 => INVALID_PRODUCER_EPOCH
       p1 e4 abort tv2 c2 => appended 1-2
       p1 e4 abort tv2 c2 => appended 2-3
       p1 e4 abort c1 => TRANSACTION_COORDINATOR_FENCED
       p1 e4 s0 x1 t => appended 3-4
       p1 e4 commit c2 => appended 4-5
       p9 e0 abort => appended 5-6`,
    );
  });

  it('survive a crash, open or aborted', () => {
    const harness = new Harness();
    const log = harness.log();
    transcript(
      log,
      'p1 s0 x1 t => appended 0-1\np2 s0 x2 t => appended 1-3\np1 abort => appended 3-4\np3 s0 x1 => appended 4-5',
    );
    harness.settle();
    const again = new Harness({ fileSystem: harness.fileSystem.crash({ seed: 3 }) }).log();
    assert.equal(again.lastStableOffset, 1);
    assert.deepEqual(readCommittedOffsets(again), []);
    transcript(again, 'p2 commit => appended 5-6');
  });

  it('of the group coordinator carry no sequence numbers', () => {
    transcript(
      new Harness().log(),
      `p1 x1 t => appended 0-1
       p1 x1 t => appended 1-2
       p1 commit => appended 2-3
       p1 x1 t => appended 3-4`,
    );
  });
});
