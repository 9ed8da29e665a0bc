// Which process answers for which partitions (interactive queries, KIP-1071): of every member that has an endpoint, the
// topics its tasks read. Follows Apache Kafka's EndpointToPartitionsManager.

import { KafkaError } from '../../../protocol/errors.ts';
import type { TopicsView } from '../consumer/topics-view.ts';
import { hashOrdered } from '../hash-order.ts';
import type { ConfiguredSubtopology, ConfiguredTopology } from './configure-topology.ts';
import type { HeartbeatAnswer } from './streams-decision.ts';
import type { StreamsMember } from './streams-member.ts';
import type { TaskEpochs, TaskPartitions } from './tasks.ts';

type EndpointPartitions = NonNullable<HeartbeatAnswer['partitionsByUserEndpoint']>[number];
type TopicPartition = EndpointPartitions['activePartitions'][number];

export function endpointsOf(
  members: Iterable<StreamsMember>,
  { subtopologies }: ConfiguredTopology,
  topics: TopicsView,
): EndpointPartitions[] {
  const endpoints: EndpointPartitions[] = [];
  for (const { userEndpoint, assigned } of members) {
    if (userEndpoint === null) continue;
    // Apache Kafka, too, fails here until the topology fits the topics.
    if (subtopologies === null) throw new KafkaError('UNKNOWN_SERVER_ERROR');
    const { host, port } = userEndpoint;
    endpoints.push({
      userEndpoint: { host, port },
      activePartitions: partitionsOf(assigned.active, subtopologies, topics),
      standbyPartitions: partitionsOf(assigned.standby, subtopologies, topics),
    });
  }
  return endpoints;
}

function partitionsOf(
  tasks: TaskEpochs | TaskPartitions,
  subtopologies: ReadonlyMap<string, ConfiguredSubtopology>,
  topics: TopicsView,
): TopicPartition[] {
  const all: TopicPartition[] = [];
  for (const [subtopologyId, ofTask] of tasks) {
    const subtopology = subtopologies.get(subtopologyId);
    if (subtopology === undefined) throw new KafkaError('UNKNOWN_SERVER_ERROR');
    const sources = [...subtopology.sourceTopics, ...subtopology.repartitionSourceTopics.keys()];
    for (const topic of hashOrdered(sources)) {
      const count = topics.byName(topic)?.partitionCount;
      if (count === undefined) throw new KafkaError('UNKNOWN_SERVER_ERROR');
      const partitions = [...ofTask.keys()].filter(partition => partition < count).sort((a, b) => a - b);
      if (partitions.length > 0) all.push({ topic, partitions });
    }
  }
  return all;
}
