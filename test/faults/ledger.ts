// kill -9 under load, again and again, on one directory, against a ledger of acknowledgements outside the broker's disk:
//   node test/faults/ledger.ts [cycles] [seed]        60 cycles by default; LEDGER_KEEP=1 keeps the directory
// After each kill the next process must have every acknowledged record at its offset, no record of an idempotent producer
// twice, transactions wholly or not at all, ends and committed offsets that never go back, and every topic. The history is
// judged by history.ts. Exit code 1 and the seed when there is an anomaly.

import assert from 'node:assert/strict';
import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { FindCoordinator } from '../../src/protocol/messages/apis/find-coordinator.ts';
import { ListTransactions } from '../../src/protocol/messages/apis/list-transactions.ts';
import { Metadata } from '../../src/protocol/messages/apis/metadata.ts';
import { OffsetFetch } from '../../src/protocol/messages/apis/offset-fetch.ts';
import * as header from '../../src/protocol/records/batch-header.ts';
import { readRecords } from '../../src/protocol/records/read-records.ts';
import { randomOf } from '../../src/storage/fs/memory.ts';
import { removeDirectory, startMillrace, temporaryDirectory } from '../support/millrace-process.ts';
import { createTopic, fetchFrom } from '../support/raw-client.ts';
import { RawConnection } from '../support/raw-connection.ts';
import { anomaliesOf, newHistory, type Read } from './history.ts';
import {
  committer,
  GROUPS,
  idempotentProducer,
  type Notes,
  plainProducer,
  TOPIC,
  topicMaker,
  transactionalProducer,
} from './workload.ts';

const PARTITIONS = 4;
/** A process lives this long under load at most. */
const LIFE_MS_MAX = 700;
const FETCH_BYTES = 4 * 1024 * 1024;
const TURNS_MAX = 500;

const cycles = Number(process.argv[2] ?? 60);
const seed = Number(process.argv[3] ?? Math.floor(Math.random() * 1e9));

/** Reads a partition as a client does: batches, aborted transactions left out, control records not shown. */
async function readPartition(
  connection: RawConnection,
  partition: number,
  isolation: Read['isolation'],
): Promise<Read> {
  const records: { offset: number; value: string }[] = [];
  const isolationLevel = isolation === 'committed' ? 1 : 0;
  let offset = 0;
  for (;;) {
    const fetched = await fetchFrom(connection, {
      topic: TOPIC,
      partition,
      offset,
      isolationLevel,
      partitionMaxBytes: FETCH_BYTES,
    });
    assert.equal(fetched.errorCode, 0, `fetch of ${partition}@${offset}: ${fetched.errorCode}`);
    const endOffset = Number(isolation === 'committed' ? fetched.lastStableOffset : fetched.highWatermark);
    const bytes = fetched.records ?? Buffer.alloc(0);
    const aborted = [...(fetched.abortedTransactions ?? [])].sort(
      (a, b) => Number(a.firstOffset) - Number(b.firstOffset),
    );
    const abortedNow = new Set<bigint>();
    const before = offset;
    for (let at = 0; at + header.BATCH_OVERHEAD <= bytes.length; ) {
      const batch = bytes.subarray(at, at + header.sizeInBytes(bytes, at));
      if (batch.length < header.sizeInBytes(bytes, at)) break;
      at += batch.length;
      assert.ok(header.verifyCrc(batch, 0), `the checksum of ${partition}@${header.baseOffset(batch, 0)}`);
      while (aborted.length > 0 && Number(aborted[0]!.firstOffset) <= header.lastOffset(batch, 0))
        abortedNow.add(aborted.shift()!.producerId);
      const producerId = header.producerId(batch, 0);
      if (header.isControl(batch, 0)) abortedNow.delete(producerId);
      else if (!(header.isTransactional(batch, 0) && abortedNow.has(producerId)))
        for (const record of readRecords(batch))
          if (Number(record.offset) >= before)
            records.push({ offset: Number(record.offset), value: String(record.value) });
      offset = header.lastOffset(batch, 0) + 1;
    }
    if (offset >= endOffset || offset === before)
      return { partition: `${TOPIC}:${partition}`, isolation, records, endOffset };
  }
}

/** What the process that has just started shows, into the history. */
async function look(connection: RawConnection, notes: Notes): Promise<void> {
  for (let partition = 0; partition < PARTITIONS; partition++)
    for (const isolation of ['uncommitted', 'committed'] as const)
      notes.history.reads.push(await readPartition(connection, partition, isolation));
  for (const group of GROUPS)
    notes.history.offsets.push({
      group,
      kind: 'read',
      offset: await committed(connection, group),
      outcome: 'ok',
    });
  const { topics } = await connection.request(Metadata, 9, {
    topics: null,
    allowAutoTopicCreation: false,
    includeClusterAuthorizedOperations: false,
    includeTopicAuthorizedOperations: false,
  });
  const names = new Set(topics.map(({ name }) => name));
  for (const name of notes.topics) assert.ok(names.has(name), `topic ${name} was acknowledged and is gone`);
}

/** Commits decided before the kill get their markers after the start, partition by partition: until then half is visible. */
async function whenSettled(connection: RawConnection): Promise<void> {
  for (let turn = 0; turn < TURNS_MAX; turn++) {
    const stateFilters = ['PrepareCommit', 'PrepareAbort'];
    const answer = await connection.request(ListTransactions, 0, { stateFilters, producerIdFilters: [] });
    if (answer.errorCode === 0 && answer.transactionStates.length === 0) return;
    await new Promise(done => setTimeout(done, 5));
  }
  throw new Error('a decided transaction is not ended');
}

async function committed(connection: RawConnection, groupId: string): Promise<number> {
  for (let turn = 0; turn < TURNS_MAX; turn++) {
    const groups = [{ groupId, topics: [{ name: TOPIC, partitionIndexes: [0] }] }];
    const answer = (await connection.request(OffsetFetch, 8, { groups, requireStable: true })).groups[0]!;
    if (answer.errorCode === 0) return Number(answer.topics[0]!.partitions[0]!.committedOffset);
    await new Promise(done => setTimeout(done, 5));
  }
  throw new Error(`the offsets of ${groupId} are not told`);
}

/** Reads grow with the cycles: only the two latest of each partition are compared, the older ones were. */
function judge(notes: Notes): void {
  const anomalies = anomaliesOf(notes.history);
  if (anomalies.length > 0) {
    for (const { name, detail } of anomalies.slice(0, 20))
      console.error(`${name}: ${detail.replaceAll(/\.{4,}/g, '...').slice(0, 300)}`);
    throw new Error(`${anomalies.length} anomalies`);
  }
  const kept = notes.history.reads.splice(0).slice(-2 * PARTITIONS);
  notes.history.reads.push(...kept);
}

async function main(): Promise<void> {
  const directory = temporaryDirectory();
  const ledger = openSync(join(directory, 'ledger.txt'), 'a');
  const random = randomOf(seed);
  let acknowledgements = 0;
  const notes: Notes = {
    history: newHistory(),
    topics: new Set(),
    acknowledged: line => {
      acknowledgements += 1;
      writeSync(ledger, `${line.slice(0, 200)}\n`);
    },
  };
  const clients = [
    plainProducer(notes, 'plain', 0),
    idempotentProducer(notes, 'idempotent-a', 1),
    idempotentProducer(notes, 'idempotent-b', 1),
    transactionalProducer(notes, 'transactional-a', [2, 3]),
    transactionalProducer(notes, 'transactional-b', [3, 0]),
    ...GROUPS.map(group => committer(notes, group)),
    topicMaker(notes),
  ];
  const words = ['--home', 'data'];
  let isOver = false;
  try {
    for (let cycle = 0; cycle <= cycles; cycle++) {
      const broker = await startMillrace({ directory, words });
      const port = Number(broker.ready.broker!.split(':').at(-1));
      try {
        const connection = await RawConnection.open(port);
        if (cycle === 0)
          await createTopic(connection, {
            name: TOPIC,
            partitions: PARTITIONS,
            configs: { 'segment.bytes': '1048576' },
          });
        // As every client begins; it makes the coordinators' topics.
        for (const keyType of [0, 1])
          await connection.request(FindCoordinator, 3, { key: 'any', keyType, coordinatorKeys: [] });
        await whenSettled(connection);
        await look(connection, notes);
        judge(notes);
        connection.close();
        if (cycle === cycles) break;
        const failures: Error[] = [];
        const working = clients.map(async client => {
          const own = await RawConnection.open(port);
          await client.work(own).catch(error => {
            if (!own.isClosed) failures.push(error);
          });
          own.close();
        });
        await new Promise(done => setTimeout(done, 50 + random() * LIFE_MS_MAX));
        await broker.end('SIGKILL');
        await Promise.all(working);
        fsyncSync(ledger);
        if (failures.length > 0) throw failures[0]!;
      } finally {
        if (broker.child.exitCode === null && broker.child.signalCode === null) await broker.end('SIGKILL');
      }
    }
    console.log(
      `${cycles} kills, ${acknowledgements} acknowledgements, ${notes.history.transactions.size} transactions, ${notes.topics.size} topics: 0 anomalies (seed ${seed})`,
    );
    isOver = true;
  } finally {
    closeSync(ledger);
    if (isOver && process.env['LEDGER_KEEP'] === undefined) removeDirectory(directory);
    else
      console.error(
        `The directory, with ledger.txt, is ${directory}; again: node test/faults/ledger.ts ${cycles} ${seed}`,
      );
  }
}

await main();
