// ACLs as they are administered: created, described and deleted with every odd input a frame can carry, against a broker
// with an authorizer. Every step leaves what it made; the last takes all away.

import { CreateAcls } from '../../../src/protocol/messages/apis/create-acls.ts';
import { DeleteAcls } from '../../../src/protocol/messages/apis/delete-acls.ts';
import { DescribeAcls } from '../../../src/protocol/messages/apis/describe-acls.ts';
import type { RequestDraft } from '../../../src/protocol/schema/field.ts';
import { type FrameStep, inAnyOrder, onceSettled, step } from './frame-step.ts';

type Creation = RequestDraft<typeof CreateAcls>['creations'][number];
type Filter = RequestDraft<typeof DescribeAcls>;

const Type = { UNKNOWN: 0, ANY: 1, TOPIC: 2, GROUP: 3, CLUSTER: 4, TRANSACTIONAL_ID: 5, TOKEN: 6, USER: 7 };
const Pattern = { UNKNOWN: 0, ANY: 1, MATCH: 2, LITERAL: 3, PREFIXED: 4 };
const ANY = 1;
const READ = 3;
const DENY = 2;
const ALLOW = 3;
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

const acl: Creation = {
  resourceType: Type.TOPIC,
  resourceName: 'orders',
  resourcePatternType: Pattern.LITERAL,
  principal: 'User:alice',
  host: '*',
  operation: READ,
  permissionType: ALLOW,
};
const everything: Filter = {
  resourceTypeFilter: Type.ANY,
  resourceNameFilter: null,
  patternTypeFilter: Pattern.ANY,
  principalFilter: null,
  hostFilter: null,
  operation: ANY,
  permissionType: ANY,
};

function create(name: string, creations: readonly Partial<Creation>[], version = 3): FrameStep {
  const body = { creations: creations.map(creation => ({ ...acl, ...creation })) };
  return onceSettled(step(`create acls: ${name}, version ${version}`, { api: CreateAcls, version, body }));
}

/** Apache Kafka keeps them in hash maps. */
function describe(name: string, filter: Partial<Filter> = {}, version = 3): FrameStep {
  const body = { ...everything, ...filter };
  return onceSettled(
    inAnyOrder(step(`describe acls: ${name}, version ${version}`, { api: DescribeAcls, version, body })),
  );
}

function remove(name: string, filters: readonly Partial<Filter>[], version = 3): FrameStep {
  const body = { filters: filters.map(filter => ({ ...everything, ...filter })) };
  return onceSettled(
    inAnyOrder(step(`delete acls: ${name}, version ${version}`, { api: DeleteAcls, version, body })),
  );
}

const odd: readonly (readonly [string, Partial<Creation>])[] = [
  ['an empty name', { resourceName: '' }],
  ['the cluster by another name', { resourceType: Type.CLUSTER, resourceName: 'kafka' }],
  ['the cluster', { resourceType: Type.CLUSTER, resourceName: 'kafka-cluster' }],
  [
    'the cluster by prefix',
    { resourceType: Type.CLUSTER, resourceName: 'kafka-cluster', resourcePatternType: 4 },
  ],
  ['every topic', { resourceName: '*' }],
  ['a topic that cannot be', { resourceName: 'not/valid topic' }],
  ['a name of 300 letters', { resourceName: 'x'.repeat(300) }],
  ['a name in another script', { resourceName: 'заказы' }],
  ['a prefix', { resourcePatternType: Pattern.PREFIXED }],
  ['the prefix *', { resourceName: '*', resourcePatternType: Pattern.PREFIXED }],
  ['no colon in the principal', { principal: 'alice' }],
  ['no name in the principal', { principal: 'User:' }],
  ['no type in the principal', { principal: ':alice' }],
  ['an empty principal', { principal: '' }],
  ['everybody', { principal: 'User:*' }],
  ['a group', { principal: 'Group:staff' }],
  ['colons in the name', { principal: 'User:CN=a:b,O=c' }],
  ['the type in small letters', { principal: 'user:alice' }],
  ['an empty host', { host: '' }],
  ['an address', { host: '10.0.0.7' }],
  ['a host name', { host: 'no.such.host' }],
  ['a network', { host: '10.0.0.0/8' }],
  ['an address of version 6', { host: '::1' }],
  ['a denial', { permissionType: DENY }],
];

const numbers = range(-1, 9);

const creations: FrameStep[] = [
  ...range(1, 3).flatMap(version => [
    create('one', [{}], version),
    create('the same twice', [{ resourceName: 'twice' }, { resourceName: 'twice' }], version),
    create('none', [], version),
  ]),
  ...odd.map(([name, creation]) => create(name, [creation])),
  ...odd
    .slice(0, 4)
    .map(([name, creation]) => create(`${name}, and a good one`, [creation, { host: '1.1.1.1' }])),
  ...numbers.map(resourceType => create(`resource type ${resourceType}`, [{ resourceType }])),
  ...numbers.map(resourcePatternType => create(`pattern ${resourcePatternType}`, [{ resourcePatternType }])),
  ...range(-1, 16).map(operation => create(`operation ${operation}`, [{ operation }])),
  ...range(-1, 5).map(permissionType => create(`permission ${permissionType}`, [{ permissionType }])),
  ...range(3, 15).map(operation =>
    create(`operation ${operation} on a group`, [
      { resourceType: Type.GROUP, resourceName: `g${operation}`, operation },
    ]),
  ),
  ...[Type.TOKEN, Type.USER, Type.TRANSACTIONAL_ID].map(resourceType =>
    create(`a resource of type ${resourceType}`, [{ resourceType, resourceName: 'User:bob' }]),
  ),
];

const filters: readonly (readonly [string, Partial<Filter>])[] = [
  ['everything', {}],
  ['topics', { resourceTypeFilter: Type.TOPIC }],
  ['one topic, literally', { resourceNameFilter: 'orders', patternTypeFilter: Pattern.LITERAL }],
  ['one topic, by any pattern', { resourceNameFilter: 'orders', patternTypeFilter: Pattern.ANY }],
  ['what applies to one', { resourceNameFilter: 'orders', patternTypeFilter: Pattern.MATCH }],
  ['what applies to a longer name', { resourceNameFilter: 'orders-2', patternTypeFilter: Pattern.MATCH }],
  ['what applies to all', { resourceNameFilter: '*', patternTypeFilter: Pattern.MATCH }],
  ['the prefix', { resourceNameFilter: 'orders', patternTypeFilter: Pattern.PREFIXED }],
  ['prefixes', { patternTypeFilter: Pattern.PREFIXED }],
  ['what applies, of no name', { patternTypeFilter: Pattern.MATCH }],
  ['an empty name', { resourceNameFilter: '' }],
  ['a principal', { principalFilter: 'User:alice' }],
  ['everybody', { principalFilter: 'User:*' }],
  ['a principal without a colon', { principalFilter: 'alice' }],
  ['an empty principal', { principalFilter: '' }],
  ['a host', { hostFilter: '10.0.0.7' }],
  ['every host', { hostFilter: '*' }],
  ['an empty host', { hostFilter: '' }],
  ['an operation', { operation: READ }],
  ['denials', { permissionType: DENY }],
];

const descriptions: FrameStep[] = [
  ...range(1, 3).map(version => describe('everything', { patternTypeFilter: Pattern.LITERAL }, version)),
  describe('prefixes', { patternTypeFilter: Pattern.PREFIXED }, 1),
  ...filters.map(([name, filter]) => describe(name, filter)),
  ...numbers.map(resourceTypeFilter =>
    describe(`resource type ${resourceTypeFilter}`, { resourceTypeFilter }),
  ),
  ...numbers.map(patternTypeFilter => describe(`pattern ${patternTypeFilter}`, { patternTypeFilter })),
  ...range(-1, 16).map(operation => describe(`operation ${operation}`, { operation })),
  ...range(-1, 5).map(permissionType => describe(`permission ${permissionType}`, { permissionType })),
];

const removals: FrameStep[] = [
  remove('nothing', []),
  ...range(1, 3).map(version =>
    remove('what is not there', [{ resourceNameFilter: 'nowhere', patternTypeFilter: 3 }], version),
  ),
  ...filters
    .filter(([name]) => !['everything', 'topics', 'an operation'].includes(name))
    .map(([name, filter]) => remove(name, [{ ...filter, hostFilter: filter.hostFilter ?? '1.1.1.1' }])),
  ...[-1, 0, 8, 9].map(resourceTypeFilter =>
    remove(`resource type ${resourceTypeFilter}`, [{ resourceTypeFilter }]),
  ),
  ...[-1, 0, 5].map(patternTypeFilter => remove(`pattern ${patternTypeFilter}`, [{ patternTypeFilter }])),
  ...[-1, 0, 16].map(operation => remove(`operation ${operation}`, [{ operation }])),
  ...[-1, 0, 4].map(permissionType => remove(`permission ${permissionType}`, [{ permissionType }])),
  remove('a wrong filter and a good one', [{ operation: 99 }, { resourceNameFilter: 'twice' }]),
  remove('two filters that mean the same', [
    { resourceNameFilter: 'orders', principalFilter: 'User:alice', patternTypeFilter: Pattern.LITERAL },
    { resourceNameFilter: 'orders', principalFilter: 'User:alice', patternTypeFilter: Pattern.LITERAL },
  ]),
  describe('what is left'),
  remove('everything', [{}]),
  describe('nothing'),
];

export const aclSteps: readonly FrameStep[] = [
  ...creations,
  describe('all that was made'),
  ...descriptions,
  ...removals,
];
