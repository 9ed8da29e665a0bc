// ShareFetch (KIP-932, KIP-1206, KIP-1222): a member of a share group says what became of records it acquired, and
// acquires more, as a long poll. Session, acknowledgements and records are in share-fetch/; here they meet. A request that
// renews locks fetches nothing, so that it does not wait. Rules: KafkaApis.handleShareFetchRequest.

import { ErrorCode, KafkaError } from '../../protocol/errors.ts';
import { ShareFetch } from '../../protocol/messages/apis/share-fetch.ts';
import type { RequestOf, ResponseDraft } from '../../protocol/schema/field.ts';
import { nextEpoch } from '../fetch/fetch-session.ts';
import { Deferred } from '../runtime/deferred.ts';
import { type AcknowledgementOutcome, acknowledgeAll } from '../share-fetch/share-acknowledgements.ts';
import {
  shareFetch as fetchShares,
  type ShareFetchAnswer,
  type ShareFetchResult,
} from '../share-fetch/share-fetch.ts';
import { partitionKey, type SessionKey, type SessionPartition } from '../share-fetch/share-session.ts';
import type { SessionUse } from '../share-fetch/share-sessions.ts';
import { handler, type RequestContext } from './handler.ts';
import {
  acknowledgementsOf,
  byTopic,
  leaderEndpoints,
  leaderOf,
  refusals,
  requireMember,
} from './share-group-requests.ts';

type Request = RequestOf<typeof ShareFetch>;
type Response = ResponseDraft<typeof ShareFetch>;

const RENEW_SINCE = 2;
/** Of KIP-1206, by their numbers. */
const ACQUIRE_MODES = ['batch_optimized', 'record_limit'] as const;
const NO_RECORDS = Buffer.alloc(0);
/** Of an answer without its records. */
const RESPONSE_BYTES = 24;
const PARTITION_BYTES = 40;

export const shareFetch = handler(
  ShareFetch,
  { versions: '1-2', acl: { perResource: 'READ on GROUP, READ on TOPIC' }, failed },
  (request, context) => {
    const member = requireMember(request, context);
    if (isRenewal(request, context) && !asksForNothing(request)) throw new KafkaError('INVALID_REQUEST');
    let use: SessionUse;
    try {
      use = openSession(request, context, member);
    } catch (error) {
      if (!(error instanceof KafkaError) || error.errorName !== 'SHARE_SESSION_LIMIT_REACHED') throw error;
      return whenIdle(request, context, failed(request, error.code));
    }
    return new PendingRequest(request, context, { member, use }).begin();
  },
);

function failed(_request: Request, errorCode: number): Response {
  return {
    throttleTimeMs: 0,
    errorCode,
    acquisitionLockTimeoutMs: 0,
    responses: [],
    nodeEndpoints: [],
  };
}

/** A client that cannot be served must not come back at once. */
function whenIdle(request: Request, { node, signal }: RequestContext, response: Response): Promise<Response> {
  return new Promise(resolve => {
    const timer = node.timers.schedule(request.maxWaitMs, () => resolve(response));
    signal.addEventListener(
      'abort',
      () => {
        timer.cancel();
        resolve(response);
      },
      { once: true },
    );
  });
}

function isRenewal(request: Request, { apiVersion }: RequestContext): boolean {
  return apiVersion >= RENEW_SINCE && request.isRenewAck;
}

function asksForNothing({ maxBytes, minBytes, maxRecords, maxWaitMs }: Request): boolean {
  return maxBytes === 0 && minBytes === 0 && maxRecords === 0 && maxWaitMs === 0;
}

function openSession(request: Request, context: RequestContext, member: SessionKey): SessionUse {
  const { node, connection } = context;
  const { topics } = request;
  return node.sharePartitions.sessions.open({
    ...member,
    epoch: request.shareSessionEpoch,
    named: acknowledgementsOf(topics).map(({ topicId, partition }) => ({ topicId, partition })),
    forgotten: request.forgottenTopicsData.flatMap(({ topicId, partitions }) =>
      partitions.map(partition => ({ topicId, partition })),
    ),
    hasAcknowledgements: hasAcknowledgements(request),
    connection: { id: connection.id, signal: context.signal },
  });
}

function hasAcknowledgements({ topics }: Request): boolean {
  return topics.some(({ partitions }) =>
    partitions.some(({ acknowledgementBatches }) => acknowledgementBatches.length > 0),
  );
}

/** One ShareFetch between its request and its answer. */
class PendingRequest {
  readonly #request: Request;
  readonly #context: RequestContext;
  readonly #member: SessionKey;
  readonly #use: SessionUse;
  readonly #refusalOf: (partition: SessionPartition) => number;
  readonly #refused: ShareFetchAnswer[] = [];

  constructor(
    request: Request,
    context: RequestContext,
    session: { readonly member: SessionKey; readonly use: SessionUse },
  ) {
    this.#request = request;
    this.#context = context;
    this.#member = session.member;
    this.#use = session.use;
    this.#refusalOf = refusals(context);
  }

  begin(): Promise<Response> | Deferred<Response> {
    const acknowledged = this.#acknowledge();
    const fetched = this.#fetch();
    if (fetched instanceof Promise) {
      return fetched.then(result => acknowledged.map(outcomes => this.#answer(result, outcomes)).promise());
    }
    return acknowledged.map(outcomes => this.#answer(fetched, outcomes));
  }

  #acknowledge(): Deferred<AcknowledgementOutcome[]> {
    if (!hasAcknowledgements(this.#request)) return Deferred.completed<AcknowledgementOutcome[]>([]);
    return acknowledgeAll(this.#context.node.sharePartitions, {
      ...this.#member,
      acknowledgements: acknowledgementsOf(this.#request.topics),
      knowsRenew: this.#context.apiVersion >= RENEW_SINCE,
      isRenewal: this.#request.isRenewAck,
      refusalOf: this.#refusalOf,
    });
  }

  #fetch(): ShareFetchResult | Promise<ShareFetchResult> {
    const { node, throttle, signal } = this.#context;
    const request = this.#request;
    const fetchable: SessionPartition[] = [];
    const isFetching = !isRenewal(request, this.#context);
    for (const partition of (isFetching && this.#use.partitions) || []) {
      const errorCode = this.#refusalOf(partition);
      if (errorCode === ErrorCode.NONE) fetchable.push(partition);
      else this.#refused.push({ partition, errorCode, records: [], ranges: [] });
    }
    const mode = ACQUIRE_MODES[request.shareAcquireMode];
    // Apache Kafka finds no name for it.
    if (mode === undefined && fetchable.length > 0) throw new KafkaError('UNKNOWN_SERVER_ERROR');
    const maxBytes = Math.min(
      request.maxBytes,
      node.settings.get('fetch.max.bytes'),
      throttle?.fetchBytesMax ?? request.maxBytes,
    );
    return fetchShares(node.sharePartitions, {
      ...this.#member,
      partitions: rotated(fetchable, request.shareSessionEpoch),
      mode: mode ?? 'batch_optimized',
      batchSize: request.batchSize,
      recordsMax: request.maxRecords,
      minBytes: Math.min(request.minBytes, maxBytes),
      maxBytes,
      maxWaitMs: request.maxWaitMs,
      timers: node.timers,
      signal,
    });
  }

  #answer(result: ShareFetchResult, acknowledged: readonly AcknowledgementOutcome[]): Response {
    const { sharePartitions } = this.#context.node;
    const isFinal = this.#use.partitions === null;
    const records = this.#told(result);
    const response = {
      throttleTimeMs: 0,
      errorCode: records.errorCode,
      acquisitionLockTimeoutMs: sharePartitions.settings(this.#member.groupId).recordLockDurationMs,
      responses: this.#byTopic(records.answers, acknowledged),
      nodeEndpoints: leaderEndpoints(
        this.#context,
        records.answers.map(({ errorCode }) => errorCode),
      ),
    };
    if (isFinal) sharePartitions.closeSession(this.#member);
    return response;
  }

  /** The answers worth sending, unless quotas or the session speak against it. */
  #told(result: ShareFetchResult): {
    readonly errorCode: number;
    readonly answers: readonly ShareFetchAnswer[];
  } {
    const answers = [...result.answers, ...this.#refused];
    const { session } = this.#use;
    const isOvertaken = session !== null && session.epoch !== nextEpoch(this.#request.shareSessionEpoch);
    const sizeInBytes = RESPONSE_BYTES + answers.length * PARTITION_BYTES + result.sizeInBytes;
    const isThrottled = this.#context.throttle?.fetched(sizeInBytes) === true;
    if (isOvertaken || isThrottled) {
      result.giveBack();
      result.release();
      const errorCode = isOvertaken ? ErrorCode.INVALID_SHARE_SESSION_EPOCH : ErrorCode.NONE;
      return { errorCode, answers: [] };
    }
    this.#context.whenSent(result.release);
    if (session === null) return { errorCode: ErrorCode.NONE, answers };
    const told = answers.filter(({ partition, errorCode, ranges }) =>
      session.tell(partition, { errorCode, hasRecords: ranges.length > 0 }),
    );
    return { errorCode: ErrorCode.NONE, answers: told };
  }

  #byTopic(
    answers: readonly ShareFetchAnswer[],
    acknowledged: readonly AcknowledgementOutcome[],
  ): Response['responses'] {
    const outcomes = new Map(acknowledged.map(outcome => [partitionKey(outcome), outcome]));
    const rows = answers.map(answer => {
      const outcome = outcomes.get(partitionKey(answer.partition));
      outcomes.delete(partitionKey(answer.partition));
      return { ...answer.partition, answer, outcome };
    });
    const rest = Array.from(outcomes.values(), outcome => ({ ...outcome, answer: undefined, outcome }));
    return byTopic([...rows, ...rest], ({ answer, outcome, ...partition }) => {
      const errorCode = answer?.errorCode ?? ErrorCode.NONE;
      return {
        partitionIndex: partition.partition,
        errorCode,
        acknowledgeErrorCode: outcome?.errorCode ?? ErrorCode.NONE,
        acknowledgeErrorMessage: outcome?.errorMessage ?? null,
        currentLeader: leaderOf(this.#context, partition, errorCode),
        records: answer?.records ?? NO_RECORDS,
        acquiredRecords: [...(answer?.ranges ?? [])],
      };
    });
  }
}

/** Every request begins with another partition (PartitionRotateStrategy). */
function rotated(partitions: readonly SessionPartition[], epoch: number): readonly SessionPartition[] {
  if (epoch < 1 || partitions.length < 2) return partitions;
  const at = epoch % partitions.length;
  return [...partitions.slice(at), ...partitions.slice(0, at)];
}
