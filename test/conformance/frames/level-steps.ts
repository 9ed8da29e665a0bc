// What hangs on metadata.version, for a cluster that begins at 30: which levels are finalized, what forbids what, and which
// answers have the fields that came with newer levels.

import { ApiVersions } from '../../../src/protocol/messages/apis/api-versions.ts';
import { CreateTopics } from '../../../src/protocol/messages/apis/create-topics.ts';
import { DescribeLogDirs } from '../../../src/protocol/messages/apis/describe-log-dirs.ts';
import { DescribeTopicPartitions } from '../../../src/protocol/messages/apis/describe-topic-partitions.ts';
import type { ResponseOf } from '../../../src/protocol/schema/field.ts';
import {
  alter,
  DELETE,
  ELR,
  finalized,
  minInsync,
  SAFE_DOWNGRADE,
  SET,
  UNSAFE_DOWNGRADE,
  UPGRADE,
  update,
} from './feature-steps.ts';
import { ask, type FrameStep, inAnyOrder, step } from './frame-step.ts';

/** What is advertised; the epoch of the features is how much was changed before. */
const versionsKnown = (version: number): FrameStep =>
  inAnyOrder({
    name: `ApiVersions v${version} at this level`,
    ask: async peer => {
      const body = { clientSoftwareName: 'raw', clientSoftwareVersion: '1.0' };
      const answer = (await ask(peer, { api: ApiVersions, version, body })) as ResponseOf<typeof ApiVersions>;
      return {
        apiKeys: answer.apiKeys,
        supported: answer.supportedFeatures,
        finalized: answer.finalizedFeatures,
      };
    },
  });

const createTopic = (name: string): FrameStep => ({
  name: `CreateTopics v7 of ${name}`,
  ask: async peer => {
    const body = {
      topics: [{ name, numPartitions: 2, replicationFactor: 1, assignments: [], configs: [] }],
      timeoutMs: 5_000,
      validateOnly: false,
    };
    const { topics } = (await ask(peer, { api: CreateTopics, version: 7, body })) as ResponseOf<
      typeof CreateTopics
    >;
    return topics.map(({ topicId: _, ...topic }) => topic);
  },
});

const describeLogDirs: FrameStep = {
  name: 'DescribeLogDirs v5: which directories are cordoned',
  ask: async peer => {
    const { results } = (await ask(peer, {
      api: DescribeLogDirs,
      version: 5,
      body: { topics: [] },
    })) as ResponseOf<typeof DescribeLogDirs>;
    return results.map(({ errorCode, isCordoned }) => ({ errorCode, isCordoned }));
  },
};

const cordon = (broker: string, value: string) =>
  alter(broker, { name: 'cordoned.log.dirs', configOperation: SET, value });

export const levelSteps: readonly FrameStep[] = [
  finalized('metadata.version', 30),
  finalized(ELR, 1),
  finalized('group.version', 1),
  finalized('transaction.version', 2),
  finalized('share.version', 1),
  finalized('streams.version', 1),
  versionsKnown(3),
  versionsKnown(4),
  alter('', minInsync(DELETE, null)),
  alter('1', minInsync(SET, '1')),
  alter('1', minInsync(DELETE, null)),
  alter('', minInsync(SET, '0')),
  alter('', minInsync(SET, '2')),
  alter('', minInsync(SET, '1')),
  cordon('', ''),
  cordon('', '*'),
  cordon('1', '/no/such'),
  cordon('1', '/no/such,/nor/this'),
  cordon('1', '*,/no/such'),
  cordon('1', ''),
  createTopic('level-topic'),
  describeLogDirs,
  step('DescribeTopicPartitions of an unknown topic', {
    api: DescribeTopicPartitions,
    version: 0,
    body: { topics: [{ name: 'nowhere' }], responsePartitionLimit: 10, cursor: null },
  }),
  update('metadata.version', 30, UPGRADE),
  update('metadata.version', 29, SAFE_DOWNGRADE),
  update('metadata.version', 25, UNSAFE_DOWNGRADE),
  update('metadata.version', 31, UPGRADE),
  update(ELR, 2, UPGRADE),
  update(ELR, 0, SAFE_DOWNGRADE),
  finalized(ELR, 0),
  alter('1', minInsync(SET, '1')),
  update(ELR, 1, UPGRADE),
  finalized(ELR, 1),
];
