// The metadata of four directories that Apache Kafka made, read by our replay: the image must say what Apache Kafka said
// of itself (its Admin client, just before it stopped, or after it started again).

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  type ExpectedView,
  expectedOf,
  GOLDEN_TREES,
  type GoldenTree,
  loadGoldenDisk,
} from '../../../test/support/golden-disk.ts';
import { DataDirectory } from '../../storage/data-dir/data-directory.ts';
import { LogStore } from '../../storage/log/log-store.ts';
import { ManualTime } from '../runtime/clock.ts';
import { replayLog } from '../runtime/log-replay.ts';
import { configsOf } from './configs.ts';
import { type MetadataImage, ResourceType } from './image.ts';
import { metadataRecordCodec } from './metadata-record.ts';
import { MetadataState } from './metadata-state.ts';
import { restoreSnapshot } from './snapshots.ts';

function readState(tree: GoldenTree, options: { readonly fromSnapshot: boolean }): MetadataState {
  const time = new ManualTime();
  const report = () => {};
  const fileSystem = loadGoldenDisk(tree, { onlyPartition: '__cluster_metadata-0' });
  const directory = DataDirectory.open({ fileSystem, path: '/data', nodeId: 1 });
  const store = LogStore.open({
    fileSystem,
    directory,
    durability: 'always',
    clock: time,
    timers: time,
    report,
  });
  const log = store.metadataLog();
  const state = new MetadataState();
  const fromOffset = options.fromSnapshot ? restoreSnapshot(state, { directory, log, report }) : 0;
  assert.equal(options.fromSnapshot && tree.startsWith('rich'), fromOffset > 0, 'rich trees have a snapshot');
  replayLog({ log, codec: metadataRecordCodec, state, fromOffset, isolation: 'log_end' });
  return state;
}

/** The parts of a view that are metadata, in one form for both sides. */
function fromImage(image: MetadataImage) {
  const configs: Record<string, Record<string, string>> = {};
  const typeNames = new Map(Object.entries(ResourceType).map(([name, id]) => [id as number, name]));
  for (const [key, values] of image.configs) {
    const [type, ...rest] = key.split(':');
    if (Number(type) === ResourceType.TOPIC) continue;
    configs[`${typeNames.get(Number(type))}:${rest.join(':')}`] = Object.fromEntries([...values].sort());
  }
  return {
    topics: Object.fromEntries(
      [...image.topicsByName.values()]
        .sort((a, b) => (a.name < b.name ? -1 : 1))
        .map(({ name, id, partitions }) => [
          name,
          {
            id,
            configs: Object.fromEntries([...configsOf(image, { type: ResourceType.TOPIC, name })].sort()),
            partitions: partitions.map(({ partition }) => partition),
          },
        ]),
    ),
    configs,
    features: Object.fromEntries([...image.features].sort()),
    scram: [...image.scramCredentials.values()]
      .map(
        ({ name, mechanism, iterations }) =>
          `${name} ${mechanism === 1 ? 'SCRAM-SHA-256' : 'SCRAM-SHA-512'} ${iterations}`,
      )
      .sort(),
    quotas: [...image.quotas.values()]
      .map(({ entity, values }) =>
        JSON.stringify([entity.map(part => [part.entityType, part.entityName]).sort(), [...values].sort()]),
      )
      .sort(),
    acls: [...image.acls.values()].map(acl => `${acl.resourceName} ${acl.principal} ${acl.host}`).sort(),
  };
}

function fromView(view: ExpectedView): ReturnType<typeof fromImage> {
  const sorted = (values: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(values).sort());
  const configs: Record<string, Record<string, string>> = {};
  for (const [key, values] of Object.entries(view.configs)) {
    if (!key.startsWith('BROKER_LOGGER') && Object.keys(values).length > 0) configs[key] = sorted(values);
  }
  return {
    topics: Object.fromEntries(
      Object.entries(view.topics)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, topic]) => [
          name,
          {
            id: topic.id,
            configs: sorted(topic.configs),
            partitions: topic.partitions.map(each => each.partition),
          },
        ]),
    ),
    configs,
    features: Object.fromEntries(Object.entries(view.finalizedFeatures).sort()),
    scram: view.scram.map(({ user, mechanism, iterations }) => `${user} ${mechanism} ${iterations}`).sort(),
    quotas: view.quotas
      .map(({ entity, quotas }) =>
        JSON.stringify([Object.entries(entity).sort(), Object.entries(quotas).sort()]),
      )
      .sort(),
    acls: view.acls.map(acl => `${acl.resourceName} ${acl.principal} ${acl.host}`).sort(),
  };
}

/** The view of a broker's configuration repeats what is set for all brokers. */
function withoutInherited(view: ReturnType<typeof fromImage>): ReturnType<typeof fromImage> {
  const all = view.configs['BROKER:'] ?? {};
  const { 'BROKER:1': own, ...rest } = view.configs;
  if (own === undefined) return view;
  const left = Object.entries(own).filter(([name, value]) => all[name] !== value);
  return { ...view, configs: left.length === 0 ? rest : { ...rest, 'BROKER:1': Object.fromEntries(left) } };
}

describe('metadata that Apache Kafka wrote', () => {
  for (const tree of GOLDEN_TREES) {
    const expected = expectedOf(tree);
    const view = expected.view ?? expected.afterRestart;

    it(`${tree}: the image is what Apache Kafka says`, () => {
      const { image } = readState(tree, { fromSnapshot: true });
      assert.deepEqual(withoutInherited(fromImage(image)), withoutInherited(fromView(view)));
    });

    it(`${tree}: the whole log says the same as snapshot and rest`, () => {
      const [a, b] = [readState(tree, { fromSnapshot: false }), readState(tree, { fromSnapshot: true })];
      assert.deepEqual(fromImage(a.image), fromImage(b.image));
      assert.deepEqual(a.image.topicsByName, b.image.topicsByName);
      assert.deepEqual(a.image.brokers, b.image.brokers);
      assert.equal(a.image.nextProducerId, b.image.nextProducerId);
      assert.equal(a.image.lastOffset, b.image.lastOffset);
      assert.deepEqual(a.voters, b.voters);
    });

    it(`${tree}: voters stand in the log exactly with kraft.version 1`, () => {
      const { voters } = readState(tree, { fromSnapshot: true });
      const isStatic = tree.endsWith('static');
      const shown = voters.map(({ voterId, voterDirectoryId }) => ({
        id: voterId,
        directoryId: voterDirectoryId,
      }));
      assert.deepEqual(shown, isStatic ? [] : view.quorum.voters);
    });
  }
});
