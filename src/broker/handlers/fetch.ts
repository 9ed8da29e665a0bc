// Fetch: record batches, as a long poll. Session (fetch/fetch-sessions.ts), read (fetch-read.ts) and wait (fetch-wait.ts)
// are apart; here they meet. A request that finds enough is answered at once; only one that waits costs a promise.
// Rules: KafkaApis.handleFetchRequest, ReplicaManager.fetchMessages, DelayedFetch.

import { ErrorCode, KafkaError } from '../../protocol/errors.ts';
import { Fetch } from '../../protocol/messages/apis/fetch.ts';
import type { RequestOf, ResponseDraft } from '../../protocol/schema/field.ts';
import type { ReadIsolation } from '../../storage/log/outcomes.ts';
import type { PartitionLog } from '../../storage/log/partition-log.ts';
import { ArrivalEstimate } from '../fetch/arrival-estimate.ts';
import type { FetchPartition, PartitionAnswer } from '../fetch/fetch-partition.ts';
import { type FetchRead, type FetchTarget, readPartitions } from '../fetch/fetch-read.ts';
import type { ForgottenPartition } from '../fetch/fetch-session.ts';
import type { FetchContext } from '../fetch/fetch-sessions.ts';
import { FetchWait } from '../fetch/fetch-wait.ts';
import { ZERO_UUID } from '../metadata/image.ts';
import type { RequestThrottle } from '../quotas/request-throttle.ts';
import { CLUSTER_NAME } from '../security/acl/acl-names.ts';
import { isAuthorized } from './authorize.ts';
import { handler, type RequestContext } from './handler.ts';
import { IsolationLevel, isIsolationLevel } from './isolation-level.ts';
import { findPartition, findTopic } from './partition-lookup.ts';

type Request = RequestOf<typeof Fetch>;
type Response = ResponseDraft<typeof Fetch>;
type TopicResponse = Response['responses'][number];

const TOPIC_IDS_SINCE = 13;
/** Below it clients do not know KAFKA_STORAGE_ERROR. */
const STORAGE_ERROR_SINCE = 6;
const NO_RECORDS = Buffer.alloc(0);
/** Of an answer without its records. */
const RESPONSE_BYTES = 24;
const PARTITION_BYTES = 40;

export const fetch = handler(
  Fetch,
  {
    versions: '4-18',
    acl: { perResource: 'READ on TOPIC; a follower CLUSTER_ACTION on CLUSTER' },
    failed,
  },
  (request, context) => {
    if (!isIsolationLevel(request.isolationLevel)) throw new KafkaError('UNKNOWN_SERVER_ERROR');
    const session = openSession(request, context);
    if (session.errorCode !== ErrorCode.NONE) return sessionOnly(session);
    return new PendingFetch(request, context, session).begin();
  },
);

/** Up to version 12 every partition says it, too; from 13 on, where topics have no names, only the whole. */
function failed(request: Request, errorCode: number): Response {
  const responses = request.topics
    .filter(({ topic }) => topic !== '')
    .map(({ topic, topicId, partitions }) => ({
      topic,
      topicId,
      partitions: partitions.map(({ partition }) => ({
        partitionIndex: partition,
        errorCode,
        highWatermark: -1,
        abortedTransactions: [],
        records: NO_RECORDS,
      })),
    }));
  return { throttleTimeMs: 0, errorCode, sessionId: request.sessionId, responses };
}

/** One Fetch between its request and its answer. */
class PendingFetch {
  readonly #request: Request;
  readonly #context: RequestContext;
  readonly #session: FetchContext;
  readonly #throttle: RequestThrottle | undefined;
  readonly #maxBytes: number;
  readonly #minBytes: number;
  readonly #isolation: ReadIsolation;
  #rights: Map<string, boolean> | null = null;

  constructor(request: Request, context: RequestContext, session: FetchContext) {
    this.#request = request;
    this.#context = context;
    this.#session = session;
    this.#throttle = isFollower(request) ? undefined : context.throttle;
    this.#maxBytes = Math.min(
      request.maxBytes,
      context.node.settings.get('fetch.max.bytes'),
      this.#throttle?.fetchBytesMax ?? request.maxBytes,
    );
    this.#minBytes = Math.min(request.minBytes, this.#maxBytes);
    this.#isolation =
      request.isolationLevel === IsolationLevel.READ_COMMITTED ? 'read_committed' : 'read_uncommitted';
  }

  begin(): Response | Promise<Response> {
    const read = this.#read();
    if (this.#request.maxWaitMs <= 0 || this.#isEnough(read)) return this.#answer(read);
    const logs = this.#logs();
    const estimate = new ArrivalEstimate(logs, this.#minBytes);
    this.#giveUp(read, estimate);
    return new Promise((resolve, reject) => {
      new FetchWait({
        logs,
        maxWaitMs: this.#request.maxWaitMs,
        timers: this.#context.node.timers,
        signal: this.#context.signal,
        look: () => {
          if (!estimate.mayBeEnough()) return false;
          const again = this.#read();
          const isOver = this.#isEnough(again) || again.refusedCount > read.refusedCount;
          if (isOver) resolve(this.#answer(again));
          else this.#giveUp(again, estimate);
          return isOver;
        },
        expired: () => resolve(this.#answer(this.#read())),
        failed: reject,
      });
    });
  }

  #giveUp(read: FetchRead, estimate: ArrivalEstimate): void {
    read.release();
    estimate.lookedInVain(read.sizeInBytes);
  }

  #read(): FetchRead {
    return readPartitions({
      partitions: this.#session.partitions,
      target: partition => this.#target(partition),
      maxBytes: this.#maxBytes,
      isolation: this.#isolation,
    });
  }

  #isEnough(read: FetchRead): boolean {
    return read.sizeInBytes >= this.#minBytes || read.isUrgent;
  }

  #target(partition: FetchPartition): FetchTarget {
    const { node } = this.#context;
    const usesTopicIds = this.#usesTopicIds;
    const topic = findTopic(node, { name: partition.topic, topicId: partition.topicId, usesTopicIds });
    const name = usesTopicIds ? topic?.name : partition.topic;
    if (node.authorizer !== undefined && !this.#isAllowed(name)) {
      return { errorCode: ErrorCode.TOPIC_AUTHORIZATION_FAILED };
    }
    if (topic === undefined && usesTopicIds) return { errorCode: ErrorCode.UNKNOWN_TOPIC_ID };
    const found = findPartition(node, topic, partition.partition);
    if ('errorCode' in found || !isFollower(this.#request)) return found;
    // This node has no followers: whoever claims to be one is not in any replica set.
    const namesEpoch = partition.currentLeaderEpoch >= 0;
    const errorCode = namesEpoch ? ErrorCode.UNKNOWN_LEADER_EPOCH : ErrorCode.NOT_LEADER_OR_FOLLOWER;
    return { errorCode, isKnown: true };
  }

  /** Asked once per topic, however often a waiting request looks. A topic without a name is unknown, not forbidden. */
  #isAllowed(name: string | undefined): boolean {
    const isBroker = isFollower(this.#request);
    const key = isBroker ? '' : name;
    if (key === undefined) return true;
    this.#rights ??= new Map();
    let isAllowed = this.#rights.get(key);
    if (isAllowed === undefined) {
      isAllowed = isBroker
        ? isAuthorized(this.#context, 'CLUSTER_ACTION', 'CLUSTER', CLUSTER_NAME)
        : isAuthorized(this.#context, 'READ', 'TOPIC', key);
      this.#rights.set(key, isAllowed);
    }
    return isAllowed;
  }

  get #usesTopicIds(): boolean {
    return this.#context.apiVersion >= TOPIC_IDS_SINCE;
  }

  #logs(): Set<PartitionLog> {
    const logs = new Set<PartitionLog>();
    for (const partition of this.#session.partitions) {
      const target = this.#target(partition);
      if ('log' in target) logs.add(target.log);
    }
    return logs;
  }

  #answer(read: FetchRead): Response {
    if (this.#throttle?.fetched(responseBytes(read)) === true) {
      read.release();
      const { errorCode, sessionId } = this.#session.throttled();
      return { throttleTimeMs: 0, errorCode, sessionId, responses: [] };
    }
    this.#context.whenSent(read.release);
    const { errorCode, sessionId, answers } = this.#session.answer(read.answers);
    return { throttleTimeMs: 0, errorCode, sessionId, responses: this.#byTopic(answers) };
  }

  /** Neighbours of one topic share an entry, as Apache Kafka writes them. */
  #byTopic(answers: readonly PartitionAnswer[]): TopicResponse[] {
    const topics: { topic: string; topicId: string; partitions: TopicResponse['partitions'][number][] }[] =
      [];
    for (const answer of answers) {
      const { topic, topicId } = answer.partition;
      let last = topics.at(-1);
      if (last === undefined || last.topic !== topic || last.topicId !== topicId) {
        last = { topic, topicId, partitions: [] };
        topics.push(last);
      }
      last.partitions.push(this.#partition(answer));
    }
    return topics;
  }

  #partition(answer: PartitionAnswer): TopicResponse['partitions'][number] {
    const isUnknownError =
      answer.errorCode === ErrorCode.KAFKA_STORAGE_ERROR && this.#context.apiVersion < STORAGE_ERROR_SINCE;
    return {
      partitionIndex: answer.partition.partition,
      errorCode: isUnknownError ? ErrorCode.NOT_LEADER_OR_FOLLOWER : answer.errorCode,
      highWatermark: answer.highWatermark,
      lastStableOffset: answer.lastStableOffset,
      logStartOffset: answer.logStartOffset,
      divergingEpoch: answer.divergingEpoch ?? undefined,
      abortedTransactions: answer.abortedTransactions,
      records: answer.records,
    };
  }
}

/** Near what it will be on the wire; only quotas ask. */
function responseBytes({ answers, sizeInBytes }: FetchRead): number {
  return RESPONSE_BYTES + answers.length * PARTITION_BYTES + sizeInBytes;
}

/** A replica id of -1 is a consumer; other negative ones are Apache Kafka's debugging tools. */
function isFollower(request: Request): boolean {
  return request.replicaId >= 0 || request.replicaState.replicaId >= 0;
}

function sessionOnly(session: FetchContext): Response {
  const { errorCode, sessionId } = session.answer([]);
  return { throttleTimeMs: 0, errorCode, sessionId, responses: [] };
}

function openSession(request: Request, { node, apiVersion }: RequestContext): FetchContext {
  return node.fetchSessions.open({
    sessionId: request.sessionId,
    sessionEpoch: request.sessionEpoch,
    usesTopicIds: apiVersion >= TOPIC_IDS_SINCE,
    partitions: partitionsOf(request),
    forgotten: forgottenOf(request),
  });
}

function partitionsOf(request: Request): FetchPartition[] {
  const partitions: FetchPartition[] = [];
  for (const { topic, topicId, partitions: asked } of request.topics) {
    for (const partition of asked) {
      partitions.push({
        topic,
        topicId,
        partition: partition.partition,
        fetchOffset: partition.fetchOffset,
        maxBytes: partition.partitionMaxBytes,
        currentLeaderEpoch: partition.currentLeaderEpoch,
        lastFetchedEpoch: partition.lastFetchedEpoch,
      });
    }
  }
  return partitions;
}

function forgottenOf(request: Request): ForgottenPartition[] {
  return request.forgottenTopicsData.flatMap(({ topic, topicId, partitions }) =>
    partitions.map(partition => ({ topic, topicId: topicId || ZERO_UUID, partition })),
  );
}
