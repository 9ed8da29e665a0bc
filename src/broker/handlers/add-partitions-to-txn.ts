// AddPartitionsToTxn: takes partitions into a transaction before their first records. Up to version 3 one transaction, as
// clients ask; from version 4 on several, or only the question whether they are in it, as brokers ask (and some clients).
// One partition that does not exist fails its transaction whole. Rules: KafkaApis.handleAddPartitionsToTxnRequest.

import { ErrorCode } from '../../protocol/errors.ts';
import { AddPartitionsToTxn } from '../../protocol/messages/apis/add-partitions-to-txn.ts';
import type { RequestOf, ResponseDraft } from '../../protocol/schema/field.ts';
import { isInternalTopic } from '../metadata/topic-names.ts';
import { allOf, Deferred } from '../runtime/deferred.ts';
import type { TopicPartition } from '../transactions/transaction.ts';
import { isAuthorized, requireCluster, requireTransactionalId } from './authorize.ts';
import { type HandlerAnswer, handler, type Outcome, type RequestContext } from './handler.ts';
import { fencedByVersion } from './transactional-errors.ts';

type Request = RequestOf<typeof AddPartitionsToTxn>;
type Response = ResponseDraft<typeof AddPartitionsToTxn>;
type Transaction = Request['transactions'][number];
type TopicResults = NonNullable<Response['resultsByTopicV3AndBelow']>;
type Result = NonNullable<Response['resultsByTransaction']>[number];

const BATCHED_SINCE = 4;
const FENCED_SINCE = 2;
const ANSWERED = {
  throttleTimeMs: 0,
  errorCode: ErrorCode.NONE,
  resultsByTransaction: [],
  resultsByTopicV3AndBelow: [],
};

export const addPartitionsToTxn = handler(
  AddPartitionsToTxn,
  {
    versions: '0-5',
    acl: { perResource: 'WRITE on TRANSACTIONAL_ID and TOPIC; from version 4 CLUSTER_ACTION on CLUSTER' },
    // The table cannot tell the version; the encoder writes the half that the version has.
    failed: (request, errorCode) => ({
      throttleTimeMs: 0,
      errorCode,
      resultsByTransaction: [],
      resultsByTopicV3AndBelow: sameForAll(transactionsOf(request)[0]!, errorCode),
    }),
  },
  (request, context): HandlerAnswer<typeof AddPartitionsToTxn> => {
    // Clients speak up to version 3 and are asked about names; later versions are for brokers.
    if (context.apiVersion >= BATCHED_SINCE) requireCluster(context, 'CLUSTER_ACTION');
    else requireTransactionalId(context, 'WRITE', request.v3AndBelowTransactionalId);
    const results = transactionsOf(request, context.apiVersion).map(one => added(one, context));
    return allOf(results).map<Outcome<Response>>(all =>
      context.apiVersion >= BATCHED_SINCE
        ? { ...ANSWERED, resultsByTransaction: all }
        : { ...ANSWERED, resultsByTopicV3AndBelow: all[0]!.topicResults },
    );
  },
);

function transactionsOf(request: Request, apiVersion = 0): readonly Transaction[] {
  if (apiVersion >= BATCHED_SINCE) return request.transactions;
  return [
    {
      transactionalId: request.v3AndBelowTransactionalId,
      producerId: request.v3AndBelowProducerId,
      producerEpoch: request.v3AndBelowProducerEpoch,
      verifyOnly: false,
      topics: request.v3AndBelowTopics,
    },
  ];
}

function added(transaction: Transaction, context: RequestContext): Deferred<Result> {
  const { node, apiVersion } = context;
  const { transactionalId, producerId, producerEpoch, topics } = transaction;
  const answered = (topicResults: TopicResults): Result => ({ transactionalId, topicResults });
  const isMissing = (topic: string, partition: number) =>
    node.metadata.image.topicsByName.get(topic)?.partitions[partition] === undefined;
  const forbidden = forbiddenTopics(transaction, context);
  const isRefused = (topic: string, partition: number) => forbidden.has(topic) || isMissing(topic, partition);
  if (topics.some(({ name, partitions }) => partitions.some(partition => isRefused(name, partition)))) {
    return Deferred.completed(
      answered(
        resultsOf(transaction, ({ topic, partition }) => {
          if (forbidden.has(topic)) return ErrorCode.TOPIC_AUTHORIZATION_FAILED;
          return isMissing(topic, partition)
            ? ErrorCode.UNKNOWN_TOPIC_OR_PARTITION
            : ErrorCode.OPERATION_NOT_ATTEMPTED;
        }),
      ),
    );
  }
  const partitions = topics.flatMap(({ name, partitions: numbers }) =>
    numbers.map(partition => ({ topic: name, partition })),
  );
  if (transaction.verifyOnly) {
    return node.transactions.verifyPartitions(transactionalId, transaction, partitions).map(errors => {
      let next = 0;
      return answered(resultsOf(transaction, () => fencedByVersion(errors[next++] ?? null, true)));
    });
  }
  return node.transactions
    .addPartitions({
      transactionalId,
      producerId,
      producerEpoch,
      partitions,
      clientVersion: apiVersion >= BATCHED_SINCE ? 2 : 0,
    })
    .map(error => answered(sameForAll(transaction, fencedByVersion(error, apiVersion >= FENCED_SINCE))));
}

/** A client may not write to internal topics, whoever it is; the broker's versions are not asked. */
function forbiddenTopics({ topics }: Transaction, context: RequestContext): ReadonlySet<string> {
  if (context.apiVersion >= BATCHED_SINCE) return new Set();
  const names = topics.map(({ name }) => name);
  return new Set(
    names.filter(name => isInternalTopic(name) || !isAuthorized(context, 'WRITE', 'TOPIC', name)),
  );
}

function sameForAll(transaction: Transaction, errorCode: number): TopicResults {
  return resultsOf(transaction, () => errorCode);
}

function resultsOf({ topics }: Transaction, errorOf: (partition: TopicPartition) => number): TopicResults {
  return topics.map(({ name, partitions }) => ({
    name,
    resultsByPartition: partitions.map(partition => ({
      partitionIndex: partition,
      partitionErrorCode: errorOf({ topic: name, partition }),
    })),
  }));
}
