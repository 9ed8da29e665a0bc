// The generic test of event sourcing: whatever is asked of the metadata, in any order, the image is exactly what its
// records make of an empty one, encoded and decoded as they stand in the log. A failure prints its seed.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fc } from '../../../test/support/properties.ts';
import { BrokerSettings } from '../config/settings.ts';
import { decideAlterConfigs } from './alter-configs.ts';
import { registerBroker, unfenceBroker } from './brokers.ts';
import { configsOf } from './configs.ts';
import { decideCreatePartitions } from './create-partitions.ts';
import { decideCreateTopics } from './create-topics.ts';
import { decideDeleteTopics } from './delete-topics.ts';
import { featureLevelRecords } from './features.ts';
import { frozenImage, type MetadataImage, ResourceType, ZERO_UUID } from './image.ts';
import { imageRecords } from './image-records.ts';
import { type MetadataRecord, metadataRecordCodec } from './metadata-record.ts';
import { MetadataState } from './metadata-state.ts';
import { allocateBlock } from './producer-id-blocks.ts';
import { electLeaders } from './topics.ts';

type Decide = (image: MetadataImage, world: World) => readonly MetadataRecord[];

class World {
  #uuids = 0;
  readonly records: MetadataRecord[] = [];
  readonly state = new MetadataState();
  readonly environment = {
    nodeId: 1,
    directoryId: 'ORlneusRQn-08naQiicAPA',
    settings: new BrokerSettings({
      nodeId: 1,
      properties: new Map(),
      configOf: resource => configsOf(this.state.image, resource),
    }),
    newUuid: () => {
      this.#uuids += 1;
      const bytes = Buffer.alloc(16, 1);
      bytes.writeUInt32BE(this.#uuids, 12);
      return bytes.toString('base64url');
    },
  };

  constructor() {
    const registration = {
      nodeId: 1,
      incarnationId: 'W9mitENESvyFvRnYkZcydQ',
      endpoints: [],
      rack: null,
      directoryId: 'ORlneusRQn-08naQiicAPA',
    };
    this.apply(featureLevelRecords(25));
    this.apply([registerBroker(this.state.image, registration, 3n)]);
    this.apply([unfenceBroker(this.state.image.brokers.get(1)!)]);
  }

  apply(records: readonly MetadataRecord[]): void {
    for (const record of records) {
      this.state.replay(record, positionOf(this.records.length));
      this.records.push(record);
    }
    this.environment.settings.forget(null);
  }
}

function positionOf(offset: number) {
  return { offset, timestampMs: 0, producerId: -1n, producerEpoch: -1, isTransactional: false };
}

const name = fc.constantFrom('a', 'b', 'a.b', 'a_b', 'orders', 'bad name', '', '__consumer_offsets');
const configs = fc.array(
  fc.record({
    name: fc.constantFrom('retention.ms', 'cleanup.policy', 'segment.bytes', 'no.such.key'),
    value: fc.constantFrom('1000', 'compact', 'delete', '-1', '2097152', null),
  }),
  { maxLength: 3 },
);
const operation: fc.Arbitrary<Decide> = fc.oneof(
  fc
    .record({
      name,
      numPartitions: fc.integer({ min: -2, max: 4 }),
      replicationFactor: fc.integer({ min: -1, max: 2 }),
      configs,
    })
    .map(topic => (image: MetadataImage, { environment }: World) => {
      const command = { topics: [{ ...topic, assignments: [] }], validateOnly: false };
      return decideCreateTopics(image, command, environment).records;
    }),
  fc.array(name, { maxLength: 3 }).map(names => (image: MetadataImage) => {
    return decideDeleteTopics(
      image,
      names.map(each => ({ name: each, topicId: ZERO_UUID })),
    ).records;
  }),
  fc
    .record({ name, count: fc.integer({ min: 0, max: 6 }) })
    .map(topic => (image: MetadataImage, { environment }: World) => {
      const command = { topics: [{ ...topic, assignments: null }], validateOnly: false };
      return decideCreatePartitions(image, command, environment).records;
    }),
  fc
    .record({
      type: fc.constantFrom(ResourceType.TOPIC, ResourceType.BROKER, ResourceType.GROUP),
      name: fc.oneof(name, fc.constantFrom('1', '')),
      configs: fc.array(
        fc.record({
          name: fc.constantFrom(
            'retention.ms',
            'cleanup.policy',
            'log.retention.ms',
            'consumer.session.timeout.ms',
          ),
          configOperation: fc.integer({ min: 0, max: 3 }),
          value: fc.constantFrom('50000', 'compact', 'delete', null),
        }),
        { maxLength: 3 },
      ),
    })
    .map(change => (image: MetadataImage, { environment }: World) => {
      const resources = [{ resource: { type: change.type, name: change.name }, configs: change.configs }];
      return decideAlterConfigs(image, { resources, validateOnly: false }, environment).records;
    }),
  fc.constant((image: MetadataImage) => allocateBlock(image, image.brokers.get(1)!).records),
  fc.constant((image: MetadataImage) => electLeaders(image, { nodeId: 1, everyPartition: true })),
);

/** The image that a snapshot of this one makes, through the bytes that stand in its file. */
function fromSnapshot(image: MetadataImage): MetadataImage {
  const restored = new MetadataState();
  for (const record of imageRecords(frozenImage(image))) {
    const { key, value } = metadataRecordCodec.encode(record);
    restored.replay(metadataRecordCodec.decode(key, value)!, positionOf(0));
  }
  restored.restoredUpTo(image.lastOffset + 1, 0);
  return restored.image;
}

test('an image is its records, replayed', () => {
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 40 }), operations => {
      const world = new World();
      for (const decide of operations) {
        const before = structuredClone(world.state.image);
        const records = decide(world.state.image, world);
        assert.deepEqual(structuredClone(world.state.image), before, 'deciding changes nothing');
        world.apply(records);
      }
      const replayed = new MetadataState();
      for (const [offset, record] of world.records.entries()) {
        const { key, value } = metadataRecordCodec.encode(record);
        replayed.replay(metadataRecordCodec.decode(key, value)!, positionOf(offset));
      }
      assert.deepEqual(replayed.image, world.state.image);
      assert.deepEqual(fromSnapshot(world.state.image), world.state.image);
    }),
    { numRuns: 200 },
  );
});
