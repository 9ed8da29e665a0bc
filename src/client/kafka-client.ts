// A thin Kafka client: any request to the right node. It keeps connections and metadata, sends a request again when the
// answer says that another node is the right one by now, and nothing more: no group membership, no batching, no polling.
// A request that may have been carried out already is never sent twice, unless sending it twice is harmless (`repeatable`).

import { setTimeout as sleep } from 'node:timers/promises';
import { errorOf, KafkaError } from '../protocol/errors.ts';
import { FindCoordinator } from '../protocol/messages/apis/find-coordinator.ts';
import { Metadata } from '../protocol/messages/apis/metadata.ts';
import type { Api, RequestDraft, ResponseOf } from '../protocol/schema/field.ts';
import { type BrokerAddress, parseBootstrapServers } from './bootstrap-servers.ts';
import { codesOf } from './codes.ts';
import type { Connection } from './connection.ts';
import { ConnectionPool } from './connection-pool.ts';
import { BrokerUnreachableError } from './errors.ts';
import {
  type ClusterInfo,
  clusterInfoOf,
  type MetadataAnswer,
  type TopicInfo,
  topicInfoOf,
} from './metadata.ts';
import type { KafkaClientOptions } from './options.ts';

const CONNECT_TIMEOUT_MS = 3_000;
const REQUEST_TIMEOUT_MS = 30_000;
/** Java's default is 300 s; a console that shows a partition a minute late is a console that lies. */
const METADATA_AGE_MAX_MS = 10_000;
/** Waits before another try, in turn. A leader that moves is found again within about a second. */
const RETRY_DELAYS_MS = [10, 50, 200, 500, 1000];
/** Topics and coordinators remembered; beyond it the oldest are asked for anew. */
const REMEMBERED_MAX = 10_000;

export interface Coordinator {
  readonly key: string;
  readonly type: 'group' | 'transaction';
}

export type Target =
  | 'any'
  | 'controller'
  | { readonly nodeId: number }
  | { readonly leaderOf: { readonly topic: string; readonly partition: number } }
  | { readonly coordinatorOf: Coordinator };

export interface ClientRequestOptions {
  readonly node: Target;
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Sending it twice does no harm, so a broken line is reason enough to try again. Default: true. */
  readonly repeatable?: boolean;
}

interface Shared {
  cluster: { readonly info: ClusterInfo; readonly atMs: number } | null;
  readonly topics: Map<string, { readonly info: TopicInfo; readonly atMs: number }>;
  readonly coordinators: Map<string, number>;
}

export class KafkaClient {
  readonly #options: KafkaClientOptions;
  readonly #bootstrap: readonly BrokerAddress[];
  readonly #pool: ConnectionPool;
  readonly #known: Shared;

  constructor(options: KafkaClientOptions, known?: Shared) {
    this.#options = options;
    this.#bootstrap = parseBootstrapServers(options.bootstrapServers);
    this.#known = known ?? { cluster: null, topics: new Map(), coordinators: new Map() };
    const { clientId, tls, sasl } = options;
    this.#pool = new ConnectionPool({
      clientId,
      ...(tls === undefined ? {} : { tls }),
      ...(sasl === undefined ? {} : { sasl }),
      connectTimeoutMs: options.connectTimeoutMs ?? CONNECT_TIMEOUT_MS,
      requestTimeoutMs: options.requestTimeoutMs ?? REQUEST_TIMEOUT_MS,
    });
  }

  /**
   * The same cluster over lines of its own. A Fetch that waits for records holds up everything behind it on its
   * connection, so whoever waits takes this, and closes it.
   */
  withOwnConnections(): KafkaClient {
    return new KafkaClient(this.#options, this.#known);
  }

  /** Sends a request where it belongs and returns the answer, errors in it included. */
  async request<A extends Api>(
    api: A,
    body: RequestDraft<A>,
    options: ClientRequestOptions,
  ): Promise<ResponseOf<A>> {
    for (let attempt = 0; ; attempt += 1) {
      const last = attempt === RETRY_DELAYS_MS.length;
      try {
        const connection = await this.#connectionTo(options.node, options.signal);
        const response = await connection.request(api, body, options);
        if (last || !movedAway(response, options.node)) return response;
      } catch (error) {
        if (last || !(await this.#mayTryAgain(error, options))) throw error;
      }
      this.#forget(options.node);
      await sleep(
        RETRY_DELAYS_MS[attempt],
        undefined,
        options.signal === undefined ? {} : { signal: options.signal },
      );
    }
  }

  /** A connection to a node, for callers that need to know its versions. */
  async connectionTo(node: Target, signal?: AbortSignal): Promise<Connection> {
    return this.#connectionTo(node, signal);
  }

  /** Brokers and controller, asked for now. */
  async cluster(options: { readonly signal?: AbortSignal } = {}): Promise<ClusterInfo> {
    const answer = await this.#metadata([], options.signal);
    return clusterInfoOf(answer);
  }

  /** All topics by name, without those whose names alone are known. */
  async topics(options: { readonly signal?: AbortSignal } = {}): Promise<TopicInfo[]> {
    const answer = await this.#metadata(null, options.signal);
    return answer.topics.filter(topic => topic.errorCode === 0).map(topicInfoOf);
  }

  /** One topic. Throws UNKNOWN_TOPIC_OR_PARTITION when there is none; never creates it. */
  async topic(
    name: string,
    options: { readonly fresh?: boolean; readonly signal?: AbortSignal | undefined } = {},
  ): Promise<TopicInfo> {
    const known = this.#known.topics.get(name);
    if (options.fresh !== true && known !== undefined && Date.now() - known.atMs < METADATA_AGE_MAX_MS)
      return known.info;
    this.#known.topics.delete(name);
    const answer = await this.#metadata([{ name }], options.signal);
    const topic = answer.topics.find(candidate => candidate.name === name);
    if (topic === undefined)
      throw new KafkaError('UNKNOWN_SERVER_ERROR', `The broker did not answer about topic "${name}".`);
    return topicInfoOf(topic);
  }

  /** Several topics at once, each with what is known of it or why nothing is. */
  async topicsNamed(names: readonly string[], signal?: AbortSignal): Promise<Map<string, TopicInfo | Error>> {
    if (names.length === 0) return new Map();
    const answer = await this.#metadata(
      names.map(name => ({ name })),
      signal,
    );
    const infos = new Map<string, TopicInfo | Error>();
    for (const topic of answer.topics) {
      try {
        infos.set(topic.name ?? '', topicInfoOf(topic));
      } catch (error) {
        infos.set(topic.name ?? '', error as Error);
      }
    }
    for (const name of names) {
      if (!infos.has(name))
        infos.set(name, new KafkaError('UNKNOWN_TOPIC_OR_PARTITION', `There is no topic "${name}".`));
    }
    return infos;
  }

  /** The next use asks the broker about this topic again. */
  forgetTopic(name: string): void {
    this.#known.topics.delete(name);
  }

  close(): void {
    this.#pool.close();
  }

  async #metadata(topics: { name: string }[] | null, signal?: AbortSignal): Promise<MetadataAnswer> {
    const body = { topics, allowAutoTopicCreation: false, includeTopicAuthorizedOperations: false };
    const answer = await this.request(Metadata, body, { node: 'any', signal });
    const atMs = Date.now();
    this.#known.cluster = { info: clusterInfoOf(answer), atMs };
    for (const topic of answer.topics) {
      if (topic.errorCode === 0 && topic.name !== null)
        remember(this.#known.topics, topic.name, { info: topicInfoOf(topic), atMs });
    }
    return answer;
  }

  async #connectionTo(node: Target, signal: AbortSignal | undefined): Promise<Connection> {
    if (node === 'any') {
      return (
        this.#pool.current ??
        this.#pool.toAny([...this.#bootstrap, ...(this.#known.cluster?.info.brokers ?? [])])
      );
    }
    const cluster = await this.#currentCluster(signal);
    const nodeId = await this.#nodeIdOf(node, cluster, signal);
    const broker = cluster.brokers.find(candidate => candidate.nodeId === nodeId);
    if (broker === undefined) {
      this.#known.cluster = null;
      throw new BrokerUnreachableError({
        address: `Broker ${nodeId}`,
        reason: 'is not part of the cluster just now',
        outcome: 'not-sent',
      });
    }
    return this.#pool.to({ host: broker.host, port: broker.port });
  }

  async #nodeIdOf(
    node: Exclude<Target, 'any'>,
    cluster: ClusterInfo,
    signal: AbortSignal | undefined,
  ): Promise<number> {
    if (node === 'controller') return cluster.controllerId;
    if ('nodeId' in node) return node.nodeId;
    if ('coordinatorOf' in node) return this.#coordinatorOf(node.coordinatorOf, signal);
    const { topic, partition } = node.leaderOf;
    const info = await this.topic(topic, { signal });
    const found = info.partitions.find(candidate => candidate.partition === partition);
    if (found === undefined)
      throw new KafkaError('UNKNOWN_TOPIC_OR_PARTITION', `Topic "${topic}" has no partition ${partition}.`);
    return found.leader;
  }

  async #currentCluster(signal: AbortSignal | undefined): Promise<ClusterInfo> {
    const known = this.#known.cluster;
    if (known !== null && Date.now() - known.atMs < METADATA_AGE_MAX_MS) return known.info;
    return clusterInfoOf(await this.#metadata([], signal));
  }

  async #coordinatorOf({ key, type }: Coordinator, signal: AbortSignal | undefined): Promise<number> {
    const known = this.#known.coordinators.get(`${type} ${key}`);
    if (known !== undefined) return known;
    const keyType = type === 'group' ? 0 : 1;
    const body = { key, keyType, coordinatorKeys: [key] };
    const connection = await this.#connectionTo('any', signal);
    // Before version 4 one key is asked for and answered at the top of the message (KIP-699).
    const many = connection.versionOf(FindCoordinator) >= 4;
    const draft = many ? { ...body, key: '' } : { ...body, coordinatorKeys: [] };
    const answer = await this.request(FindCoordinator, draft, { node: 'any', signal });
    const found = many ? answer.coordinators[0] : answer;
    if (found === undefined || found.errorCode !== 0) {
      const { name, text } = errorOf(found?.errorCode ?? -1);
      throw new KafkaError(name, `The coordinator of ${type} "${key}" is not known: ${text}`);
    }
    remember(this.#known.coordinators, `${type} ${key}`, found.nodeId);
    return found.nodeId;
  }

  #forget(node: Target): void {
    this.#known.cluster = null;
    if (typeof node === 'string' || 'nodeId' in node) return;
    if ('leaderOf' in node) this.#known.topics.delete(node.leaderOf.topic);
    else this.#known.coordinators.delete(`${node.coordinatorOf.type} ${node.coordinatorOf.key}`);
  }

  async #mayTryAgain(error: unknown, options: ClientRequestOptions): Promise<boolean> {
    // The first to ask a new cluster for a coordinator is told to wait until it has one.
    if (error instanceof KafkaError) return error.errorName.startsWith('COORDINATOR_');
    if (!(error instanceof BrokerUnreachableError) || !mayRepeat(error, options)) return false;
    return this.#isAnyoneThere(error, options.node);
  }

  /** With nobody at all on the line there is no sense in waiting: a person wants to hear it now. */
  async #isAnyoneThere(error: BrokerUnreachableError, node: Target): Promise<boolean> {
    if (error.outcome === 'unknown' || this.#pool.current !== null) return true;
    // All of them were tried just now.
    if (node === 'any') return false;
    try {
      await this.#pool.toAny(this.#bootstrap);
      return true;
    } catch {
      return false;
    }
  }
}

function mayRepeat(error: BrokerUnreachableError, options: ClientRequestOptions): boolean {
  return error.outcome === 'not-sent' || options.repeatable !== false;
}

/**
 * Whether the answer says that another node, or the same one in a moment, is the right one. Who names a node by its
 * number has chosen it, and chooses again.
 */
function movedAway(response: unknown, node: Target): boolean {
  if (node === 'any' || (typeof node === 'object' && 'nodeId' in node)) return false;
  return codesOf(response).some(code => {
    const { name, invalidMetadata } = errorOf(code);
    if (name === 'UNKNOWN_TOPIC_OR_PARTITION') return false;
    return (
      invalidMetadata ||
      name === 'NOT_CONTROLLER' ||
      name === 'NOT_COORDINATOR' ||
      name.startsWith('COORDINATOR_')
    );
  });
}

function remember<V>(map: Map<string, V>, key: string, value: V): void {
  map.delete(key);
  map.set(key, value);
  if (map.size > REMEMBERED_MAX) map.delete(map.keys().next().value!);
}
