// The commands of the transcripts over the wire, to a running broker. Groups and topics have names of their own per
// transcript; what is said has the transcript's.

import type { DescribedConsumerGroup } from '../../../src/broker/groups/consumer/describe.ts';
import type { TopicView } from '../../../src/broker/groups/consumer/topics-view.ts';
import type { FetchedTopic } from '../../../src/broker/groups/offsets/offset-fetch.ts';
import { Deferred } from '../../../src/broker/runtime/deferred.ts';
import { errorOf, KafkaError } from '../../../src/protocol/errors.ts';
import { ConsumerGroupDescribe } from '../../../src/protocol/messages/apis/consumer-group-describe.ts';
import { ConsumerGroupHeartbeat } from '../../../src/protocol/messages/apis/consumer-group-heartbeat.ts';
import { CreatePartitions } from '../../../src/protocol/messages/apis/create-partitions.ts';
import { CreateTopics } from '../../../src/protocol/messages/apis/create-topics.ts';
import { DeleteGroups } from '../../../src/protocol/messages/apis/delete-groups.ts';
import { DeleteTopics } from '../../../src/protocol/messages/apis/delete-topics.ts';
import { DescribeGroups } from '../../../src/protocol/messages/apis/describe-groups.ts';
import { FindCoordinator } from '../../../src/protocol/messages/apis/find-coordinator.ts';
import { ListGroups } from '../../../src/protocol/messages/apis/list-groups.ts';
import { OffsetCommit } from '../../../src/protocol/messages/apis/offset-commit.ts';
import { OffsetFetch } from '../../../src/protocol/messages/apis/offset-fetch.ts';
import type { ResponseOf } from '../../../src/protocol/schema/field.ts';
import { ZERO_UUID } from '../../../src/protocol/wire/reader.ts';
import { RawConnection } from '../../support/raw-connection.ts';
import { rememberName } from '../groups/fake-topics.ts';
import type { Client } from '../groups/group-commands.ts';
import type { RemoteWorld } from '../groups/remote-world.ts';
import type { ConsumerWorld } from './consumer-commands.ts';

export interface RemoteConsumerWorldOptions {
  readonly port: number;
  readonly prefix: string;
  /** How long the broker takes to hear of a change of the metadata, and to match a pattern on another thread. */
  readonly lagMs: number;
  /** Speaks the classic protocol to the same groups; topics then have the names of the transcript. */
  readonly classic?: RemoteWorld;
}

export class RemoteConsumerWorld implements ConsumerWorld {
  readonly #connection: RawConnection;
  readonly #prefix: string;
  readonly #clients: Map<string, Client>;
  readonly #topicPrefix: string;
  readonly #classic: RemoteWorld | null;
  readonly #topicIds = new Map<string, string>();
  /** One request at a time. */
  #last: Promise<void> = Promise.resolve();
  #said: string[] = [];

  readonly #lagMs: number;

  private constructor(connection: RawConnection, { prefix, lagMs, classic }: RemoteConsumerWorldOptions) {
    this.#connection = connection;
    this.#prefix = `${prefix}-`;
    this.#lagMs = lagMs;
    this.#classic = classic ?? null;
    this.#topicPrefix = classic === undefined ? this.#prefix : '';
    this.#clients = classic?.clients ?? new Map();
  }

  static async open(options: RemoteConsumerWorldOptions): Promise<RemoteConsumerWorld> {
    const connection = await RawConnection.open(options.port);
    const groups = Array.from({ length: 500 }, (_, index) => `any-${index}`);
    for (;;) {
      await connection.request(FindCoordinator, 4, { keyType: 0, coordinatorKeys: ['any'] });
      const request = { groups, includeAuthorizedOperations: false };
      const described = await connection.request(DescribeGroups, 5, request);
      if (described.groups.every(group => group.errorCode === 0)) break;
      await new Promise(resolve => setTimeout(resolve, 100));
    }
    return new RemoteConsumerWorld(connection, options);
  }

  client(name: string): Client {
    let client = this.#clients.get(name);
    if (client === undefined) {
      client = { name, memberId: '', generationId: -1, protocols: [], instanceId: null };
      this.#clients.set(name, client);
    }
    return client;
  }

  say(line: string): void {
    const said = line.replaceAll(this.#prefix, '');
    this.#said.push(this.#classic?.numbered(said) ?? said);
  }

  takeOutput(): string[] {
    const said = this.#said;
    this.#said = [];
    return said;
  }

  settle(): Promise<void> {
    return this.#last;
  }

  /** Leaves no topics behind whose names another transcript may use. */
  async close(): Promise<void> {
    if (this.#topicPrefix === '') {
      const topics = [...this.#topicIds.keys()].map(name => ({ name, topicId: ZERO_UUID }));
      await this.#connection.request(DeleteTopics, 6, { topics, timeoutMs: 10_000 });
      await this.#lag();
    }
    this.#connection.close();
  }

  configure(): void {
    throw new Error('a running broker keeps its settings');
  }

  configureConsumers(): void {
    throw new Error('a running broker keeps its settings');
  }

  #ask<T>(run: () => Promise<T>): Deferred<T> {
    const deferred = new Deferred<T>();
    this.#last = this.#last.then(async () => deferred.complete(await run()));
    return deferred;
  }

  async #lag(): Promise<void> {
    if (this.#lagMs > 0) await new Promise(resolve => setTimeout(resolve, this.#lagMs));
  }

  #named(name: string): string {
    return `${this.#prefix}${name}`;
  }

  #topicNamed(name: string): string {
    return `${this.#topicPrefix}${name}`;
  }

  readonly topics: ConsumerWorld['topics'] = {
    create: (name, partitionCount) => {
      this.#ask(async () => {
        const topic = { name: this.#topicNamed(name), numPartitions: partitionCount, replicationFactor: 1 };
        const topics = [{ ...topic, assignments: [], configs: [] }];
        const created = await this.#connection.request(CreateTopics, 7, {
          topics,
          timeoutMs: 10_000,
          validateOnly: false,
        });
        const { topicId } = created.topics[0]!;
        this.#topicIds.set(name, topicId);
        rememberName(topicId, name);
        await this.#lag();
      });
    },
    grow: (name, count) => {
      this.#ask(async () => {
        const topics = [{ name: this.#topicNamed(name), count, assignments: null }];
        await this.#connection.request(CreatePartitions, 3, {
          topics,
          timeoutMs: 10_000,
          validateOnly: false,
        });
        await this.#lag();
      });
    },
    delete: name => {
      this.#ask(async () => {
        const topics = [{ name: this.#topicNamed(name), topicId: ZERO_UUID }];
        await this.#connection.request(DeleteTopics, 6, { topics, timeoutMs: 10_000 });
        this.#topicIds.delete(name);
        await this.#lag();
      });
    },
    byName: (name): TopicView | undefined => {
      const id = this.#topicIds.get(name);
      return id === undefined ? undefined : { id, name, partitionCount: 0, hash: 0n };
    },
  };

  readonly coordinator: ConsumerWorld['coordinator'] = {
    consumer: {
      heartbeat: ({ request, apiVersion }) =>
        this.#ask(async () => {
          const { subscribedTopicNames: names, subscribedTopicRegex: regex } = request;
          const isPattern = regex !== null && /^[a-z]/.test(regex);
          const answer = await this.#connection.request(ConsumerGroupHeartbeat, apiVersion, {
            ...request,
            groupId: this.#named(request.groupId),
            subscribedTopicNames: names?.map(name => this.#topicNamed(name)) ?? null,
            subscribedTopicRegex: isPattern ? this.#topicNamed(regex) : regex,
          });
          if (regex !== null) await this.#lag();
          return answer;
        }),
      describe: groupIds =>
        this.#ask(async () => {
          const request = {
            groupIds: groupIds.map(groupId => this.#named(groupId)),
            includeAuthorizedOperations: false,
          };
          const { groups } = await this.#connection.request(ConsumerGroupDescribe, 1, request);
          return groups.map((group): DescribedConsumerGroup => {
            const { errorCode, errorMessage, groupId } = group;
            if (errorCode === 0) return { groupId, error: null, group };
            const error = new KafkaError(errorOf(errorCode).name, errorMessage ?? '');
            return { groupId, error, group: null };
          });
        }),
    },
    list: ({ states, types }) =>
      this.#ask(async () => {
        const request = { statesFilter: [...states], typesFilter: [...types] };
        const { errorCode, groups } = await this.#connection.request(ListGroups, 5, request);
        return { errorCode, groups: groups.filter(({ groupId }) => groupId.startsWith(this.#prefix)) };
      }),
    offsets: {
      commit: command =>
        this.#ask(async () => {
          const { topics } = await this.#connection.request(OffsetCommit, command.apiVersion, {
            groupId: this.#named(command.groupId),
            generationIdOrMemberEpoch: command.generationId,
            memberId: command.memberId,
            groupInstanceId: command.groupInstanceId,
            topics: command.topics.map(topic => ({ ...topic, name: this.#topicNamed(topic.name) })),
          });
          return topics.map((topic, index) => ({ ...topic, name: command.topics[index]!.name }));
        }),
      fetch: command =>
        this.#ask(async () => {
          const { groupId, memberId = null, memberEpoch = -1 } = command;
          const group = { groupId: this.#named(groupId), memberId, memberEpoch, topics: null };
          const request = { groups: [group], requireStable: command.requireStable };
          const { groups } = await this.#connection.request(OffsetFetch, 9, request);
          const { errorCode, topics } = groups[0]!;
          return { errorCode, topics: topics.map(fetchedTopic) };
        }),
    },
    delete: groupIds =>
      this.#ask(async () => {
        const request = { groupsNames: groupIds.map(groupId => this.#named(groupId)) };
        const { results } = await this.#connection.request(DeleteGroups, 2, request);
        return results.map(({ errorCode }) => errorCode);
      }),
  };
}

type AnsweredTopic = ResponseOf<typeof OffsetFetch>['groups'][number]['topics'][number];

function fetchedTopic({ name, topicId, partitions }: AnsweredTopic): FetchedTopic {
  return { name, topicId, partitions: partitions.map(one => ({ ...one, metadata: one.metadata ?? '' })) };
}
