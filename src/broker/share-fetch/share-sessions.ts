// The share sessions of this node: opened by a ShareFetch of epoch 0, used by requests that count on, closed by one of
// epoch -1 or with the connection that opened it (Apache Kafka's ShareSessionCache and SharePartitionManager.newContext).
// Bounded by group.share.max.share.sessions; nothing is evicted for a newcomer.

import { KafkaError } from '../../protocol/errors.ts';
import { FINAL_EPOCH, INITIAL_EPOCH, nextEpoch } from '../fetch/fetch-session.ts';
import { type SessionKey, type SessionPartition, ShareSession } from './share-session.ts';

/** As much of a connection as a session takes. */
export interface SessionConnection {
  readonly id: number;
  /** Aborts when the connection closes. */
  readonly signal: AbortSignal;
}

/** Of all sessions together, some 200 bytes each: a request may name partitions that are not there. */
const PARTITIONS_MAX = 1_000_000;

export interface ShareSessionsOptions {
  readonly sessionsMax: () => number;
  /** Default: PARTITIONS_MAX */
  readonly partitionsMax?: number;
  /** The connection closed before the session was. */
  readonly onLeft: (session: ShareSession) => void;
  /** A connection closed, and its group has no session left. */
  readonly onGroupEmpty: (groupId: string) => void;
}

export interface OpenCommand extends SessionKey {
  readonly epoch: number;
  readonly named: readonly SessionPartition[];
  readonly forgotten: readonly SessionPartition[];
  readonly hasAcknowledgements: boolean;
  readonly connection: SessionConnection;
}

/** What a request's session is for it. */
export interface SessionUse {
  /** Null: the session ends with this request. */
  readonly partitions: readonly SessionPartition[] | null;
  /** Null for a session that just began: all is told. */
  readonly session: ShareSession | null;
}

export class ShareSessions {
  readonly #options: ShareSessionsOptions;
  readonly #sessions = new Map<string, ShareSession>();
  /** The session each connection opened last. */
  readonly #connections = new Map<number, ShareSession>();
  #partitionCount = 0;

  constructor(options: ShareSessionsOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#sessions.size;
  }

  /** Of a ShareFetch. Throws what its epoch is answered with. */
  open(command: OpenCommand): SessionUse {
    const { epoch, named } = command;
    if (epoch === FINAL_EPOCH) {
      this.#find(command);
      return { partitions: null, session: null };
    }
    if (epoch === INITIAL_EPOCH) {
      if (command.hasAcknowledgements) throw new KafkaError('INVALID_REQUEST');
      return { partitions: this.#begin(command).partitions, session: null };
    }
    this.#find(command);
    this.#refuseTooMany(named.length);
    const session = this.#use(command, epoch);
    this.#partitionCount -= session.size;
    session.update(named, command.forgotten);
    this.#partitionCount += session.size;
    return { partitions: session.partitions, session };
  }

  /** Of a ShareAcknowledge. Throws what its epoch is answered with. */
  acknowledge(key: SessionKey, epoch: number): void {
    if (epoch === INITIAL_EPOCH) throw new KafkaError('INVALID_SHARE_SESSION_EPOCH');
    if (epoch === FINAL_EPOCH) this.#find(key);
    else this.#use(key, epoch);
  }

  /** Ends it; undefined when there is none. */
  close(key: SessionKey): ShareSession | undefined {
    const session = this.#sessions.get(textOf(key));
    if (session !== undefined) this.#forget(session);
    return session;
  }

  clear(): void {
    this.#sessions.clear();
    this.#partitionCount = 0;
  }

  #forget(session: ShareSession): void {
    this.#sessions.delete(textOf(session.key));
    this.#partitionCount -= session.size;
  }

  #refuseTooMany(addedCount: number): void {
    if (this.#partitionCount + addedCount > (this.#options.partitionsMax ?? PARTITIONS_MAX))
      throw new KafkaError('SHARE_SESSION_LIMIT_REACHED');
  }

  #find(key: SessionKey): ShareSession {
    const session = this.#sessions.get(textOf(key));
    if (session === undefined) throw new KafkaError('SHARE_SESSION_NOT_FOUND');
    return session;
  }

  #use(key: SessionKey, epoch: number): ShareSession {
    const session = this.#find(key);
    if (session.epoch !== epoch) throw new KafkaError('INVALID_SHARE_SESSION_EPOCH');
    session.epoch = nextEpoch(session.epoch);
    return session;
  }

  #begin({ groupId, memberId, named, connection }: OpenCommand): ShareSession {
    const key = { groupId, memberId };
    this.close(key);
    if (this.#sessions.size >= this.#options.sessionsMax())
      throw new KafkaError('SHARE_SESSION_LIMIT_REACHED');
    this.#refuseTooMany(named.length);
    const session = new ShareSession(key, named);
    this.#sessions.set(textOf(key), session);
    this.#partitionCount += session.size;
    const isWatched = this.#connections.has(connection.id);
    this.#connections.set(connection.id, session);
    if (!isWatched) {
      const closed = () => this.#connectionClosed(connection.id);
      if (connection.signal.aborted) closed();
      else connection.signal.addEventListener('abort', closed, { once: true });
    }
    return session;
  }

  #connectionClosed(connectionId: number): void {
    const session = this.#connections.get(connectionId);
    this.#connections.delete(connectionId);
    if (session === undefined) return;
    const { groupId } = session.key;
    if (this.#sessions.get(textOf(session.key)) === session) {
      this.#forget(session);
      this.#options.onLeft(session);
    }
    for (const { key } of this.#sessions.values()) if (key.groupId === groupId) return;
    this.#options.onGroupEmpty(groupId);
  }
}

/** A group id may hold a colon: its length says where it ends. */
function textOf({ groupId, memberId }: SessionKey): string {
  return `${groupId.length}:${groupId}:${memberId}`;
}
