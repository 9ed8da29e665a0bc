// Commands of the metadata transcripts for what an administrator does besides topics: quotas, credentials, feature levels,
// elections, reassignments, configuration replaced as a whole. README.md of this folder lists them.

import type { ApiError } from '../../../src/broker/metadata/api-error.ts';
import { apiErrorOf } from '../../../src/broker/metadata/api-error.ts';
import {
  decideAlterClientQuotas,
  describeClientQuotas,
  type QuotaEntityPart,
} from '../../../src/broker/metadata/client-quotas.ts';
import { decideElectLeaders } from '../../../src/broker/metadata/elections.ts';
import { decideReassignments } from '../../../src/broker/metadata/reassignments.ts';
import {
  decideAlterScramCredentials,
  describeScramCredentials,
} from '../../../src/broker/metadata/scram-credentials.ts';
import { decideUpdateFeatures } from '../../../src/broker/metadata/update-features.ts';
import { errorOf, type KafkaError } from '../../../src/protocol/errors.ts';
import type { MetadataWorld } from './metadata-world.ts';

type Command = (world: MetadataWorld, words: readonly string[]) => void;

const NODE_ID = 1;
const NOTHING = '-';
const DEFAULT_NAME = '*';
const MECHANISMS: Record<string, number> = { sha256: 1, sha512: 2 };
const UPGRADE_TYPES: Record<string, number> = { upgrade: 1, safe: 2, unsafe: 3 };
const ELECTION_TYPES: Record<string, number> = { preferred: 0, unclean: 1 };

export function said({ code, message }: ApiError): string {
  return code === 0 ? 'done' : `${errorOf(code).name}: ${message}`;
}

const refused = (error: KafkaError): string[] => [said(apiErrorOf(error))];

/** `quota user=alice,client-id=* producer_byte_rate=1000 request_percentage=-` */
function quota(world: MetadataWorld, [target, ...changes]: readonly string[]): void {
  const entity = target!.split(',').map((part): QuotaEntityPart => {
    const [entityType = '', name = ''] = part.split('=');
    return { entityType, entityName: name === DEFAULT_NAME ? null : name };
  });
  const ops = changes.map(change => {
    const [key = '', value = ''] = change.split('=');
    return { key, value: Number(value === NOTHING ? 0 : value), remove: value === NOTHING };
  });
  const entries = [{ entity, ops }];
  const lines = world.metadata.write<readonly string[]>(image => {
    const decision = decideAlterClientQuotas(image, {
      entries,
      validateOnly: false,
      unresolvedHosts: new Set(['nowhere']),
    });
    return { ...decision, response: decision.response.map(({ error }) => `${target}: ${said(error)}`) };
  }, refused);
  world.answer(lines, all => all);
}

function showQuotas(world: MetadataWorld): void {
  for (const { entity, values } of describeClientQuotas(world.metadata.image, {
    components: [],
    strict: false,
  })) {
    const name = entity.map(part => `${part.entityType}=${part.entityName ?? DEFAULT_NAME}`).join(',');
    world.say(`${name}: ${Array.from(values, ([key, value]) => `${key}=${value}`).join(' ')}`);
  }
}

/** `scram set ann sha256 4096`, `scram remove ann sha256` */
function scram(world: MetadataWorld, [what, name, mechanism, iterations]: readonly string[]): void {
  const credential = { name: name!, mechanism: MECHANISMS[mechanism!] ?? 0 };
  const secrets = { salt: Buffer.from('salt'), saltedPassword: Buffer.from('salted password') };
  const command =
    what === 'set'
      ? { deletions: [], upsertions: [{ ...credential, iterations: Number(iterations), ...secrets }] }
      : { deletions: [credential], upsertions: [] };
  const lines = world.metadata.write<readonly string[]>(image => {
    const decision = decideAlterScramCredentials(image, command);
    return { ...decision, response: decision.response.map(({ user, error }) => `${user}: ${said(error)}`) };
  }, refused);
  world.answer(lines, all => all);
}

function showScram(world: MetadataWorld): void {
  for (const { user, credentials } of describeScramCredentials(world.metadata.image, null)) {
    const shown = credentials.map(
      ({ mechanism, iterations }) => `mechanism ${mechanism}, ${iterations} iterations`,
    );
    world.say(`${user}: ${shown.join('; ')}`);
  }
}

/** `feature metadata.version 26 upgrade` */
function feature(world: MetadataWorld, [name, level, way]: readonly string[]): void {
  const update = { feature: name!, maxVersionLevel: Number(level), upgradeType: UPGRADE_TYPES[way!] ?? 0 };
  const lines = world.metadata.write<readonly string[]>(image => {
    const decision = decideUpdateFeatures(
      image,
      { featureUpdates: [update], validateOnly: false },
      { nodeId: NODE_ID, minInsyncReplicas: 1 },
    );
    return { ...decision, response: [`${name}: level ${level}`] };
  }, refused);
  world.answer(lines, all => all);
}

/** `elect orders 0 preferred` */
function elect(world: MetadataWorld, [topic, partition, type]: readonly string[]): void {
  const topicPartitions = [{ topic: topic!, partitions: [Number(partition)] }];
  const lines = world.metadata.write<readonly string[]>(image => {
    const electionType = ELECTION_TYPES[type!] ?? -1;
    const decision = decideElectLeaders(image, { electionType, topicPartitions }, NODE_ID);
    const response = decision.response.flatMap(one =>
      one.partitions.map(({ error }) => `${one.topic}-${partition}: ${said(error)}`),
    );
    return { ...decision, response };
  }, refused);
  world.answer(lines, all => all);
}

/** `reassign orders 0 1,2`; `-` cancels */
function reassign(world: MetadataWorld, [name, partition, to]: readonly string[]): void {
  const replicas = to === NOTHING ? null : to!.split(',').map(Number);
  const topics = [{ name: name!, partitions: [{ partitionIndex: Number(partition), replicas }] }];
  const lines = world.metadata.write<readonly string[]>(image => {
    const decision = decideReassignments(image, { topics, allowReplicationFactorChange: true }, NODE_ID);
    const response = decision.response.flatMap(one =>
      one.partitions.map(({ error }) => `${one.name}-${partition}: ${said(error)}`),
    );
    return { ...decision, response };
  }, refused);
  world.answer(lines, all => all);
}

export const administrationCommands: readonly (readonly [string, Command])[] = [
  ['quota', quota],
  ['show-quotas', showQuotas],
  ['scram', scram],
  ['show-scram', showScram],
  ['feature', feature],
  ['elect', elect],
  ['reassign', reassign],
];
