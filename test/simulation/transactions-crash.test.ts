// A crash at every single operation of the disk while transactions commit and abort, in both dialects, with offsets. After
// the restart each transaction is there in all its partitions and in the group's offsets, or in none; what was answered
// "committed" is there; and once the producer comes back, nothing is left open. To run one case again:
//   CRASH_AT=57 CRASH_SEED=3 node --test test/simulation/transactions-crash.test.ts

import assert from 'node:assert/strict';
import process from 'node:process';
import { describe, it } from 'node:test';
import { ManualTime } from '../../src/broker/runtime/clock.ts';
import { MemoryFileSystem } from '../../src/storage/fs/memory.ts';
import { openTestNode } from '../support/test-node.ts';
import { type Dialect, type Ledger, setUp, TransactionalClient, verify } from './transactional-client.ts';

const DIALECTS: readonly Dialect[] = ['before KIP-890', 'KIP-890'];
const SEEDS = process.env.CRASH_SEED === undefined ? [1, 2] : [Number(process.env.CRASH_SEED)];
/** Commit, abort, commit: each end has a different one before and behind it. */
const ENDS = [true, false, true];

interface Life {
  readonly survivor: MemoryFileSystem;
  readonly ledger: Ledger;
  readonly operations: number;
}

/** Lives until the disk has done `crashAt` operations since the transactions began (or to the end), and is cut off there. */
async function live(dialect: Dialect, crashAt: number, seed: number): Promise<Life> {
  const disk = new MemoryFileSystem();
  const time = new ManualTime();
  const broker = openTestNode({ fileSystem: disk, time });
  await setUp(broker);
  const before = disk.operations;
  const ledger: Ledger = { ends: [], answers: [] };
  const cut: { survivor: MemoryFileSystem | null; answers: number } = { survivor: null, answers: 0 };
  disk.onOperation = () => {
    if (cut.survivor !== null || disk.operations - before < crashAt) return;
    cut.survivor = disk.crash({ seed });
    cut.answers = ledger.answers.length;
  };
  const client = new TransactionalClient(broker, dialect);
  await client.begin();
  for (const [index, isCommit] of ENDS.entries()) {
    if (cut.survivor !== null) break;
    ledger.ends.push(isCommit);
    await client.send(index);
    ledger.answers.push(await client.end(isCommit));
  }
  // The last record of the last transaction is nobody's to wait for.
  for (let turn = 0; turn < 50 && cut.survivor === null; turn++) await new Promise(setImmediate);
  const operations = disk.operations - before;
  broker.abandon();
  const survivor = cut.survivor ?? disk.crash({ seed });
  const answers = ledger.answers.slice(0, cut.survivor === null ? undefined : cut.answers);
  return { survivor, ledger: { ends: ledger.ends, answers }, operations };
}

/** Starts on what is left, and is cut off again while it puts things in order. */
async function liveAgain(
  survivor: MemoryFileSystem,
  crashAt: number,
  seed: number,
): Promise<MemoryFileSystem> {
  const before = survivor.operations;
  let second: MemoryFileSystem | null = null;
  survivor.onOperation = () => {
    if (second === null && survivor.operations - before >= crashAt) second = survivor.crash({ seed });
  };
  const broker = openTestNode({ fileSystem: survivor, time: new ManualTime() });
  for (let turn = 0; turn < 50 && second === null; turn++) await new Promise(setImmediate);
  broker.abandon();
  return second ?? survivor.crash({ seed });
}

async function restart(disk: MemoryFileSystem, dialect: Dialect, ledger: Ledger): Promise<void> {
  const broker = openTestNode({ fileSystem: disk, time: new ManualTime() });
  await verify(broker, dialect, ledger);
  broker.abandon();
}

describe('a crash at any point of a transaction', () => {
  for (const dialect of DIALECTS) {
    for (const seed of SEEDS) {
      it(`leaves all of it or nothing (${dialect}, seed ${seed})`, async () => {
        const { operations } = await live(dialect, Number.POSITIVE_INFINITY, seed);
        assert.ok(operations > 50, 'the transactions reached the disk');
        const wanted = process.env.CRASH_AT;
        const from = wanted === undefined ? 1 : Number(wanted);
        for (let crashAt = from; crashAt <= (wanted === undefined ? operations : from); crashAt++) {
          const { survivor, ledger } = await live(dialect, crashAt, seed * 1_000 + crashAt);
          try {
            const again = await liveAgain(survivor, 1 + ((crashAt * 7) % 60), seed + crashAt);
            await restart(again, dialect, ledger);
          } catch (error) {
            throw new Error(`CRASH_AT=${crashAt} CRASH_SEED=${seed}`, { cause: error });
          }
        }
      });
    }
  }
});
