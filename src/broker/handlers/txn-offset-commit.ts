// TxnOffsetCommit: offsets that count once the producer's transaction commits. From version 5 on the request itself takes
// the group's partition into the transaction (KIP-890). Topics and partitions that do not exist are answered here. The
// rules are in groups/offsets/offset-commit.ts and KafkaApis.handleTxnOffsetCommitRequest.

import { ErrorCode } from '../../protocol/errors.ts';
import { TxnOffsetCommit } from '../../protocol/messages/apis/txn-offset-commit.ts';
import type { RequestOf, ResponseDraft } from '../../protocol/schema/field.ts';
import { ZERO_UUID } from '../../protocol/wire/reader.ts';
import { OFFSETS_TOPIC } from '../groups/group-coordinator.ts';
import { commitFailed, type TopicCommit, type TopicResult } from '../groups/offsets/offset-commit.ts';
import { Deferred } from '../runtime/deferred.ts';
import { isAuthorized, requireGroup, requireTransactionalId } from './authorize.ts';
import { type HandlerAnswer, handler, type Outcome, type RequestContext } from './handler.ts';
import { OFFSETS_ADD_SINCE, offsetsErrorOf } from './transactional-errors.ts';

type Request = RequestOf<typeof TxnOffsetCommit>;
type Response = ResponseDraft<typeof TxnOffsetCommit>;

const NO_SEQUENCE = -1;
const RETENTION_OF_THE_BROKER = -1;

export const txnOffsetCommit = handler(
  TxnOffsetCommit,
  {
    versions: '0-5',
    acl: { perResource: 'WRITE on TRANSACTIONAL_ID, READ on GROUP and TOPIC' },
    failed: (request, errorCode) => answerOf(commitFailed(topicsOf(request), errorCode), []),
  },
  (request, context): HandlerAnswer<typeof TxnOffsetCommit> => {
    requireTransactionalId(context, 'WRITE', request.transactionalId);
    requireGroup(context, 'READ', request.groupId);
    const { known, unknown } = sort(topicsOf(request), context);
    if (known.length === 0) return answerOf(unknown, []);
    return committed(request, known, context).map<Outcome<Response>>(results => answerOf(unknown, results));
  },
);

/** Transactional offsets carry no topic id, as Apache Kafka 4.3 writes them. */
function topicsOf({ topics }: Request): TopicCommit[] {
  return topics.map(({ name, partitions }) => ({ name, topicId: ZERO_UUID, partitions }));
}

function committed(
  request: Request,
  topics: readonly TopicCommit[],
  { node, apiVersion }: RequestContext,
): Deferred<readonly TopicResult[]> {
  const { groupId, transactionalId, producerId, producerEpoch } = request;
  const failed = (errorCode: number) =>
    Deferred.completed<readonly TopicResult[]>(commitFailed(topics, errorCode));
  if (groupId === '') return failed(ErrorCode.INVALID_GROUP_ID);
  const partition = node.groups.partitionOf(groupId);
  const log = node.partitions.log(OFFSETS_TOPIC, partition);
  if (log === undefined) return failed(ErrorCode.NOT_COORDINATOR);
  const commit = () =>
    node.groups.offsets.commitTransactional(
      {
        groupId,
        memberId: request.memberId,
        groupInstanceId: request.groupInstanceId,
        generationId: request.generationId,
        retentionTimeMs: RETENTION_OF_THE_BROKER,
        apiVersion,
        topics,
      },
      { producerId, producerEpoch },
    );
  const admission = node.transactionalAppends.enter({
    transactionalId,
    producerId,
    producerEpoch,
    topic: OFFSETS_TOPIC,
    partition,
    log,
    baseSequence: NO_SEQUENCE,
    addsPartition: apiVersion >= OFFSETS_ADD_SINCE,
  });
  if (admission === null) return commit();
  const answer = new Deferred<readonly TopicResult[]>();
  admission.whenComplete(refusal => {
    if (refusal !== null) answer.complete(commitFailed(topics, offsetsErrorOf(refusal, apiVersion)));
    else commit().whenComplete(results => answer.complete(results));
  });
  return answer;
}

interface Sorted {
  readonly known: TopicCommit[];
  readonly unknown: TopicResult[];
}

function sort(topics: readonly TopicCommit[], context: RequestContext): Sorted {
  const { node } = context;
  const sorted: Sorted = { known: [], unknown: [] };
  for (const topic of topics) {
    if (!isAuthorized(context, 'READ', 'TOPIC', topic.name)) {
      sorted.unknown.push(...commitFailed([topic], ErrorCode.TOPIC_AUTHORIZATION_FAILED));
      continue;
    }
    const image = node.metadata.image.topicsByName.get(topic.name);
    const exists = (partition: number) => image?.partitions[partition] !== undefined;
    const here = topic.partitions.filter(({ partitionIndex }) => exists(partitionIndex));
    const elsewhere = topic.partitions.filter(({ partitionIndex }) => !exists(partitionIndex));
    if (here.length > 0) sorted.known.push({ ...topic, partitions: here });
    if (elsewhere.length > 0) {
      const missing = { ...topic, partitions: elsewhere };
      sorted.unknown.push(...commitFailed([missing], ErrorCode.UNKNOWN_TOPIC_OR_PARTITION));
    }
  }
  return sorted;
}

/** One entry per topic; what was refused here comes first, as in Apache Kafka. */
function answerOf(unknown: readonly TopicResult[], known: readonly TopicResult[]): Response {
  const merged = new Map<string, TopicResult>();
  for (const topic of [...unknown, ...known]) {
    const earlier = merged.get(topic.name)?.partitions ?? [];
    merged.set(topic.name, { ...topic, partitions: [...earlier, ...topic.partitions] });
  }
  return {
    throttleTimeMs: 0,
    topics: [...merged.values()].map(({ name, partitions }) => ({ name, partitions })),
  };
}
