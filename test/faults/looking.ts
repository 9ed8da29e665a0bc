// What a process of the ledger run shows to a client that asks for everything: records as each isolation sees them, the
// groups' offsets, the topics. It goes into the history, which history.ts judges.

import assert from 'node:assert/strict';
import { ListTransactions } from '../../src/protocol/messages/apis/list-transactions.ts';
import { Metadata } from '../../src/protocol/messages/apis/metadata.ts';
import { OffsetFetch } from '../../src/protocol/messages/apis/offset-fetch.ts';
import * as header from '../../src/protocol/records/batch-header.ts';
import { readRecords } from '../../src/protocol/records/read-records.ts';
import { fetchFrom } from '../support/raw-client.ts';
import type { RawConnection } from '../support/raw-connection.ts';
import type { Read } from './history.ts';
import { GROUPS, type Notes, TOPIC } from './workload.ts';

export const PARTITIONS = 4;
const FETCH_BYTES = 4 * 1024 * 1024;
const TURNS_MAX = 500;

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
export async function look(connection: RawConnection, notes: Notes): Promise<void> {
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
export async function whenSettled(connection: RawConnection): Promise<void> {
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
