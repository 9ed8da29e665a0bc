// What a broker says of everything it holds, as plain values, so that what another says later can be compared with it.

import type { KafkaClient } from '../../../src/client/kafka-client.ts';
import { ConsumerGroupDescribe } from '../../../src/protocol/messages/apis/consumer-group-describe.ts';
import { DescribeClientQuotas } from '../../../src/protocol/messages/apis/describe-client-quotas.ts';
import { DescribeConfigs } from '../../../src/protocol/messages/apis/describe-configs.ts';
import { DescribeGroups } from '../../../src/protocol/messages/apis/describe-groups.ts';
import { DescribeTransactions } from '../../../src/protocol/messages/apis/describe-transactions.ts';
import { DescribeUserScramCredentials } from '../../../src/protocol/messages/apis/describe-user-scram-credentials.ts';
import { ListGroups } from '../../../src/protocol/messages/apis/list-groups.ts';
import { ListTransactions } from '../../../src/protocol/messages/apis/list-transactions.ts';
import { OffsetFetch } from '../../../src/protocol/messages/apis/offset-fetch.ts';
import { aclsOf } from './acls.ts';
import { refuse, serves, untilAnswered } from './asking.ts';
import { type PartitionView, viewPartition } from './view-partitions.ts';
import type { World } from './world.ts';

export interface View {
  readonly clusterId: string | null;
  /** Name to id and number of partitions. */
  readonly topics: Readonly<Record<string, string>>;
  readonly configs: Readonly<Record<string, string>>;
  readonly partitions: Readonly<Record<string, PartitionView>>;
  readonly groups: Readonly<Record<string, string>>;
  readonly offsets: Readonly<Record<string, string>>;
  readonly transactions: Readonly<Record<string, string>>;
  /** Null: not served. */
  readonly quotas: readonly string[] | null;
  readonly scram: readonly string[] | null;
  readonly acls: readonly string[] | null;
}

const TOPIC = 2;
const BROKER = 4;
const GROUP = 32;
/** DYNAMIC_TOPIC, DYNAMIC_BROKER, DYNAMIC_DEFAULT_BROKER, CLIENT_METRICS, GROUP: what stands in the metadata log. */
const STORED_SOURCES = [1, 2, 3, 7, 8];

/** Everything but what is written while brokers are killed. */
export function viewOf(client: KafkaClient, world: World): Promise<View> {
  return untilAnswered(async () => {
    const topics = await client.topics();
    const own = topics
      .filter(topic => !topic.internal && topic.name !== world.busy.topic)
      .sort((one, other) => (one.name < other.name ? -1 : 1));
    const partitions: Record<string, PartitionView> = {};
    for (const { name, partitions: all } of own) {
      for (const { partition } of all)
        partitions[`${name}-${partition}`] = await viewPartition(client, { topic: name, partition });
    }
    const names = new Map(topics.map(topic => [topic.topicId, topic.name]));
    return {
      clusterId: (await client.cluster()).clusterId,
      topics: Object.fromEntries(
        topics.map(topic => [topic.name, `${topic.topicId} ${topic.partitions.length}`]),
      ),
      configs: await configsOf(
        client,
        own.map(({ name }) => name),
        world,
      ),
      partitions,
      ...(await groupsOf(client, world, names)),
      transactions: await transactionsOf(client),
      quotas: (await serves(client, DescribeClientQuotas)) ? await quotasOf(client) : null,
      scram: (await serves(client, DescribeUserScramCredentials)) ? await scramOf(client) : null,
      acls: await aclsOf(client),
    };
  });
}

async function configsOf(client: KafkaClient, topics: readonly string[], world: World) {
  const resources = [
    ...topics.map(name => [TOPIC, name] as const),
    [BROKER, '1'] as const,
    [BROKER, ''] as const,
    ...world.groups.map(name => [GROUP, name] as const),
  ].map(([resourceType, resourceName]) => ({ resourceType, resourceName, configurationKeys: null }));
  const answer = await client.request(
    DescribeConfigs,
    { resources, includeSynonyms: false, includeDocumentation: false },
    { node: { nodeId: 1 } },
  );
  const found: [string, string][] = [];
  for (const { errorCode, resourceType, resourceName, configs } of answer.results) {
    refuse(errorCode, `DescribeConfigs of ${resourceName}`);
    for (const { name, value, configSource } of configs)
      if (STORED_SOURCES.includes(configSource))
        found.push([`${resourceType} ${resourceName} ${name}`, `${value}`]);
  }
  return Object.fromEntries(found.sort());
}

async function groupsOf(client: KafkaClient, world: World, names: ReadonlyMap<string, string>) {
  const groups: Record<string, string> = {};
  const offsets: Record<string, string> = {};
  const listed = await client.request(ListGroups, { statesFilter: [], typesFilter: [] }, { node: 'any' });
  refuse(listed.errorCode, 'ListGroups');
  const listedIds = listed.groups.map(({ groupId }) => groupId);
  for (const { groupId, groupType, groupState, protocolType } of listed.groups)
    groups[groupId] = `${groupType} ${groupState} ${protocolType}`;
  for (const group of new Set([...listedIds, ...world.groups])) {
    if (group === world.busy.group) continue;
    const node = { coordinatorOf: { key: group, type: 'group' } } as const;
    const described = await client.request(
      DescribeGroups,
      { groups: [group], includeAuthorizedOperations: false },
      { node },
    );
    const { errorCode, groupState, protocolType, protocolData, members } = described.groups[0]!;
    const memberTexts = members.map(
      ({ memberId, groupInstanceId, clientId, memberMetadata, memberAssignment }) =>
        `${memberId} ${groupInstanceId} ${clientId} ${memberMetadata.toString('hex')} ${memberAssignment.toString('hex')}`,
    );
    groups[`${group} described`] =
      `${errorCode} ${groupState} ${protocolType} ${protocolData} ${memberTexts.sort().join('; ')}`;
    if (groups[group]?.startsWith('consumer ') === true)
      groups[`${group} of the consumer protocol`] = await consumerGroupOf(client, group);
    const body = {
      groupId: '',
      topics: [],
      groups: [{ groupId: group, topics: null }],
      requireStable: false,
    };
    const fetched = await client.request(OffsetFetch, body, { node });
    const answer = fetched.groups[0]!;
    refuse(answer.errorCode, `OffsetFetch of ${group}`);
    for (const topic of answer.topics) {
      const name = topic.name === '' ? names.get(topic.topicId) : topic.name;
      for (const { partitionIndex, committedOffset, committedLeaderEpoch, metadata } of topic.partitions)
        offsets[`${group} ${name}-${partitionIndex}`] =
          `${committedOffset} ${committedLeaderEpoch} ${metadata}`;
    }
  }
  delete groups[world.busy.group];
  return { groups, offsets };
}

async function consumerGroupOf(client: KafkaClient, group: string): Promise<string> {
  const answer = await client.request(
    ConsumerGroupDescribe,
    { groupIds: [group], includeAuthorizedOperations: false },
    { node: { coordinatorOf: { key: group, type: 'group' } } },
  );
  const { errorCode, groupState, groupEpoch, assignmentEpoch, assignorName, members } = answer.groups[0]!;
  refuse(errorCode, `ConsumerGroupDescribe of ${group}`);
  // In which order an assignment names its topics means nothing.
  const ordered = (assignment: (typeof members)[number]['assignment']) =>
    assignment.topicPartitions.map(each => JSON.stringify(each)).sort();
  const memberTexts = members
    .map(member =>
      JSON.stringify({
        ...member,
        assignment: ordered(member.assignment),
        targetAssignment: ordered(member.targetAssignment),
      }),
    )
    .sort();
  return `${groupState} ${groupEpoch} ${assignmentEpoch} ${assignorName} ${memberTexts.join('; ')}`;
}

async function transactionsOf(client: KafkaClient): Promise<Record<string, string>> {
  const listed = await client.request(
    ListTransactions,
    { stateFilters: [], producerIdFilters: [] },
    { node: 'any' },
  );
  refuse(listed.errorCode, 'ListTransactions');
  const found: Record<string, string> = {};
  for (const { transactionalId } of listed.transactionStates) {
    const node = { coordinatorOf: { key: transactionalId, type: 'transaction' } } as const;
    const body = { transactionalIds: [transactionalId] };
    const [state] = (await client.request(DescribeTransactions, body, { node })).transactionStates;
    refuse(state!.errorCode, `DescribeTransactions of ${transactionalId}`);
    const partitions = state!.topics.flatMap(topic => topic.partitions.map(each => `${topic.topic}-${each}`));
    found[transactionalId] =
      `${state!.transactionState} ${state!.producerId}/${state!.producerEpoch} ${state!.transactionTimeoutMs} ` +
      `${state!.transactionStartTimeMs} ${partitions.sort().join(' ')}`;
  }
  return found;
}

async function quotasOf(client: KafkaClient): Promise<string[]> {
  const answer = await client.request(
    DescribeClientQuotas,
    { components: [], strict: false },
    { node: 'any' },
  );
  refuse(answer.errorCode, 'DescribeClientQuotas');
  return (answer.entries ?? [])
    .map(({ entity, values }) => {
      const who = entity.map(({ entityType, entityName }) => `${entityType}=${entityName}`).sort();
      return `${who} ${values.map(({ key, value }) => `${key}=${value}`).sort()}`;
    })
    .sort();
}

async function scramOf(client: KafkaClient): Promise<string[]> {
  const answer = await client.request(DescribeUserScramCredentials, { users: null }, { node: 'any' });
  refuse(answer.errorCode, 'DescribeUserScramCredentials');
  return answer.results
    .map(({ user, credentialInfos }) => {
      const kinds = credentialInfos.map(({ mechanism, iterations }) => `${mechanism}/${iterations}`);
      return `${user} ${kinds.sort()}`;
    })
    .sort();
}
