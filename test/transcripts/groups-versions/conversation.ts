// One conversation about groups in every version of every request, and what a broker answers. Ids and addresses, which
// differ from broker to broker, are numbered or named; everything else is kept as it was decoded.

import { CreateTopics } from '../../../src/protocol/messages/apis/create-topics.ts';
import { DeleteGroups } from '../../../src/protocol/messages/apis/delete-groups.ts';
import { DescribeGroups } from '../../../src/protocol/messages/apis/describe-groups.ts';
import { FindCoordinator } from '../../../src/protocol/messages/apis/find-coordinator.ts';
import { Heartbeat } from '../../../src/protocol/messages/apis/heartbeat.ts';
import { JoinGroup } from '../../../src/protocol/messages/apis/join-group.ts';
import { LeaveGroup } from '../../../src/protocol/messages/apis/leave-group.ts';
import { ListGroups } from '../../../src/protocol/messages/apis/list-groups.ts';
import { OffsetCommit } from '../../../src/protocol/messages/apis/offset-commit.ts';
import { OffsetFetch } from '../../../src/protocol/messages/apis/offset-fetch.ts';
import { SyncGroup } from '../../../src/protocol/messages/apis/sync-group.ts';
import type { Api, RequestDraft, ResponseOf } from '../../../src/protocol/schema/field.ts';
import { ZERO_UUID } from '../../../src/protocol/wire/reader.ts';
import { RawConnection } from '../../support/raw-connection.ts';

/** One line of the record: what was asked, what came back. */
export interface Exchange {
  readonly asked: string;
  readonly answer: unknown;
}

const TOPIC = 'orders';
const UNKNOWN_TOPIC_ID = 'AAAAAAAAAAAAAAAAAAAAZQ';
const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;
/** A consumer's subscription: version 0, one topic "orders", no user data. */
const SUBSCRIPTION = Buffer.from('0000' + '00000001' + '00066f7264657273' + 'ffffffff', 'hex');

class Talk {
  readonly exchanges: Exchange[] = [];
  readonly #connection: RawConnection;
  readonly #names = new Map<string, string>();
  readonly #uuids = new Map<string, number>();

  constructor(connection: RawConnection) {
    this.#connection = connection;
  }

  /** `text` is shown in the place of a value that differs from broker to broker. */
  name(value: string | number, text: string): void {
    this.#names.set(JSON.stringify(value), JSON.stringify(text));
  }

  async ask<A extends Api>(
    api: A,
    version: number,
    body: RequestDraft<A>,
    about = '',
  ): Promise<ResponseOf<A>> {
    const answer = await this.#connection.request(api, version, body);
    this.exchanges.push({
      asked: `${api.name} v${version}${about === '' ? '' : ` ${about}`}`,
      answer: this.#shown(answer),
    });
    return answer;
  }

  #shown(value: unknown): unknown {
    const text = JSON.stringify(value, (_, field) =>
      field !== null && field?.type === 'Buffer' ? Buffer.from(field.data).toString('hex') : field,
    );
    let shown = text.replace(UUID, uuid => this.#numbered(uuid));
    for (const [exact, name] of this.#names) shown = shown.replaceAll(exact, name);
    return JSON.parse(shown);
  }

  #numbered(uuid: string): string {
    if (!this.#uuids.has(uuid)) this.#uuids.set(uuid, this.#uuids.size + 1);
    return `#${this.#uuids.get(uuid)}`;
  }
}

function versions(api: Api, from = api.versions.min): number[] {
  return Array.from({ length: api.versions.max - from + 1 }, (_, index) => from + index);
}

/** Everything, in order, on one connection. The broker must be fresh. */
export async function converse(port: number): Promise<Exchange[]> {
  const connection = await RawConnection.open(port);
  const talk = new Talk(connection);
  talk.name(port, 'port');
  const created = await connection.request(CreateTopics, 7, {
    topics: [{ name: TOPIC, numPartitions: 2, replicationFactor: 1, assignments: [], configs: [] }],
    timeoutMs: 10_000,
    validateOnly: false,
  });
  const topicId = created.topics[0]!.topicId;
  talk.name(topicId, 'id of orders');
  await coordinatorReady(connection);
  await findCoordinators(talk);
  for (const version of versions(JoinGroup)) await liveGroup(talk, version);
  for (const version of versions(OffsetCommit)) await commits(talk, version, topicId);
  for (const version of versions(OffsetFetch)) await fetches(talk, version, topicId);
  for (const version of versions(ListGroups)) await lists(talk, version);
  for (const version of versions(DescribeGroups)) await describes(talk, version);
  for (const version of versions(DeleteGroups)) await deletions(talk, version);
  connection.close();
  return talk.exchanges;
}

/** Apache Kafka makes its coordinators while it already answers. */
async function coordinatorReady(connection: RawConnection): Promise<void> {
  const groups = Array.from({ length: 500 }, (_, index) => `any-${index}`);
  for (;;) {
    await connection.request(FindCoordinator, 4, { keyType: 0, coordinatorKeys: ['any'] });
    const described = await connection.request(DescribeGroups, 5, {
      groups,
      includeAuthorizedOperations: false,
    });
    if (described.groups.every(group => group.errorCode === 0)) return;
    await new Promise(resolve => setTimeout(resolve, 100));
  }
}

async function findCoordinators(talk: Talk): Promise<void> {
  for (const version of versions(FindCoordinator)) {
    const keys = (text: string) =>
      version < 4 ? { key: text, coordinatorKeys: [] } : { coordinatorKeys: [text, 'second'] };
    await talk.ask(FindCoordinator, version, { ...keys('a-group'), keyType: 0 }, 'of a group');
    await talk.ask(FindCoordinator, version, { ...keys(''), keyType: 0 }, 'of the empty group');
    if (version === 0) continue;
    await talk.ask(FindCoordinator, version, { ...keys('g'), keyType: 9 }, 'of a kind that does not exist');
    if (version < 6)
      await talk.ask(
        FindCoordinator,
        version,
        { ...keys('g:AAAAAAAAAAAAAAAAAAAAZQ:0'), keyType: 2 },
        'of a share partition',
      );
  }
}

/** The life of a group with one member, in JoinGroup's version and the versions of the others beside it. */
async function liveGroup(talk: Talk, version: number): Promise<void> {
  const groupId = `live-${version}`;
  const other = (api: Api) => Math.max(api.versions.min, Math.min(version, api.versions.max));
  const join = (memberId: string) => ({
    groupId,
    sessionTimeoutMs: 10_000,
    rebalanceTimeoutMs: version === 0 ? -1 : 20_000,
    memberId,
    groupInstanceId: null,
    protocolType: 'consumer',
    protocols: [{ name: 'range', metadata: SUBSCRIPTION }],
    reason: version < 8 ? null : 'because',
  });
  let joined = await talk.ask(JoinGroup, version, join(''), 'first');
  if (joined.errorCode !== 0)
    joined = await talk.ask(JoinGroup, version, join(joined.memberId), 'with its id');
  const { memberId, generationId } = joined;
  const member = { groupId, memberId, generationId, groupInstanceId: null };
  await talk.ask(Heartbeat, other(Heartbeat), member, 'before sync');
  const protocol = version < 5 ? {} : { protocolType: 'consumer', protocolName: 'range' };
  const sync = { ...member, ...protocol, assignments: [{ memberId, assignment: Buffer.from('all of it') }] };
  await talk.ask(SyncGroup, other(SyncGroup), sync);
  await talk.ask(
    SyncGroup,
    other(SyncGroup),
    { ...sync, protocolType: null, protocolName: null },
    'without protocol',
  );
  await talk.ask(Heartbeat, other(Heartbeat), member);
  await talk.ask(Heartbeat, other(Heartbeat), { ...member, generationId: 7 }, 'of another generation');
  await talk.ask(DescribeGroups, other(DescribeGroups), {
    groups: [groupId],
    includeAuthorizedOperations: version >= 3,
  });
  await talk.ask(JoinGroup, version, { ...join('nobody'), protocols: [] }, 'without protocols');
  await talk.ask(JoinGroup, version, join('nobody'), 'of a stranger');
  await talk.ask(JoinGroup, version, { ...join(''), sessionTimeoutMs: 1 }, 'with a session too short');
  await talk.ask(JoinGroup, version, { ...join(''), groupId: '' }, 'of no group');
  await leave(talk, version, { groupId, memberId: 'nobody' });
  await leave(talk, version, { groupId, memberId });
  await leave(talk, version, { groupId: 'no-such-group', memberId });
  await leave(talk, version, { groupId: '', memberId });
}

async function leave(
  talk: Talk,
  version: number,
  who: { readonly groupId: string; readonly memberId: string },
): Promise<void> {
  const leaveVersion = Math.min(version, LeaveGroup.versions.max);
  const { groupId, memberId } = who;
  const body =
    leaveVersion < 3
      ? { groupId, memberId, members: [] }
      : {
          groupId,
          members: [
            { memberId, groupInstanceId: null },
            { memberId: '', groupInstanceId: 'blue' },
          ],
        };
  await talk.ask(LeaveGroup, leaveVersion, body);
}

async function commits(talk: Talk, version: number, topicId: string): Promise<void> {
  const topics = (partitions: readonly number[], name = TOPIC, id = topicId) => [
    {
      ...(version < 10 ? { name } : { topicId: id }),
      partitions: partitions.map(partitionIndex => ({
        partitionIndex,
        committedOffset: 5 + version,
        committedLeaderEpoch: version < 6 ? -1 : 3,
        committedMetadata: `in version ${version}`,
      })),
    },
  ];
  const commit = (body: Partial<RequestDraft<typeof OffsetCommit>>, about: string) =>
    talk.ask(
      OffsetCommit,
      version,
      { groupId: `commits-${version}`, memberId: '', topics: topics([0, 1]), ...body },
      about,
    );
  await commit({}, 'of two partitions');
  await commit(
    { topics: [...topics([0, 7]), ...topics([0], 'no-such-topic', UNKNOWN_TOPIC_ID)] },
    'of what does not exist',
  );
  await commit({ topics: topics([0], 'no-such-topic', UNKNOWN_TOPIC_ID) }, 'of nothing that exists');
  await commit({ topics: [] }, 'of nothing');
  await commit({ generationIdOrMemberEpoch: 3, memberId: 'nobody' }, 'of a stranger');
  await commit(
    { groupId: 'no-such-group', generationIdOrMemberEpoch: 3, memberId: 'nobody' },
    'of a stranger without a group',
  );
  await commit({ groupId: '' }, 'of the empty group');
  const [topic] = topics([0]);
  const long = {
    ...topic!,
    partitions: topic!.partitions.map(partition => ({ ...partition, committedMetadata: 'x'.repeat(4097) })),
  };
  await commit({ topics: [long] }, 'with metadata too long');
  const none = {
    ...topic!,
    partitions: topic!.partitions.map(partition => ({ ...partition, committedMetadata: null })),
  };
  await commit({ topics: [none] }, 'without metadata');
}

async function fetches(talk: Talk, version: number, topicId: string): Promise<void> {
  const groupId = 'commits-9';
  const fetch = async (
    groups: readonly string[],
    topics: readonly { name: string; id: string }[] | null,
    about: string,
  ) => {
    const partitionIndexes = [0, 1, 5];
    if (version < 8) {
      const named = topics?.map(({ name }) => ({ name, partitionIndexes })) ?? null;
      await talk.ask(
        OffsetFetch,
        version,
        { groupId: groups[0]!, topics: named, groups: [], requireStable: version >= 7 },
        about,
      );
      return;
    }
    const asked =
      topics?.map(({ name, id }) => ({ ...(version < 10 ? { name } : { topicId: id }), partitionIndexes })) ??
      null;
    await talk.ask(
      OffsetFetch,
      version,
      { groups: groups.map(one => ({ groupId: one, topics: asked })), requireStable: true },
      about,
    );
  };
  const orders = { name: TOPIC, id: topicId };
  const unknown = { name: 'no-such-topic', id: UNKNOWN_TOPIC_ID };
  await fetch([groupId], [orders], 'of a topic');
  await fetch([groupId], [orders, unknown], 'of a topic that does not exist');
  await fetch([groupId], [], 'of nothing');
  await fetch(['no-such-group'], [orders], 'of an unknown group');
  if (version >= 2) await fetch([groupId], null, 'of everything');
  if (version >= 2) await fetch(['no-such-group'], null, 'of everything of an unknown group');
  if (version >= 8) await fetch([groupId, 'no-such-group', ''], [orders], 'of three groups');
  if (version >= 10) await fetch([groupId], [{ name: '', id: ZERO_UUID }], 'of the zero id');
}

/** Only a few groups are looked at: who else is there depends on what came before. */
async function lists(talk: Talk, version: number): Promise<void> {
  const list = (states: readonly string[], types: readonly string[], about: string) =>
    talk.ask(ListGroups, version, { statesFilter: states, typesFilter: types }, about);
  await list([], [], 'all');
  if (version >= 4) await list(['stable'], [], 'that are stable');
  if (version >= 4) await list([' eMPty '], [], 'that are empty');
  if (version >= 5) await list([], ['CLASSIC'], 'that are classic');
  if (version >= 5) await list([], ['consumer'], 'of consumers');
  if (version >= 5) await list([], ['nonsense'], 'of no kind');
}

async function describes(talk: Talk, version: number): Promise<void> {
  const groups = ['live-9', 'no-such-group', '', 'commits-9'];
  await talk.ask(DescribeGroups, version, { groups, includeAuthorizedOperations: false });
  if (version >= 3)
    await talk.ask(DescribeGroups, version, { groups, includeAuthorizedOperations: true }, 'with operations');
}

async function deletions(talk: Talk, version: number): Promise<void> {
  const groupsNames = [`live-${version}`, `live-${version}`, 'no-such-group', ''];
  await talk.ask(DeleteGroups, version, { groupsNames });
}
