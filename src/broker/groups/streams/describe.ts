// What StreamsGroupDescribe shows of a group: the topology as it was configured while that runs, else as it was described.

import type { KafkaError } from '../../../protocol/errors.ts';
import type { StreamsGroupDescribe } from '../../../protocol/messages/apis/streams-group-describe.ts';
import type { ResponseDraft } from '../../../protocol/schema/field.ts';
import { hashOrdered } from '../hash-order.ts';
import { type InternalTopic, isReady, type ReadyTopology } from './configure-topology.ts';
import type { StreamsGroup } from './streams-group.ts';
import type { StreamsMember } from './streams-member.ts';
import { type OwnedTasks, type Tasks, taskIdsOf } from './tasks.ts';
import type { InternalTopicInfo, Topology } from './topology.ts';

type GroupAnswer = NonNullable<ResponseDraft<typeof StreamsGroupDescribe>['groups']>[number];
type MemberAnswer = GroupAnswer['members'][number];
type TopologyAnswer = NonNullable<GroupAnswer['topology']>;
type TopicAnswer = NonNullable<TopologyAnswer['subtopologies']>[number]['stateChangelogTopics'][number];

export interface DescribedStreamsGroup {
  readonly groupId: string;
  readonly error: KafkaError | null;
  readonly group: Omit<GroupAnswer, 'errorCode' | 'errorMessage' | 'groupId'> | null;
}

export function describeStreamsGroup(group: StreamsGroup): DescribedStreamsGroup {
  const { groupId, groupEpoch, assignmentEpoch, members, topology, memory } = group;
  const configured = memory.configuredTopology;
  return {
    groupId,
    error: null,
    group: {
      groupState: group.state,
      groupEpoch,
      assignmentEpoch,
      topology:
        configured !== null && isReady(configured)
          ? configuredAnswer(configured)
          : topology && describedAnswer(topology),
      members: [...members.values()].map(member => memberAnswer(member, group.targetOf(member.memberId))),
    },
  };
}

function configuredAnswer({ epoch, subtopologies }: ReadyTopology): TopologyAnswer {
  return {
    epoch,
    subtopologies: [...subtopologies].map(([subtopologyId, subtopology]) => ({
      subtopologyId,
      sourceTopics: [...subtopology.sourceTopics].sort(),
      repartitionSinkTopics: [...subtopology.repartitionSinkTopics].sort(),
      stateChangelogTopics: byName([...subtopology.changelogTopics.values()].map(internalTopicAnswer)),
      repartitionSourceTopics: byName(
        [...subtopology.repartitionSourceTopics.values()].map(internalTopicAnswer),
      ),
    })),
  };
}

function internalTopicAnswer({
  name,
  partitionCount,
  replicationFactor,
  configs,
}: InternalTopic): TopicAnswer {
  return {
    name,
    partitions: partitionCount,
    replicationFactor,
    topicConfigs: hashOrdered(configs.keys()).map(key => ({ key, value: configs.get(key)! })),
  };
}

function describedAnswer({ epoch, subtopologies }: Topology): TopologyAnswer {
  const ids = [...subtopologies.keys()].sort();
  return {
    epoch,
    subtopologies: ids.map(subtopologyId => {
      const subtopology = subtopologies.get(subtopologyId)!;
      return {
        subtopologyId,
        sourceTopics: [...subtopology.sourceTopics].sort(),
        repartitionSinkTopics: [...subtopology.repartitionSinkTopics].sort(),
        stateChangelogTopics: byName(subtopology.stateChangelogTopics.map(describedTopic)),
        repartitionSourceTopics: byName(subtopology.repartitionSourceTopics.map(describedTopic)),
      };
    }),
  };
}

function describedTopic({
  name,
  partitions,
  replicationFactor,
  topicConfigs,
}: InternalTopicInfo): TopicAnswer {
  const configs = topicConfigs.map(({ key, value }) => ({ key, value }));
  return { name, partitions, replicationFactor, topicConfigs: configs };
}

function byName(topics: TopicAnswer[]): TopicAnswer[] {
  return topics.sort((a, b) => (a.name < b.name ? -1 : 1));
}

function memberAnswer(member: StreamsMember, target: Tasks): MemberAnswer {
  const { memberId, memberEpoch, instanceId, rackId, clientId, clientHost } = member;
  const { topologyEpoch, processId, userEndpoint, clientTags, assigned } = member;
  return {
    memberId,
    memberEpoch,
    instanceId,
    rackId,
    clientId,
    clientHost,
    topologyEpoch,
    processId,
    userEndpoint: userEndpoint && { host: userEndpoint.host, port: userEndpoint.port },
    clientTags: hashOrdered(clientTags.keys()).map(key => ({ key, value: clientTags.get(key)! })),
    taskOffsets: [],
    taskEndOffsets: [],
    assignment: assignmentAnswer(assigned),
    targetAssignment: assignmentAnswer(target),
    isClassic: false,
  };
}

function assignmentAnswer({ active, standby, warmup }: OwnedTasks | Tasks): MemberAnswer['assignment'] {
  return {
    activeTasks: taskIdsOf(active),
    standbyTasks: taskIdsOf(standby),
    warmupTasks: taskIdsOf(warmup),
  };
}
