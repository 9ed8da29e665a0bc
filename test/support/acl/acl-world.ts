// What the matrix needs to find: a topic, a group with an offset, coordinators that are up.

import { CreateTopics } from '../../../src/protocol/messages/apis/create-topics.ts';
import { FindCoordinator } from '../../../src/protocol/messages/apis/find-coordinator.ts';
import { InitProducerId } from '../../../src/protocol/messages/apis/init-producer-id.ts';
import { OffsetCommit } from '../../../src/protocol/messages/apis/offset-commit.ts';
import { ReadShareGroupStateSummary } from '../../../src/protocol/messages/apis/read-share-group-state-summary.ts';
import type { Ask } from './acl-matrix.ts';

/** A share partition whose topic is not there: what is asked of it is refused, by a coordinator that is up. */
export const SHARE_PARTITION = { groupId: 'sharers', topicId: 'vPsMVAE2Rl2Q8WeYoJ9EJg' };
const shareSummary = {
  groupId: SHARE_PARTITION.groupId,
  topics: [{ topicId: SHARE_PARTITION.topicId, partitions: [{ partition: 0, leaderEpoch: -1 }] }],
};
/** COORDINATOR_LOAD_IN_PROGRESS, COORDINATOR_NOT_AVAILABLE, NOT_COORDINATOR */
const NOT_YET = [14, 15, 16];
const ATTEMPTS_MAX = 200;
const PAUSE_MS = 50;

export async function prepare(ask: Ask): Promise<void> {
  const topics = [{ name: 'orders', numPartitions: 1, replicationFactor: 1, assignments: [], configs: [] }];
  await ask('admin', CreateTopics, 7, { topics, timeoutMs: 10_000, validateOnly: false });
  for (const [keyType, key] of [
    [0, 'readers'],
    [1, 'payments'],
    [2, `${SHARE_PARTITION.groupId}:${SHARE_PARTITION.topicId}:0`],
  ] as const) {
    await until(
      () => ask('admin', FindCoordinator, 6, { keyType, coordinatorKeys: [key] }),
      answer => codeIn(answer, 'coordinators') === 0,
    );
  }
  await until(
    () => ask('admin', InitProducerId, 4, { transactionalId: 'payments', transactionTimeoutMs: 1000 }),
    answer => (answer as { errorCode: number }).errorCode === 0,
  );
  await until(
    () => ask('admin', ReadShareGroupStateSummary, 1, shareSummary),
    answer => !NOT_YET.includes(summaryCode(answer) ?? 0),
  );
  const partitions = [{ partitionIndex: 0, committedOffset: 0, committedMetadata: '' }];
  const committed = {
    groupId: 'readers',
    generationIdOrMemberEpoch: -1,
    memberId: '',
    topics: [{ name: 'orders', partitions }],
  };
  await until(
    () => ask('admin', OffsetCommit, 7, committed),
    answer => codeIn((answer as { topics: unknown[] }).topics[0], 'partitions') === 0,
  );
}

function summaryCode(answer: unknown): number | undefined {
  return codeIn((answer as { results: unknown[] }).results[0], 'partitions');
}

function codeIn(answer: unknown, list: string): number | undefined {
  return (answer as Record<string, { errorCode: number }[]>)[list]?.[0]?.errorCode;
}

async function until(ask: () => Promise<unknown>, isDone: (answer: unknown) => boolean): Promise<void> {
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
    if (isDone(await ask())) return;
    await new Promise(done => setTimeout(done, PAUSE_MS));
  }
  throw new Error('the node did not get ready');
}
