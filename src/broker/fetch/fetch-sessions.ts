// All fetch sessions of the node, at most as many as there are slots (`max.incremental.fetch.session.cache.slots`). A full
// cache gives a slot to a newcomer only when some session was silent for two minutes, or is older than that and smaller
// than the newcomer; else the newcomer simply gets no session, which every client understands. Rules: KIP-227, Apache
// Kafka's FetchManager and FetchSessionCacheShard (one shard; with no followers, no session is privileged).

import { randomBytes } from '../../host-files.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import type { Clock } from '../runtime/clock.ts';
import type { FetchPartition, PartitionAnswer } from './fetch-partition.ts';
import {
  FetchSession,
  FINAL_EPOCH,
  type ForgottenPartition,
  INITIAL_EPOCH,
  nextEpoch,
  partitionKey,
} from './fetch-session.ts';

export const FETCH_SESSION_SLOTS_DEFAULT = 1_000;
const EVICTION_MS = 120_000;
const NO_SESSION = 0;
const SESSION_ID_MAX = 2 ** 31 - 1;

export interface FetchSessionRequest {
  readonly sessionId: number;
  readonly sessionEpoch: number;
  /** Fetch v13+. */
  readonly usesTopicIds: boolean;
  readonly partitions: readonly FetchPartition[];
  readonly forgotten: readonly ForgottenPartition[];
}

export interface FetchSessionAnswer {
  readonly errorCode: number;
  readonly sessionId: number;
  readonly answers: readonly PartitionAnswer[];
}

/** One request in the light of its session. */
export interface FetchContext {
  /** Of the session; with an error nothing is to be read. */
  readonly errorCode: number;
  readonly partitions: readonly FetchPartition[];
  /** Call once with what was found for `partitions`: what of it to send. */
  answer(answers: readonly PartitionAnswer[]): FetchSessionAnswer;
  /** Instead of `answer`, when nothing may be sent: no session is made, none has told anything. */
  throttled(): FetchSessionAnswer;
}

export class FetchSessions {
  readonly #clock: Clock;
  readonly #slots: number;
  readonly #randomId: () => number;
  /** In order of last use, the longest unused first. */
  readonly #sessions = new Map<number, FetchSession>();

  constructor(options: { readonly clock: Clock; readonly slots?: number; readonly randomId?: () => number }) {
    this.#clock = options.clock;
    this.#slots = options.slots ?? FETCH_SESSION_SLOTS_DEFAULT;
    this.#randomId = options.randomId ?? randomSessionId;
  }

  get size(): number {
    return this.#sessions.size;
  }

  open(request: FetchSessionRequest): FetchContext {
    const isFull = request.sessionEpoch === INITIAL_EPOCH || request.sessionEpoch === FINAL_EPOCH;
    if (!isFull) return this.#continue(request);
    this.#sessions.delete(request.sessionId);
    const partitions = withoutDuplicates(request);
    if (request.sessionEpoch === FINAL_EPOCH) return sessionless(partitions);
    return {
      errorCode: ErrorCode.NONE,
      partitions,
      answer: answers => ({
        errorCode: ErrorCode.NONE,
        sessionId: this.#create(request.usesTopicIds, answers),
        answers,
      }),
      throttled: () => withoutSession(ErrorCode.NONE),
    };
  }

  #continue(request: FetchSessionRequest): FetchContext {
    const session = this.#sessions.get(request.sessionId);
    if (session === undefined) return failed(ErrorCode.FETCH_SESSION_ID_NOT_FOUND);
    if (session.epoch !== request.sessionEpoch) return failed(ErrorCode.INVALID_FETCH_SESSION_EPOCH);
    if (session.usesTopicIds !== request.usesTopicIds) return failed(ErrorCode.FETCH_SESSION_TOPIC_ID_ERROR);
    session.update(request.partitions, request.forgotten);
    if (session.size === 0) {
      this.#sessions.delete(session.id);
      return sessionless(withoutDuplicates(request));
    }
    session.lastUsedMs = this.#clock.nowMs();
    session.epoch = nextEpoch(session.epoch);
    this.#sessions.delete(session.id);
    this.#sessions.set(session.id, session);
    return { errorCode: ErrorCode.NONE, partitions: session.partitions(), ...answersOf(session) };
  }

  #create(usesTopicIds: boolean, answers: readonly PartitionAnswer[]): number {
    // A session of nothing helps nobody, but Apache Kafka makes it, and counts it.
    if (this.#sessions.size >= this.#slots && !this.#evictFor(answers.length)) return NO_SESSION;
    const nowMs = this.#clock.nowMs();
    const session = new FetchSession({ id: this.#freeId(), usesTopicIds, nowMs, answers });
    this.#sessions.set(session.id, session);
    return session.id;
  }

  #freeId(): number {
    let id: number;
    do id = this.#randomId();
    while (id === NO_SESSION || this.#sessions.has(id));
    return id;
  }

  #evictFor(partitionCount: number): boolean {
    const nowMs = this.#clock.nowMs();
    const [longestUnused] = this.#sessions.values();
    if (longestUnused === undefined) return false;
    if (nowMs - longestUnused.lastUsedMs > EVICTION_MS) return this.#sessions.delete(longestUnused.id);
    let smallest: FetchSession | null = null;
    for (const session of this.#sessions.values()) {
      if (nowMs - session.createdMs <= EVICTION_MS) continue;
      if (smallest === null || session.size < smallest.size) smallest = session;
    }
    if (smallest === null || smallest.size >= partitionCount) return false;
    return this.#sessions.delete(smallest.id);
  }
}

function answersOf(session: FetchSession): Pick<FetchContext, 'answer' | 'throttled'> {
  const expectedEpoch = session.epoch;
  const answerWith = (news: () => readonly PartitionAnswer[]): FetchSessionAnswer => {
    // A second request of the session overtook this one.
    if (session.epoch !== expectedEpoch) {
      return { errorCode: ErrorCode.INVALID_FETCH_SESSION_EPOCH, sessionId: session.id, answers: [] };
    }
    return { errorCode: ErrorCode.NONE, sessionId: session.id, answers: news() };
  };
  return {
    answer: answers => answerWith(() => session.news(answers)),
    throttled: () => answerWith(() => []),
  };
}

function withoutSession(errorCode: number): FetchSessionAnswer {
  return { errorCode, sessionId: NO_SESSION, answers: [] };
}

function sessionless(partitions: readonly FetchPartition[]): FetchContext {
  return {
    errorCode: ErrorCode.NONE,
    partitions,
    answer: answers => ({ errorCode: ErrorCode.NONE, sessionId: NO_SESSION, answers }),
    throttled: () => withoutSession(ErrorCode.NONE),
  };
}

function failed(errorCode: number): FetchContext {
  const answer = () => withoutSession(errorCode);
  return { errorCode, partitions: [], answer, throttled: answer };
}

/** The last mention of a partition counts, in the place of the first, as in Java's LinkedHashMap. */
function withoutDuplicates(request: FetchSessionRequest): readonly FetchPartition[] {
  if (request.partitions.length < 2) return request.partitions;
  const byKey = new Map<string, FetchPartition>();
  for (const partition of request.partitions)
    byKey.set(partitionKey(partition, request.usesTopicIds), partition);
  return byKey.size === request.partitions.length ? request.partitions : [...byKey.values()];
}

/** From 1 to the largest int32; a client cannot guess another's. */
function randomSessionId(): number {
  return 1 + (randomBytes(4).readUInt32BE() % SESSION_ID_MAX);
}
