// Groups that Apache Kafka left in its data directories, read by a whole broker that opens them.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { GOLDEN_TREES, type GoldenTree, loadGoldenDisk } from '../../../test/support/golden-disk.ts';
import { openTestBroker } from '../../../test/support/test-broker.ts';
import { ManualTime } from '../runtime/clock.ts';
import { ClusterTopics } from './consumer/cluster-topics.ts';
import { metadataHashOf } from './consumer/subscriptions.ts';
import { OFFSETS_TOPIC } from './group-coordinator.ts';

interface ExpectedGroup {
  readonly type: string;
  readonly protocol: string;
  readonly state: string;
  readonly partitionAssignor: string;
  readonly groupEpoch?: number;
  /** Topic, partition, start offset. */
  readonly shareOffsets?: readonly (readonly [string, number, number])[];
  readonly targetAssignmentEpoch?: number;
  readonly members?: readonly {
    readonly memberId: string;
    readonly groupInstanceId: string | null;
    readonly clientId: string;
    readonly host: string;
    readonly memberEpoch?: number;
    readonly assignment?: readonly string[];
  }[];
  readonly offsets?: readonly {
    readonly topic: string;
    readonly partition: number;
    readonly offset: number;
    readonly leaderEpoch: number;
    readonly metadata: string;
  }[];
}

interface ExpectedView {
  readonly capturedAtMs: number;
  readonly groups: Readonly<Record<string, ExpectedGroup>>;
}

function expectedView(tree: GoldenTree): ExpectedView {
  const path = join(import.meta.dirname, '../../../test/golden/disk', tree, 'expected.json');
  const { view, afterRestart } = JSON.parse(readFileSync(path, 'utf8'));
  return view ?? afterRestart;
}

/** With the clock of the day, or members and offsets would have expired long ago. */
async function openTree(context: TestContext, tree: GoldenTree) {
  const time = new ManualTime(expectedView(tree).capturedAtMs ?? Date.now());
  return openTestBroker(context, { fileSystem: loadGoldenDisk(tree), time });
}

describe("Apache Kafka's groups", () => {
  for (const tree of GOLDEN_TREES) {
    it(`of ${tree} are as it described them, with their offsets`, async context => {
      const { broker } = await openTree(context, tree);
      const { groups } = broker.node;
      const classic = Object.entries(expectedView(tree).groups).filter(([, { type }]) => type === 'Classic');
      for (const [groupId, expected] of classic) {
        const [described] = await groups.describe([groupId]).promise();
        assert(described?.group != null, `${groupId} is not there`);
        const { state, protocolType, protocolData, members } = described.group;
        assert.deepEqual(
          { state, protocol: protocolType, partitionAssignor: protocolData },
          {
            state: expected.state,
            protocol: expected.protocol,
            partitionAssignor: expected.partitionAssignor,
          },
          groupId,
        );
        const identities = members.map(({ memberId, groupInstanceId, clientId, clientHost }) => ({
          memberId,
          groupInstanceId,
          clientId,
          host: clientHost,
        }));
        const expectedIdentities = (expected.members ?? []).map(
          ({ memberId, groupInstanceId, clientId, host }) => ({ memberId, groupInstanceId, clientId, host }),
        );
        assert.deepEqual(identities, expectedIdentities, groupId);
      }
      const listed = await groups.list({ states: [], types: [] }).promise();
      const names = listed.groups.map(({ groupId, groupType }) => `${groupId} ${groupType}`).sort();
      const expectedNames = Object.entries(expectedView(tree).groups).map(
        ([groupId, { type }]) => `${groupId} ${type.toLowerCase()}`,
      );
      assert.deepEqual(names, expectedNames.sort());

      for (const [groupId, expected] of Object.entries(expectedView(tree).groups)) {
        const fetched = await groups.offsets.fetch({ groupId, topics: null, requireStable: false }).promise();
        const offsets = fetched.topics.flatMap(topic =>
          topic.partitions.map(partition => ({
            topic: topic.name,
            partition: partition.partitionIndex,
            offset: partition.committedOffset,
            leaderEpoch: partition.committedLeaderEpoch,
            metadata: partition.metadata,
          })),
        );
        assert.deepEqual(sorted(offsets), sorted(expected.offsets ?? []), groupId);
      }
    });
  }

  for (const tree of GOLDEN_TREES) {
    it(`of the consumer protocol in ${tree} are as it described them`, async context => {
      const { broker } = await openTree(context, tree);
      const groups = Object.entries(expectedView(tree).groups).filter(([, { type }]) => type === 'Consumer');
      for (const [groupId, expected] of groups) {
        const [described] = await broker.node.groups.consumer.describe([groupId]).promise();
        assert(described?.group != null, `${groupId} is not there`);
        const { groupState, groupEpoch, assignmentEpoch, assignorName, members } = described.group;
        const { state, partitionAssignor, targetAssignmentEpoch } = expected;
        assert.deepEqual(
          { state: groupState, partitionAssignor: assignorName, groupEpoch, assignmentEpoch },
          {
            state,
            partitionAssignor,
            groupEpoch: expected.groupEpoch,
            assignmentEpoch: targetAssignmentEpoch,
          },
          groupId,
        );
        const shown = members.map(
          ({ memberId, instanceId, clientId, clientHost, memberEpoch, assignment }) => ({
            memberId,
            groupInstanceId: instanceId,
            clientId,
            host: clientHost,
            memberEpoch,
            assignment: assignment.topicPartitions
              .flatMap(({ topicName, partitions }) =>
                partitions.map(partition => `${topicName}-${partition}`),
              )
              .sort(),
          }),
        );
        assert.deepEqual(shown, expected.members ?? [], groupId);
      }
    });
  }

  for (const tree of GOLDEN_TREES) {
    it(`that share partitions in ${tree} are as it described them, with their offsets`, async context => {
      const { broker } = await openTree(context, tree);
      const { share, shareOffsets } = broker.node.groups;
      const groups = Object.entries(expectedView(tree).groups).filter(([, { type }]) => type === 'Share');
      for (const [groupId, expected] of groups) {
        const [described] = await share.describe([groupId]).promise();
        const { groupState, groupEpoch, members } = described!.group!;
        assert.deepEqual(
          { groupState, groupEpoch, members },
          { groupState: expected.state, groupEpoch: expected.groupEpoch, members: [] },
          groupId,
        );
        const { topics } = await shareOffsets.describe({ groupId, topics: null }).promise();
        const offsets = topics.flatMap(({ topicName, partitions }) =>
          partitions.map(({ partitionIndex, startOffset }) => [topicName, partitionIndex, startOffset]),
        );
        assert.deepEqual(offsets, expected.shareOffsets, groupId);
      }
    });
  }

  it('have the hash of their topics that this program makes, too', async context => {
    const { broker } = await openTree(context, 'rich-static');
    const { groups } = broker.node;
    for (const groupId of ['consumer-member', 'consumer-regex']) {
      const group = groups.stateOf(groups.partitionOf(groupId))!.consumerGroups.get(groupId)!;
      const topics = new ClusterTopics(() => broker.node.metadata.image);
      assert.equal(metadataHashOf(group.members, group.resolvedRegexes, topics), group.metadataHash);
      assert.notEqual(group.metadataHash, 0n);
    }
  });

  it('of newer kinds keep their records, and cannot be joined over', async context => {
    const { broker, log } = await openTree(context, 'rich-static');
    const { groups } = broker.node;
    const groupId = 'consumer-member';
    const partition = groups.partitionOf(groupId);
    const endOffset = log(OFFSETS_TOPIC, partition).logEndOffset;
    const answer = await groups.classic
      .join({
        request: {
          groupId,
          memberId: '',
          groupInstanceId: null,
          sessionTimeoutMs: 10_000,
          rebalanceTimeoutMs: 10_000,
          protocolType: 'connect',
          protocols: [{ name: 'range', metadata: Buffer.alloc(0) }],
          reason: null,
        },
        apiVersion: 9,
        clientId: 'test',
        clientHost: '/127.0.0.1',
      })
      .promise();
    assert.equal(answer.errorCode, 23);
    assert.deepEqual(await groups.delete([groupId]).promise(), [68]);
    assert.equal(log(OFFSETS_TOPIC, partition).logEndOffset, endOffset);
  });
});

function sorted<T extends { readonly topic: string; readonly partition: number }>(
  offsets: readonly T[],
): T[] {
  return [...offsets].sort((a, b) => a.topic.localeCompare(b.topic) || a.partition - b.partition);
}
