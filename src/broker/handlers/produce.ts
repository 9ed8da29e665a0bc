// Produce, the hot path, in two phases. First, in the order of arrival and before `handle` returns: every batch is
// validated and appended, and after that nothing points into the request's bytes any more. Second, when the log says that
// all of it is durable: the answer. acks=1 and acks=-1 mean the same on one node, and both mean "on disk"; acks=0 is
// answered by silence, or, after an error, by closing the connection. No promise, and nothing allocated per record, but for
// a compressed batch that takes long to look at: another thread does (LargeBatches), and the connection waits for it.
// Rules: KafkaApis.handleProduceRequest, ReplicaManager.appendRecords.

import { ErrorCode, type ErrorName, errorOf, KafkaError } from '../../protocol/errors.ts';
import { Produce } from '../../protocol/messages/apis/produce.ts';
import * as batchHeader from '../../protocol/records/batch-header.ts';
import {
  type ProduceOutcome,
  type RefusedRecords,
  refusedAloud,
} from '../../protocol/records/produce-outcome.ts';
import { type ProduceRules, requestFaultOf, validateWithPatience } from '../../protocol/records/validate.ts';
import type { RequestOf, ResponseDraft } from '../../protocol/schema/field.ts';
import type { PartitionLog } from '../../storage/log/partition-log.ts';
import type { TopicSettings } from '../config/settings.ts';
import type { TopicImage } from '../metadata/image.ts';
import { isInternalTopic } from '../metadata/topic-names.ts';
import { AT_ONCE } from '../produce/large-batches.ts';
import { Deferred } from '../runtime/deferred.ts';
import type { AppendRefusal } from '../transactions/transactional-appends.ts';
import { isAuthorized, requireTransactionalId } from './authorize.ts';
import { type HandlerAnswer, handler, type Outcome, type RequestContext } from './handler.ts';
import { findPartition, findTopic, type LocalPartition } from './partition-lookup.ts';
import { PRODUCE_ADDS_SINCE, produceErrorOf } from './transactional-errors.ts';

type Request = RequestOf<typeof Produce>;
type Response = ResponseDraft<typeof Produce>;
type PartitionData = Request['topicData'][number]['partitionData'][number];

/** An entry of the answer while it is being made. */
interface PartitionAnswer {
  index: number;
  errorCode: number;
  baseOffset: number;
  logAppendTimeMs: bigint;
  logStartOffset: number;
  recordErrors: readonly { batchIndex: number; batchIndexErrorMessage: string | null }[];
  errorMessage: string | null;
}

const TOPIC_IDS_SINCE = 13;
const NO_OFFSET = -1;
const NO_TIME = -1n;
const EMPTY = Buffer.alloc(0);
const NO_LEVEL = {};
/** Apache Kafka's own tools may write internal topics under this client id. */
const ADMIN_CLIENT_ID = '__admin_client';
/** Errors by which the log refuses a batch without having looked at its own state; see `refusalStart`. */
const STATELESS_ERRORS: ReadonlySet<ErrorName> = new Set([
  'UNKNOWN_TOPIC_OR_PARTITION',
  'NOT_LEADER_OR_FOLLOWER',
  'MESSAGE_TOO_LARGE',
  'RECORD_LIST_TOO_LARGE',
  'CORRUPT_MESSAGE',
  'KAFKA_STORAGE_ERROR',
  'UNKNOWN_TOPIC_ID',
]);

export const produce = handler(
  Produce,
  {
    versions: '3-13',
    acl: { perResource: 'WRITE on TOPIC; of a transaction WRITE on TRANSACTIONAL_ID' },
    advertises: '0-13',
    pipelined: true,
    failed: failedAltogether,
  },
  (request, context): HandlerAnswer<typeof Produce> => {
    const fault = faultOfRequest(request);
    if (fault !== null) return failedAltogether(request, ErrorCode[fault.error], fault.message);
    if (context.node.authorizer !== undefined && hasTransactionalRecords(request)) {
      // CVE-2018-17196: the id is checked wherever it is used, not only where the transaction began.
      if (request.transactionalId === null) throw new KafkaError('TRANSACTIONAL_ID_AUTHORIZATION_FAILED');
      requireTransactionalId(context, 'WRITE', request.transactionalId);
    }
    const append = new ProduceAppend(request, context);
    for (const topic of request.topicData) append.topic(topic);
    context.throttle?.produced();
    return append.answer();
  },
);

/** By the first batch of each partition, as Apache Kafka looks. */
function hasTransactionalRecords({ topicData }: Request): boolean {
  return topicData.some(({ partitionData }) =>
    partitionData.some(
      ({ records }) =>
        records !== null &&
        records.length >= batchHeader.BATCH_OVERHEAD &&
        batchHeader.isTransactional(records, 0),
    ),
  );
}

/** One request while its batches become durable. */
class ProduceAppend {
  readonly #request: Request;
  readonly #context: RequestContext;
  readonly #responses: { name: string; topicId: string; partitionResponses: PartitionAnswer[] }[] = [];
  readonly #answer = new Deferred<Outcome<Response>>();
  /** Batches that are not durable yet, and one for the first phase itself. */
  #outstanding = 1;
  /** Batches that another thread is looking at. */
  #large: Promise<void>[] | null = null;
  #hasError = false;

  constructor(request: Request, context: RequestContext) {
    this.#request = request;
    this.#context = context;
  }

  topic(topic: Request['topicData'][number]): void {
    const { name, topicId, partitionData } = topic;
    const usesTopicIds = this.#context.apiVersion >= TOPIC_IDS_SINCE;
    const image = findTopic(this.#context.node, { name, topicId, usesTopicIds });
    const written = usesTopicIds ? image?.name : name;
    const isForbidden = written !== undefined && !isAuthorized(this.#context, 'WRITE', 'TOPIC', written);
    const partitionResponses: PartitionAnswer[] = [];
    this.#responses.push({ name, topicId, partitionResponses });
    for (const partition of partitionData) {
      const answer = newAnswer(partition.index);
      partitionResponses.push(answer);
      if (isForbidden) this.#refuse(answer, ErrorCode.TOPIC_AUTHORIZATION_FAILED);
      else if (image === undefined) {
        const error = usesTopicIds ? 'UNKNOWN_TOPIC_ID' : 'UNKNOWN_TOPIC_OR_PARTITION';
        this.#refuse(answer, ErrorCode[error]);
      } else {
        this.#partition(image, partition, answer);
      }
    }
  }

  /** Ends the first phase; with a promise when it goes on: then no request of the connection begins before the answer. */
  answer(): HandlerAnswer<typeof Produce> {
    if (this.#large === null) return this.#ended();
    return Promise.all(this.#large).then(() => {
      const answer = this.#ended();
      return answer instanceof Deferred ? answer.promise() : answer;
    });
  }

  #ended(): null | 'close' | Deferred<Outcome<Response>> {
    if (this.#request.acks === 0) {
      // Nobody waits; what is appended becomes durable in its own time.
      if (!this.#hasError) return null;
      this.#context.report(silentErrorText(this.#responses));
      return 'close';
    }
    this.#settle();
    return this.#answer;
  }

  #partition(topic: TopicImage, data: PartitionData, answer: PartitionAnswer): void {
    const place = findPartition(this.#context.node, topic, data.index);
    if ('errorCode' in place) {
      this.#refuse(answer, place.errorCode);
      return;
    }
    if (!isAcks(this.#request.acks)) {
      this.#refuse(answer, ErrorCode.INVALID_REQUIRED_ACKS);
      return;
    }
    if (isInternalTopic(topic.name) && this.#context.clientId !== ADMIN_CLIENT_ID) {
      this.#refuse(answer, ErrorCode.INVALID_TOPIC_EXCEPTION);
      return;
    }
    this.#append(topic, place, { records: data.records ?? EMPTY, answer });
  }

  #append(
    topic: TopicImage,
    place: LocalPartition,
    data: { records: Buffer; answer: PartitionAnswer },
  ): void {
    const { answer } = data;
    const rules = this.#rules(topic, answer.index);
    const outcome = validateWithPatience(data.records, rules, AT_ONCE);
    if (outcome === null) this.#appendLater(topic, data, rules);
    else this.#appendValid(topic, place, outcome, answer);
  }

  #rules(topic: TopicImage, partition: number): ProduceRules {
    const { node, apiVersion } = this.#context;
    const settings = node.settings.topic(topic.name);
    return {
      apiVersion,
      maxMessageBytes: settings.maxMessageBytes,
      compacted: settings.isCompacted,
      timestampType: settings.timestampType,
      timestampBeforeMaxMs: settings.timestampBeforeMaxMs,
      timestampAfterMaxMs: settings.timestampAfterMaxMs,
      nowMs: node.clock.nowMs(),
      compressionType: settings.compressionType as ProduceRules['compressionType'],
      ...compressionLevelOf(settings),
      topicPartition: `${topic.name}-${partition}`,
      transactionalIdPresent: this.#request.transactionalId !== null,
    };
  }

  #appendLater(
    topic: TopicImage,
    { records, answer }: { records: Buffer; answer: PartitionAnswer },
    rules: ProduceRules,
  ): void {
    const { node } = this.#context;
    this.#large ??= [];
    this.#large.push(
      node.largeBatches.validate(records, rules).then(outcome => {
        // By now the topic may have been deleted, or made anew under its name.
        const { name, id: topicId } = topic;
        const image = findTopic(node, { name, topicId, usesTopicIds: true });
        const place = image === undefined ? null : findPartition(node, image, answer.index);
        if (place === null) this.#refuse(answer, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        else if ('errorCode' in place) this.#refuse(answer, place.errorCode);
        else this.#appendValid(topic, place, outcome, answer);
      }),
    );
  }

  #appendValid(
    topic: TopicImage,
    place: LocalPartition,
    valid: ProduceOutcome,
    answer: PartitionAnswer,
  ): void {
    if (!valid.ok) {
      this.#refuseRecords(place.log, valid, answer);
      return;
    }
    if (valid.logAppendTimeMs >= 0) answer.logAppendTimeMs = BigInt(valid.logAppendTimeMs);
    if (batchHeader.isTransactional(valid.batch, 0))
      this.#appendTransactional(topic, place, valid.batch, answer);
    else this.#appendBatch(place, valid.batch, answer);
  }

  /** Only what the transaction coordinator has taken in, durably, may be appended; that may take a moment. */
  #appendTransactional(
    topic: TopicImage,
    place: LocalPartition,
    batch: Buffer,
    answer: PartitionAnswer,
  ): void {
    const { node, apiVersion } = this.#context;
    const admission = node.transactionalAppends.enter({
      transactionalId: this.#request.transactionalId ?? '',
      producerId: batchHeader.producerId(batch, 0),
      producerEpoch: batchHeader.producerEpoch(batch, 0),
      baseSequence: batchHeader.baseSequence(batch, 0),
      topic: topic.name,
      partition: answer.index,
      log: place.log,
      addsPartition: apiVersion >= PRODUCE_ADDS_SINCE,
    });
    if (admission === null) {
      this.#appendBatch(place, batch, answer);
      return;
    }
    // The request's bytes are somebody else's by the time the coordinator answers.
    const kept = admission.isSettled ? batch : Buffer.from(batch);
    this.#outstanding += 1;
    admission.whenComplete(refusal => {
      if (refusal === null) this.#appendBatch(place, kept, answer);
      else this.#refuseTransactional(place.log, refusal, answer);
      this.#settle();
    });
  }

  #refuseTransactional(log: PartitionLog, refusal: AppendRefusal, answer: PartitionAnswer): void {
    const { errorCode, message } = produceErrorOf(refusal, this.#context.apiVersion);
    answer.logAppendTimeMs = NO_TIME;
    answer.errorMessage = message;
    if (refusal.error === 'OUT_OF_ORDER_SEQUENCE_NUMBER') answer.logStartOffset = log.logStartOffset;
    this.#refuse(answer, errorCode);
  }

  #appendBatch({ log, leaderEpoch }: LocalPartition, batch: Buffer, answer: PartitionAnswer): void {
    const outcome = log.append(batch, { leaderEpoch, origin: 'client' });
    if (outcome.kind === 'refused') {
      answer.logAppendTimeMs = NO_TIME;
      answer.logStartOffset = refusalStart(log, outcome.error);
      this.#refuse(answer, ErrorCode[outcome.error]);
      return;
    }
    if (outcome.kind === 'duplicate') answer.logAppendTimeMs = BigInt(outcome.appendTimeMs);
    answer.baseOffset = outcome.baseOffset;
    answer.logStartOffset = log.logStartOffset;
    if (this.#request.acks === 0) return;
    this.#outstanding += 1;
    log.whenDurable(outcome.endOffset, error => {
      if (error !== null) this.#failed(answer, error);
      this.#settle();
    });
  }

  #refuseRecords(log: PartitionLog, refused: RefusedRecords, answer: PartitionAnswer): void {
    if (refused.isAppendStage) answer.logStartOffset = log.logStartOffset;
    answer.errorMessage = refused.message;
    answer.recordErrors = refused.recordErrors.map(({ index, message }) => ({
      batchIndex: index,
      batchIndexErrorMessage: message,
    }));
    this.#refuse(answer, ErrorCode[refused.error]);
  }

  #failed(answer: PartitionAnswer, error: KafkaError): void {
    answer.errorCode = error.code;
    answer.baseOffset = NO_OFFSET;
    answer.logAppendTimeMs = NO_TIME;
    answer.logStartOffset = NO_OFFSET;
  }

  #refuse(answer: PartitionAnswer, errorCode: number): void {
    answer.errorCode = errorCode;
    this.#hasError = true;
  }

  #settle(): void {
    this.#outstanding -= 1;
    if (this.#outstanding === 0) this.#answer.complete({ responses: this.#responses, throttleTimeMs: 0 });
  }
}

/** Only for a topic that compresses anew, and only the codecs that have levels. */
function compressionLevelOf(settings: TopicSettings): { compressionLevel?: number } {
  switch (settings.compressionType) {
    case 'gzip':
      return { compressionLevel: settings.get('compression.gzip.level') };
    case 'lz4':
      return { compressionLevel: settings.get('compression.lz4.level') };
    case 'zstd':
      return { compressionLevel: settings.get('compression.zstd.level') };
    default:
      return NO_LEVEL;
  }
}

/** The one trace of it: with acks=0 the producer itself is told nothing but the end of the connection. */
function silentErrorText(
  responses: readonly { name: string; topicId: string; partitionResponses: PartitionAnswer[] }[],
): string {
  for (const { name, topicId, partitionResponses } of responses) {
    const failed = partitionResponses.find(answer => answer.errorCode !== ErrorCode.NONE);
    if (failed === undefined) continue;
    return (
      `its Produce with acks=0 to ${name || topicId}-${failed.index} failed with ${errorOf(failed.errorCode).name}. Such a ` +
      'producer expects no answer, so its connection was closed; these records were not kept. Use acks=1 or all to be told.'
    );
  }
  return 'its Produce with acks=0 failed.';
}

function isAcks(acks: number): boolean {
  return acks === 0 || acks === 1 || acks === -1;
}

/** Apache Kafka names the log start only with errors that its log found while appending. */
function refusalStart(log: PartitionLog, error: ErrorName): number {
  return STATELESS_ERRORS.has(error) ? NO_OFFSET : log.logStartOffset;
}

/** What in one partition makes the whole request fail, before any other is appended. */
function faultOfRequest(request: Request): RefusedRecords | null {
  const hasTransactionalId = request.transactionalId !== null;
  for (const topic of request.topicData) {
    for (const { records } of topic.partitionData) {
      const fault = requestFaultOf(records ?? EMPTY, hasTransactionalId);
      if (fault !== null) return fault;
    }
  }
  return hasTransactionalId ? producersFault(request) : null;
}

/** A transaction has one producer (ReplicaManager.handleProduceAppend). */
function producersFault(request: Request): RefusedRecords | null {
  let first: Buffer | null = null;
  for (const topic of request.topicData) {
    for (const { records } of topic.partitionData) {
      if (records === null || records.length < batchHeader.BATCH_OVERHEAD) continue;
      if (!batchHeader.isTransactional(records, 0)) continue;
      first ??= records;
      const isSame =
        batchHeader.producerId(records, 0) === batchHeader.producerId(first, 0) &&
        batchHeader.producerEpoch(records, 0) === batchHeader.producerEpoch(first, 0);
      if (isSame) continue;
      const message = 'Transactional records contained more than one producer ID';
      return refusedAloud('request', 'INVALID_PRODUCER_ID_MAPPING', message);
    }
  }
  return null;
}

function failedAltogether(request: Request, errorCode: number, message: string | null): Outcome<Response> {
  if (request.acks === 0) return 'close';
  return {
    throttleTimeMs: 0,
    responses: request.topicData.map(({ name, topicId, partitionData }) => ({
      name,
      topicId,
      partitionResponses: partitionData.map(({ index }) => ({
        ...newAnswer(index),
        errorCode,
        errorMessage: message,
      })),
    })),
  };
}

function newAnswer(index: number): PartitionAnswer {
  return {
    index,
    errorCode: ErrorCode.NONE,
    baseOffset: NO_OFFSET,
    logAppendTimeMs: NO_TIME,
    logStartOffset: NO_OFFSET,
    recordErrors: [],
    errorMessage: null,
  };
}
