// The same commands over the wire: every client has a connection of its own to a running broker, time is real, and member
// ids are numbered in the order they are first seen, so that what is said can be compared with a transcript.

import { Deferred } from '../../../src/broker/runtime/deferred.ts';
import { DeleteGroups } from '../../../src/protocol/messages/apis/delete-groups.ts';
import { DescribeGroups } from '../../../src/protocol/messages/apis/describe-groups.ts';
import { Heartbeat } from '../../../src/protocol/messages/apis/heartbeat.ts';
import { JoinGroup } from '../../../src/protocol/messages/apis/join-group.ts';
import { LeaveGroup } from '../../../src/protocol/messages/apis/leave-group.ts';
import { OffsetCommit } from '../../../src/protocol/messages/apis/offset-commit.ts';
import { OffsetFetch } from '../../../src/protocol/messages/apis/offset-fetch.ts';
import { SyncGroup } from '../../../src/protocol/messages/apis/sync-group.ts';
import type { Api, RequestDraft, ResponseOf } from '../../../src/protocol/schema/field.ts';
import { decodeResponse, RawConnection } from '../../support/raw-connection.ts';
import type { Client, World } from './group-commands.ts';

const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/** An answer that takes longer will not come. */
const ANSWER_MS_MAX = 10_000;

export interface RemoteWorldOptions {
  readonly port: number;
  /** Groups of different runs must not meet. */
  readonly prefix: string;
  /** Resolves when the broker has taken in, and answered as far as it will, all that was sent about the group. */
  readonly barrier: (groupId: string) => Promise<void>;
  /** How time passes; by itself when absent. */
  readonly advance?: (byMs: number) => void;
}

export class RemoteWorld implements World {
  readonly clients: Map<string, Client> = new Map();
  readonly coordinator: World['coordinator'];
  readonly #options: RemoteWorldOptions;
  readonly #connections = new Set<RawConnection>();
  readonly #uuids = new Map<string, string>();
  #said: string[] = [];
  /** Who has sent something and got no answer yet. */
  readonly #unanswered = new Set<string>();
  readonly #sent: Promise<void>[] = [];

  constructor(options: RemoteWorldOptions) {
    this.#options = options;
    this.coordinator = this.#coordinator();
  }

  client(name: string): Client {
    let client = this.clients.get(name);
    if (client === undefined) {
      client = { name, memberId: '', generationId: -1, protocols: [], instanceId: null };
      this.clients.set(name, client);
    }
    return client;
  }

  say(line: string): void {
    const waiting = / waits$/.test(line) ? line.slice(0, -' waits'.length) : null;
    if (waiting !== null) this.#unanswered.add(waiting);
    else this.#unanswered.delete(line.slice(0, line.indexOf(':')));
    this.#said.push(this.numbered(line));
  }

  /** With a number for each member id that the broker made. */
  numbered(line: string): string {
    let numbered = line.replace(UUID, uuid => this.#numberOf(uuid));
    for (const [uuid, number] of this.#uuids) numbered = numbered.replaceAll(uuid, number);
    return numbered;
  }

  /** In a consumer group a member's whole id is a uuid in Kafka's own text. */
  #remember(memberId: string): void {
    if (/^[\w-]{22}$/.test(memberId)) this.#numberOf(memberId);
  }

  /** Waits for everybody who is not expected to wait, then for the broker to come to rest. */
  async settle(mayWait: ReadonlySet<string>): Promise<void> {
    const isOverdue = () => [...this.#unanswered].some(name => !mayWait.has(name));
    for (const deadlineMs = Date.now() + ANSWER_MS_MAX; isOverdue() && Date.now() < deadlineMs; )
      await sleep(2);
    await Promise.all(this.#sent);
    if (this.#unanswered.size > 0) await this.#options.barrier(`${this.#options.prefix}-g`);
  }

  takeOutput(): string[] {
    const said = this.#said;
    this.#said = [];
    return said;
  }

  async advance(byMs: number): Promise<void> {
    const { advance } = this.#options;
    if (advance === undefined) await sleep(byMs);
    else advance(byMs);
  }

  configure(): void {
    throw new Error('a running broker keeps its settings');
  }

  limitBatches(): void {
    throw new Error('a running broker keeps its settings');
  }

  restart(): void {
    throw new Error('a running broker is not restarted');
  }

  disk(): void {
    throw new Error('the disk of a running broker is out of reach');
  }

  close(): void {
    for (const connection of this.#connections) connection.close();
  }

  #numberOf(uuid: string): string {
    const known = this.#uuids.get(uuid);
    if (known !== undefined) return known;
    this.#uuids.set(uuid, String(this.#uuids.size + 1));
    return this.#numberOf(uuid);
  }

  #uuidOf(memberId: string): string {
    for (const [uuid, number] of this.#uuids) {
      if (memberId.endsWith(`-${number}`)) return `${memberId.slice(0, -number.length)}${uuid}`;
    }
    return memberId;
  }

  /** Who waits in a JoinGroup holds its connection up, so another request of its member opens a further one. */
  #send<A extends Api, T>(
    request: {
      readonly api: A;
      readonly version: number;
      readonly clientId: string;
      readonly body: RequestDraft<A>;
    },
    answer: (response: ResponseOf<A>) => T,
  ): Deferred<T> {
    const deferred = new Deferred<T>();
    const connected = RawConnection.open(this.#options.port);
    const run = async () => {
      const connection = await connected;
      this.#connections.add(connection);
      connection.send(request.api, request.version, request.body, request.clientId);
      const frame = await connection.frame();
      deferred.complete(answer(decodeResponse(request.api, request.version, frame)));
      connection.close();
    };
    this.#sent.push(connected.then(() => undefined));
    run().catch((error: Error) => this.say(`${request.api.name}: ${error.message}`));
    return deferred;
  }

  #coordinator(): World['coordinator'] {
    const group = (groupId: string) => (groupId === '' ? '' : `${this.#options.prefix}-${groupId}`);
    const clientId = 'transcript';
    return {
      classic: {
        join: ({ request, apiVersion, clientId: ownClientId }) =>
          this.#send(
            {
              api: JoinGroup,
              version: apiVersion,
              clientId: ownClientId,
              body: { ...request, groupId: group(request.groupId), memberId: this.#uuidOf(request.memberId) },
            },
            response => {
              this.#remember(response.memberId);
              // The protocol type came with version 7.
              return { ...response, protocolType: response.protocolType ?? request.protocolType };
            },
          ),
        sync: ({ request }) =>
          this.#send(
            {
              api: SyncGroup,
              version: 5,
              clientId,
              body: { ...request, groupId: group(request.groupId), memberId: this.#uuidOf(request.memberId) },
            },
            response => response,
          ),
        heartbeat: command =>
          this.#send(
            {
              api: Heartbeat,
              version: 4,
              clientId,
              body: { ...command, groupId: group(command.groupId), memberId: this.#uuidOf(command.memberId) },
            },
            ({ errorCode }) => errorCode,
          ),
        leave: (groupId, leaving) => {
          const members = leaving.map(member => ({ ...member, memberId: this.#uuidOf(member.memberId) }));
          return this.#send(
            { api: LeaveGroup, version: 5, clientId, body: { groupId: group(groupId), members } },
            response => response,
          );
        },
      },
      offsets: {
        commit: command =>
          this.#send(
            {
              api: OffsetCommit,
              version: command.apiVersion,
              clientId,
              body: {
                groupId: group(command.groupId),
                generationIdOrMemberEpoch: command.generationId,
                memberId: this.#uuidOf(command.memberId),
                groupInstanceId: command.groupInstanceId,
                retentionTimeMs: BigInt(command.retentionTimeMs),
                topics: command.topics,
              },
            },
            ({ topics }) => topics,
          ),
        fetch: ({ groupId, topics, requireStable }) =>
          this.#send(
            {
              api: OffsetFetch,
              version: 9,
              clientId,
              body: { groups: [{ groupId: group(groupId), topics }], requireStable },
            },
            ({ groups }) => ({
              errorCode: groups[0]!.errorCode,
              topics: groups[0]!.topics.map(topic => ({
                ...topic,
                partitions: topic.partitions.map(partition => ({
                  ...partition,
                  metadata: partition.metadata ?? '',
                })),
              })),
            }),
          ),
      },
      describe: groupIds =>
        this.#send(
          {
            api: DescribeGroups,
            version: 6,
            clientId,
            body: { groups: groupIds.map(group), includeAuthorizedOperations: false },
          },
          ({ groups }) =>
            groups.map(one => ({
              groupId: one.groupId,
              errorCode: one.errorCode,
              group: one.errorCode === 0 ? { ...one, state: one.groupState } : null,
            })),
        ),
      delete: groupIds =>
        this.#send(
          { api: DeleteGroups, version: 2, clientId, body: { groupsNames: groupIds.map(group) } },
          ({ results }) => results.map(({ errorCode }) => errorCode),
        ),
      topicDeleted: () => {
        throw new Error('topics of a running broker are left alone');
      },
    };
  }
}

function sleep(delayMs: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, delayMs));
}
