// One partition of __consumer_offsets at work: it puts requests and timeouts to the state machine, gives the records to
// the log, and lets answers out when they are durable. It decides nothing itself.

import type { EventSink } from '../../events.ts';
import { ErrorCode, type KafkaError } from '../../protocol/errors.ts';
import { groupRecordCodec } from '../../protocol/messages/records/framing.ts';
import type { PartitionLog } from '../../storage/log/partition-log.ts';
import type { Clock, Timers } from '../runtime/clock.ts';
import { Deferred } from '../runtime/deferred.ts';
import type { RecordCodec } from '../runtime/record-codec.ts';
import { type Decision, Shard, type ShardProducer, type TransactionMarkerInput } from '../runtime/shard.ts';
import type { ClassicGroup } from './classic/classic-group.ts';
import type { Ticket } from './classic/classic-member.ts';
import {
  type ClassicDecision,
  type JoinAnswer,
  NOTHING,
  type SyncAnswer,
  sessionRestart,
  type TimerChange,
  Turn,
  type TurnContext,
} from './classic/decision.ts';
import { decideTimeout } from './classic/leave.ts';
import { prepareRebalance } from './classic/rebalance.ts';
import { decideAssignmentLost } from './classic/sync.ts';
import type { ConsumerContext, Conversion } from './consumer/consumer-decision.ts';
import type { ConsumerGroup } from './consumer/consumer-group.ts';
import { ConsumerTurns, type ConsumerTurnsOptions } from './consumer/consumer-turns.ts';
import type { GroupRecord } from './group-records.ts';
import type { GroupSettings } from './group-settings.ts';
import { GroupShardState } from './group-shard-state.ts';
import { type GroupTimeout, GroupTimers } from './group-timers.ts';
import type { Written } from './kind-turns.ts';
import type { ShareContext } from './share/share-decision.ts';
import { ShareTurns } from './share/share-turns.ts';
import { StreamsTurns, type StreamsTurnsOptions } from './streams/streams-turns.ts';
import { WaitingRequests } from './waiting-requests.ts';

/** What decisions about groups of each kind may look at. */
export interface KindContexts {
  readonly consumer: (groupId: string) => ConsumerContext;
  readonly share: (groupId: string) => ShareContext;
  readonly streams: StreamsTurnsOptions['context'];
}

export interface GroupShardOptions {
  readonly log: PartitionLog;
  readonly settings: () => GroupSettings;
  readonly contexts: KindContexts;
  readonly leaderEpoch: () => number;
  readonly batchBytesMax: () => number;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly newUuid: () => string;
  readonly events: EventSink;
  readonly report: (message: string) => void;
}

/** `isForeign`: the name belongs to a group of a newer kind. */
export type DecideClassic<D extends ClassicDecision = ClassicDecision> = (
  group: ClassicGroup | undefined,
  context: TurnContext,
  isForeign: boolean,
) => D;

export class GroupShard {
  readonly consumer: ConsumerTurns;
  readonly share: ShareTurns;
  readonly streams: StreamsTurns;
  readonly #options: GroupShardOptions;
  readonly #shard: Shard<GroupRecord, GroupShardState>;
  readonly #timers: GroupTimers;
  readonly #waiting = new WaitingRequests();
  #isReleased = false;
  /** How often the state was built. */
  #loads = 0;

  constructor(options: GroupShardOptions) {
    this.#options = options;
    this.#timers = new GroupTimers(options.timers, (groupId, timeout) => this.#expired(groupId, timeout));
    const { log, leaderEpoch, batchBytesMax, clock, report } = options;
    const name = `${log.topic}-${log.partition}`;
    const shard = new Shard<GroupRecord, GroupShardState>({
      name,
      log,
      codec: skippingCodec(name, report),
      createState: () => new GroupShardState(),
      onLoaded: state => this.#loaded(state),
      leaderEpoch,
      batchBytesMax,
      clock,
      report,
    });
    this.#shard = shard;
    const { contexts, events } = options;
    const shared = { shard, timers: this.#timers, events };
    const converted: ConsumerTurnsOptions['converted'] = (groupId, conversion, written) =>
      this.#settle(groupId, conversion, written);
    this.consumer = new ConsumerTurns({ ...shared, context: contexts.consumer, converted });
    this.share = new ShareTurns({ ...shared, context: contexts.share });
    this.streams = new StreamsTurns({ ...shared, context: contexts.streams });
  }

  get log(): PartitionLog {
    return this.#options.log;
  }

  /** As it runs, perhaps ahead of the disk: never for an answer. */
  get state(): GroupShardState {
    return this.#shard.state;
  }

  /** A consumer group with members: it answers the requests of classic members, too. */
  livingConsumerGroup(groupId: string): ConsumerGroup | undefined {
    const group = this.#shard.isLoaded ? this.#shard.state.consumerGroups.get(groupId) : undefined;
    return group === undefined || group.members.size === 0 ? undefined : group;
  }

  load(): void {
    this.#shard.load();
  }

  unload(): void {
    this.#shard.unload();
    this.#timers.cancelAll();
    this.#waiting.failAll(ErrorCode.NOT_COORDINATOR);
  }

  /** Nobody waits any longer, nor from now on: the broker stops. What was decided stays so. */
  release(): void {
    this.#isReleased = true;
    this.#waiting.failAll(ErrorCode.NOT_COORDINATOR);
  }

  join(groupId: string, memberId: string, decide: (ticket: Ticket) => DecideClassic): Deferred<JoinAnswer> {
    const { ticket, deferred } = this.#waiting.addJoin(memberId);
    this.#turn(groupId, decide(ticket), ticket);
    if (this.#isReleased) this.#waiting.fail(ticket, ErrorCode.NOT_COORDINATOR);
    return deferred;
  }

  sync(groupId: string, decide: (ticket: Ticket) => DecideClassic): Deferred<SyncAnswer> {
    const { ticket, deferred } = this.#waiting.addSync();
    const generation = this.#loads;
    this.#turn(groupId, decide(ticket), ticket).whenComplete(errorCode => {
      // After a reload the group is another one, and everybody was answered.
      if (errorCode === 0 || generation !== this.#loads || !this.#shard.isLoaded) return;
      this.#turn(groupId, (group, context) => decideAssignmentLost(group, errorCode, context), null);
    });
    if (this.#isReleased) this.#waiting.fail(ticket, ErrorCode.NOT_COORDINATOR);
    return deferred;
  }

  /** A decision that changes at most timers of the group, besides its records. */
  write<Response>(
    groupId: string,
    decide: (
      state: GroupShardState,
      nowMs: number,
    ) => Decision<GroupRecord, Response> & { readonly timers?: readonly TimerChange[] },
    failed: (error: KafkaError) => Response,
  ): Deferred<Response> {
    let timers: readonly TimerChange[] = [];
    const answer = this.#shard.write(state => {
      const decision = decide(state, this.#options.clock.nowMs());
      timers = decision.timers ?? [];
      return decision;
    }, failed);
    if (this.#shard.isLoaded) this.#timers.apply(groupId, timers);
    return answer;
  }

  /** Records that count once the transaction of their producer commits. */
  writeTransactional<Response>(
    producer: ShardProducer,
    decide: (state: GroupShardState, nowMs: number) => Decision<GroupRecord, Response>,
    failed: (error: KafkaError) => Response,
  ): Deferred<Response> {
    return this.#shard.writeTransactional(
      producer,
      state => decide(state, this.#options.clock.nowMs()),
      failed,
    );
  }

  /** The end of a transaction: its offsets count from now on, or never. */
  writeMarker(marker: TransactionMarkerInput): Deferred<KafkaError | null> {
    return this.#shard.writeMarker(marker);
  }

  /** Like `write`, for records after which the group is gone, and its timers with it. */
  remove<Response>(
    groupId: string,
    decide: (state: GroupShardState) => Decision<GroupRecord, Response>,
    failed: (error: KafkaError) => Response,
  ): Deferred<Response> {
    const answer = this.#shard.write(decide, failed);
    if (this.#shard.isLoaded && !this.#shard.state.groups.has(groupId)) this.#timers.cancelGroup(groupId);
    return answer;
  }

  read<Response>(
    decide: (state: GroupShardState) => Response,
    failed: (error: KafkaError) => Response,
  ): Deferred<Response> {
    return this.#shard.read(decide, failed);
  }

  /** Records that need not stand in one batch (tombstones of a clean-up): split where they are too many for one. */
  writeApart(decide: (state: GroupShardState) => readonly GroupRecord[]): void {
    if (!this.#shard.isLoaded) return;
    const records = decide(this.#shard.state);
    if (records.length > 0) this.#appendApart(records);
  }

  #appendApart(records: readonly GroupRecord[]): void {
    const response = this.#shard.write<KafkaError | null>(
      () => ({ records, response: null }),
      error => error,
    );
    if (this.#shard.isLoaded) this.#cancelTimersOfDeleted(records);
    response.whenComplete(error => {
      if (error?.errorName !== 'MESSAGE_TOO_LARGE' || records.length === 1) return;
      const middle = records.length >> 1;
      this.#appendApart(records.slice(0, middle));
      this.#appendApart(records.slice(middle));
    });
  }

  #cancelTimersOfDeleted(records: readonly GroupRecord[]): void {
    const { groups } = this.#shard.state;
    for (const { type, key, value } of records) {
      if (type === 'GroupMetadata' && value === null && !groups.has(key.group)) {
        this.#timers.cancelGroup(key.group);
      }
    }
  }

  /** `ticket`: the request that asked for it, which gets the error when it cannot be done. */
  #turn(groupId: string, decide: DecideClassic, ticket: Ticket | null): Deferred<number> {
    const answered = this.change<ClassicDecision, number>(groupId, decide, {
      done: () => 0,
      failed: error => responseErrorOf(error),
    });
    return answered.map(errorCode => {
      if (errorCode !== 0 && ticket !== null) this.#waiting.fail(ticket, errorCode);
      return errorCode;
    });
  }

  /** A decision about a group; `answer` makes the response of the request that asked for it. */
  change<D extends ClassicDecision, Response>(
    groupId: string,
    decide: DecideClassic<D>,
    answer: { readonly done: (decision: D) => Response; readonly failed: (error: KafkaError) => Response },
  ): Deferred<Response> {
    const made: { decision: D | null; failed: boolean } = { decision: null, failed: false };
    const written = this.#shard.write<Response>(
      state => {
        const kind = state.foreignKind(groupId);
        // An empty consumer or streams group makes room for a classic one of its name; a share group never does.
        const isReplaced = kind !== 'share' && state.kindGroup(groupId)?.state === 'Empty';
        const isForeign = kind !== undefined && !isReplaced;
        made.decision = decide(state.groups.get(groupId), this.#context(), isForeign);
        const { group, records } = made.decision;
        const tombstones = isReplaced && group !== null ? state.kindTombstones(groupId) : [];
        return { records: [...tombstones, ...records], response: answer.done(made.decision) };
      },
      error => {
        made.failed = true;
        return answer.failed(error);
      },
    );
    const { decision } = made;
    if (decision === null || made.failed) return written;
    return this.#settle(groupId, decision, { answer: written, hasFailed: () => made.failed });
  }

  /** The records of the decision are replayed: does the rest of it, and answers who waited once they are `written`. */
  #settle<Response>(groupId: string, decision: Conversion, written: Written<Response>): Deferred<Response> {
    const { group, timers, answers } = decision;
    if (group !== null) this.#shard.state.adopt(group);
    this.#timers.apply(groupId, timers);
    this.#emit(groupId, decision);
    const released = new Deferred<Response>();
    written.answer.whenComplete(response => {
      // After a failure the shard was loaded anew and has answered everybody who was waiting.
      if (!written.hasFailed()) for (const one of answers) this.#waiting.answer(one);
      released.complete(response);
    });
    return released;
  }

  #context(): TurnContext {
    const { clock, settings, newUuid } = this.#options;
    return { nowMs: clock.nowMs(), settings: settings(), newUuid };
  }

  #expired(groupId: string, timeout: GroupTimeout): void {
    if (!this.#shard.isLoaded) return;
    switch (timeout.kind) {
      case 'consumer-session':
      case 'consumer-rebalance':
      case 'consumer-join':
      case 'consumer-sync':
        this.consumer.expired(groupId, timeout);
        return;
      case 'share-session':
        this.share.expired(groupId, timeout);
        return;
      case 'streams-session':
      case 'streams-rebalance':
      case 'streams-initial-delay':
        this.streams.expired(groupId, timeout);
        return;
    }
    this.#turn(groupId, (group, context) => decideTimeout(group, timeout, context), null);
  }

  /** A new start, or the state again after a failed write: sessions begin anew, whoever waited must look again. */
  #loaded(state: GroupShardState): void {
    this.#loads += 1;
    this.#timers.cancelAll();
    this.#waiting.failAll(ErrorCode.NOT_COORDINATOR);
    this.consumer.loaded(state);
    this.share.loaded(state);
    this.streams.loaded(state);
    const { maxSize } = this.#options.settings();
    for (const group of [...state.groups.values()]) {
      const sessions = [...group.members.values()].map(member =>
        sessionRestart(member.memberId, member.sessionTimeoutMs),
      );
      this.#timers.apply(group.groupId, sessions);
      if (group.members.size > maxSize) this.#turn(group.groupId, shrink, null);
    }
  }

  #emit(groupId: string, decision: Conversion): void {
    const { events, clock } = this.#options;
    if (!events.active || decision.group === null) return;
    const { generationId, members } = decision.group;
    for (const { from, to, reason } of decision.transitions) {
      const memberCount = members.size;
      events.emit({
        type: 'group-transition',
        atMs: clock.nowMs(),
        groupId,
        from,
        to,
        generationId,
        memberCount,
        reason,
      });
    }
  }
}

/** group.max.size was lowered: a rebalance lets in as many as there is room for. */
function shrink(group: ClassicGroup | undefined, context: TurnContext): ClassicDecision {
  if (group === undefined || group.state !== 'Stable') return NOTHING;
  const turn = new Turn(group.copy(), context);
  prepareRebalance(turn, `${group.members.size} members are more than group.max.size allows`);
  return turn;
}

/** The log's errors are not the group's: a batch too large is the server's fault in the eyes of a member. */
export function responseErrorOf(error: KafkaError): number {
  return error.errorName === 'MESSAGE_TOO_LARGE' ? ErrorCode.UNKNOWN_SERVER_ERROR : error.code;
}

/** Says once per kind that records of newer kinds are kept, but not used. */
function skippingCodec(name: string, report: (message: string) => void): RecordCodec<GroupRecord> {
  const reported = new Set<string>();
  const reportOnce = (kind: string) => {
    if (reported.has(kind)) return;
    reported.add(kind);
    report(
      `${name} holds records of ${kind}, which this version does not serve. They stay in the log as they are; their groups cannot be used here.`,
    );
  };
  return {
    encode: record => groupRecordCodec.encode(record),
    decode: (key, value) => {
      const record = groupRecordCodec.decode(key, value);
      if (record === null) reportOnce(`the unknown type ${key?.readInt16BE(0)}`);
      return record;
    },
  };
}
