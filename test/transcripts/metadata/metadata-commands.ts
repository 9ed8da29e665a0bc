// The language of the metadata transcripts; README.md of this folder lists it.

import assert from 'node:assert/strict';
import type { ApiError } from '../../../src/broker/metadata/api-error.ts';
import { apiErrorOf } from '../../../src/broker/metadata/api-error.ts';
import { type NewTopic, refusedTopic } from '../../../src/broker/metadata/create-topics.ts';
import { ResourceType, ZERO_UUID } from '../../../src/broker/metadata/image.ts';
import { errorOf, type KafkaError } from '../../../src/protocol/errors.ts';
import { administrationCommands } from './administration-commands.ts';
import type { MetadataWorld } from './metadata-world.ts';

type Command = (world: MetadataWorld, words: readonly string[]) => void | Promise<void>;

const OPERATIONS: readonly string[] = ['set', 'delete', 'append', 'subtract'];

export const commands: ReadonlyMap<string, Command> = new Map<string, Command>([
  ['start', world => world.start()],
  ['start-quietly', world => world.startQuietly()],
  ['stop', world => world.stop()],
  ['crash', world => world.crash()],
  ['hold-disk', world => world.holdDisk()],
  ['release-disk', world => world.releaseDisk()],
  ['fail-disk', world => world.failNextSync()],
  ['create-topics', (world, words) => createTopics(world, words, false)],
  ['check-topics', (world, words) => createTopics(world, words, true)],
  ['delete-topics', deleteTopics],
  ['create-partitions', createPartitions],
  ['alter', alter],
  ['replace', replace],
  ['ensure', ensure],
  ['producer-ids', producerIds],
  ['show-topics', showTopics],
  ['show-configs', showConfigs],
  ['show-broker', showBroker],
  ...administrationCommands,
]);

/** `name:partitions:replicationFactor,key=value,…` */
function newTopic(word: string): NewTopic {
  const [head, ...configs] = word.split(',') as [string, ...string[]];
  const [name, partitions, factor] = head.split(':') as [string, string?, string?];
  return {
    name,
    numPartitions: Number(partitions ?? 1),
    replicationFactor: Number(factor ?? 1),
    assignments: [],
    configs: configs.map(config => ({ name: config.split('=')[0]!, value: config.split('=')[1] ?? null })),
  };
}

function createTopics(world: MetadataWorld, words: readonly string[], validateOnly: boolean): void {
  const topics = words.map(newTopic);
  const failed = (error: KafkaError) => topics.map(({ name }) => refusedTopic(name, apiErrorOf(error)));
  world.answer(world.metadata.createTopics({ topics, validateOnly }, failed), created =>
    created.map(({ name, error, topicId, numPartitions }) =>
      error.code === 0
        ? `${name}: ${validateOnly ? 'could be' : 'is'} created, id ${topicId}, ${numPartitions} partitions`
        : `${name}: ${said(error)}`,
    ),
  );
}

function deleteTopics(world: MetadataWorld, words: readonly string[]): void {
  const topics = words.map(name => ({ name, topicId: ZERO_UUID }));
  const failed = (error: KafkaError) => topics.map(topic => ({ ...topic, error: apiErrorOf(error) }));
  world.answer(world.metadata.deleteTopics(topics, failed), deleted =>
    deleted.map(
      ({ name, topicId, error }) =>
        `${name}: ${error.code === 0 ? `is deleted, id ${topicId}` : said(error)}`,
    ),
  );
}

function createPartitions(world: MetadataWorld, [name, count]: readonly string[]): void {
  const topics = [{ name: name!, count: Number(count), assignments: null }];
  const failed = (error: KafkaError) => [{ name: name!, error: apiErrorOf(error) }];
  world.answer(world.metadata.createPartitions({ topics, validateOnly: false }, failed), ([result]) => [
    `${name}: ${result!.error.code === 0 ? `has ${count} partitions` : said(result!.error)}`,
  ]);
}

/** `alter topic:orders set:retention.ms=1000 delete:segment.bytes` */
function alter(world: MetadataWorld, [target, ...changes]: readonly string[]): void {
  const resource = resourceOf(target!);
  const configs = changes.map(change => {
    const [operation, rest] = change.split(/:(.*)/) as [string, string];
    const [name, value] = rest.split(/=(.*)/) as [string, string?];
    assert(OPERATIONS.includes(operation), `no such operation: ${operation}`);
    return { name, configOperation: OPERATIONS.indexOf(operation), value: value ?? null };
  });
  const command = { resources: [{ resource, configs }], validateOnly: false };
  world.answer(
    world.metadata.alterConfigs(command, error => [{ resource, error: apiErrorOf(error) }]),
    ([result]) => [`${target}: ${result!.error.code === 0 ? 'is altered' : said(result!.error)}`],
  );
}

/** `replace topic:orders retention.ms=1000`: what is not named is removed. */
function replace(world: MetadataWorld, [target, ...values]: readonly string[]): void {
  const resource = resourceOf(target!);
  const configs = values.map(text => {
    const [name, value] = text.split(/=(.*)/) as [string, string?];
    return { name, value: value ?? null };
  });
  const command = { resources: [{ resource, configs }], validateOnly: false };
  world.answer(
    world.metadata.replaceConfigs(command, error => [{ resource, error: apiErrorOf(error) }]),
    ([result]) => [`${target}: ${result!.error.code === 0 ? 'is replaced' : said(result!.error)}`],
  );
}

function ensure(world: MetadataWorld, [name]: readonly string[]): void {
  assert(name === '__consumer_offsets' || name === '__transaction_state');
  world.answer(world.metadata.ensureInternalTopic(name), code => [
    `${name}: ${code === 0 ? 'is there' : errorOf(code).name}`,
  ]);
}

function producerIds(world: MetadataWorld, [count]: readonly string[]): void {
  const asked = Array.from({ length: Number(count) }, () =>
    world.producerIds.next(String, error => error.errorName as string),
  );
  const first = asked[0]!;
  const last = asked.at(-1)!;
  if (first === last) world.answer(first, id => [`producer id ${id}`]);
  else {
    let from = '';
    first.whenComplete(id => {
      from = id;
    });
    world.answer(last, id => [`producer ids ${from} to ${id}`]);
  }
}

function showTopics(world: MetadataWorld): void {
  for (const { name, id, partitions } of world.metadata.image.topicsByName.values()) {
    const shown = partitions.map(({ partition, leader, leaderEpoch }) => {
      const log = world.replicas.log(name, partition);
      return `${partition}: leader ${leader} epoch ${leaderEpoch}${log === undefined ? ', no log' : ''}`;
    });
    world.tell(`${name} ${id} ${shown.join('; ')}`);
  }
}

function showConfigs(world: MetadataWorld, [target]: readonly string[]): void {
  const values = world.configsOf(resourceOf(target!));
  world.say(`${target}: ${[...values].map(([name, value]) => `${name}=${value}`).join(' ') || 'nothing'}`);
}

function showBroker(world: MetadataWorld): void {
  for (const { id, epoch, isFenced, isInControlledShutdown } of world.metadata.image.brokers.values()) {
    const state = isFenced ? 'fenced' : 'unfenced';
    world.say(`broker ${id} epoch ${epoch} ${state}${isInControlledShutdown ? ', shutting down' : ''}`);
  }
}

function resourceOf(target: string): { readonly type: number; readonly name: string } {
  const [kind, name] = target.split(/:(.*)/) as [string, string];
  const types: Record<string, number> = {
    topic: ResourceType.TOPIC,
    broker: ResourceType.BROKER,
    group: ResourceType.GROUP,
    metrics: ResourceType.CLIENT_METRICS,
  };
  const type = types[kind];
  assert(type !== undefined, `no such kind of resource: ${kind}`);
  return { type, name };
}

function said({ code, message }: ApiError): string {
  return `${errorOf(code).name}: ${message}`;
}
