// Two brokers' views of one directory, and the ledger, compared. What was acknowledged is there, unchanged, at its offset.

import assert from 'node:assert/strict';
import type { KafkaClient } from '../../../src/client/kafka-client.ts';
import { OffsetFetch } from '../../../src/protocol/messages/apis/offset-fetch.ts';
import { refuse, untilAnswered } from './asking.ts';
import type { View } from './view.ts';
import { type PartitionView, viewPartition } from './view-partitions.ts';
import type { LedgerEntry, World } from './world.ts';

/** `by` names who says so now. */
export function assertSame(now: View, before: View, by: string): void {
  assert.equal(now.clusterId, before.clusterId, `${by}: cluster id`);
  // A broker makes the internal topics it needs; those that were there must have stayed what they were.
  for (const [name, topic] of Object.entries(before.topics))
    assert.equal(now.topics[name], topic, `${by}: topic ${name}`);
  const more = Object.keys(now.topics).filter(
    name => before.topics[name] === undefined && !name.startsWith('__'),
  );
  assert.deepEqual(more, [], `${by}: topics that were not there`);
  assert.deepEqual(Object.keys(now.partitions), Object.keys(before.partitions), `${by}: partitions`);
  for (const [name, partition] of Object.entries(before.partitions))
    assertSamePartition(now.partitions[name]!, partition, `${by}: ${name}`);
  assert.deepEqual(now.configs, before.configs, `${by}: configs`);
  assert.deepEqual(now.groups, before.groups, `${by}: groups`);
  assert.deepEqual(now.offsets, before.offsets, `${by}: committed offsets`);
  assert.deepEqual(now.transactions, before.transactions, `${by}: transactions`);
  if (before.quotas !== null && now.quotas !== null)
    assert.deepEqual(now.quotas, before.quotas, `${by}: quotas`);
  if (before.acls !== null && now.acls !== null) assert.deepEqual(now.acls, before.acls, `${by}: ACLs`);
  if (before.scram !== null && now.scram !== null)
    assert.deepEqual(now.scram, before.scram, `${by}: SCRAM users`);
}

function assertSamePartition(now: PartitionView, before: PartitionView, what: string): void {
  const textsOf = ({ batches }: PartitionView) => batches.map(({ text }) => text);
  assert.deepEqual(textsOf(now), textsOf(before), `${what}: batches`);
  const { batches: _, ...others } = now;
  const { batches: __, ...othersBefore } = before;
  assert.deepEqual(others, othersBefore, what);
}

/** Every acknowledged batch is at its offset, with the bytes that were sent. */
export function assertLedger(view: View, world: World, by: string): void {
  for (const entry of world.ledger) {
    if (entry.topic === world.busy.topic) continue;
    const partition = view.partitions[`${entry.topic}-${entry.partition}`];
    assert.ok(partition, `${by}: ${entry.topic}-${entry.partition} is gone`);
    assertKept(partition, entry, by);
  }
}

function assertKept(partition: PartitionView, entry: LedgerEntry, by: string): void {
  const { topic, baseOffset, crc } = entry;
  if (baseOffset < partition.logStartOffset) return;
  const batch = partition.batches.find(each => each.baseOffset === baseOffset);
  assert.ok(batch, `${by}: the acknowledged batch at ${baseOffset} of ${topic}-${entry.partition} is lost`);
  if (crc !== null) assert.equal(batch.crc, crc, `${by}: the batch at ${baseOffset} of ${topic} was changed`);
}

/** What was written while the broker was killed: all that was acknowledged, and nothing that was not sent. */
export async function assertBusy(client: KafkaClient, world: World, by: string): Promise<void> {
  const { topic, group, committed } = world.busy;
  const partition = await untilAnswered(() => viewPartition(client, { topic, partition: 0 }));
  for (const entry of world.ledger) if (entry.topic === topic) assertKept(partition, entry, by);
  if (committed < 0) return;
  const node = { coordinatorOf: { key: group, type: 'group' } } as const;
  const body = { groupId: '', topics: [], groups: [{ groupId: group, topics: null }], requireStable: false };
  const answer = await untilAnswered(async () => {
    const fetched = (await client.request(OffsetFetch, body, { node })).groups[0]!;
    refuse(fetched.errorCode, 'OffsetFetch');
    return fetched;
  });
  const offset = answer.topics[0]?.partitions[0]?.committedOffset ?? -1;
  assert.ok(offset >= committed, `${by}: offset ${committed} was committed, ${offset} is there`);
}
