// Client quotas: every version, entity and key that is refused, and what describing finds afterwards.

import { AlterClientQuotas } from '../../../src/protocol/messages/apis/alter-client-quotas.ts';
import { DescribeClientQuotas } from '../../../src/protocol/messages/apis/describe-client-quotas.ts';
import { type FrameStep, inAnyOrder, step } from './frame-step.ts';

type Entity = readonly (readonly [string, string | null])[];
type Operation = readonly [string, number | null];

/** Apache Kafka enforces what it stores: a default may not slow down the steps that follow. */
const UNFELT = 2_000_000_000;
const EXACT = 0;
const DEFAULT = 1;
const SPECIFIED = 2;

const entry = (entity: Entity, operations: readonly Operation[]) => ({
  entity: entity.map(([entityType, entityName]) => ({ entityType, entityName })),
  ops: operations.map(([key, value]) => ({ key, value: value ?? 0, remove: value === null })),
});

function alter(
  name: string,
  entries: readonly ReturnType<typeof entry>[],
  { version = 1, validateOnly = false }: { version?: number; validateOnly?: boolean } = {},
): FrameStep {
  return inAnyOrder(
    step(`alter quotas: ${name}`, {
      api: AlterClientQuotas,
      version,
      body: { entries: [...entries], validateOnly },
    }),
  );
}

function describe(
  name: string,
  components: readonly (readonly [string, number, string | null])[],
  { version = 1, strict = false }: { version?: number; strict?: boolean } = {},
): FrameStep {
  return inAnyOrder(
    step(`describe quotas: ${name}`, {
      api: DescribeClientQuotas,
      version,
      body: {
        components: components.map(([entityType, matchType, match]) => ({ entityType, matchType, match })),
        strict,
      },
    }),
  );
}

const alice: Entity = [['user', 'alice']];
const rate: readonly Operation[] = [['producer_byte_rate', 1000]];

const refusals: FrameStep[] = [
  alter('an unknown key', [entry(alice, [['speed', 1]])]),
  alter('an empty key', [entry(alice, [['', 1]])]),
  alter('removing an unknown key', [entry(alice, [['speed', null]])]),
  alter('zero', [entry(alice, [['producer_byte_rate', 0]])]),
  alter('less than zero', [entry(alice, [['consumer_byte_rate', -1]])]),
  alter('not a number', [entry(alice, [['consumer_byte_rate', Number.NaN]])]),
  alter('infinite', [entry(alice, [['consumer_byte_rate', Number.POSITIVE_INFINITY]])]),
  alter('infinite percentage', [
    entry([['user', 'inf']], [['request_percentage', Number.POSITIVE_INFINITY]]),
  ]),
  alter('a fraction of a byte', [entry(alice, [['producer_byte_rate', 1.5]])]),
  alter('more than a long', [entry(alice, [['producer_byte_rate', 1e19]])]),
  alter('more than an int', [entry([['ip', '127.0.0.1']], [['connection_creation_rate', 3e9]])]),
  alter('an ip key of a user', [entry(alice, [['connection_creation_rate', 1]])]),
  alter('a user key of an ip', [entry([['ip', '127.0.0.1']], rate)]),
  alter('a user and an ip', [
    entry(
      [
        ['user', 'a'],
        ['ip', '127.0.0.1'],
      ],
      rate,
    ),
  ]),
  alter('not an ip', [entry([['ip', '999.1.1.1']], [['connection_creation_rate', 1]])]),
  alter('an ip with blanks', [entry([['ip', 'a b']], [['connection_creation_rate', 1]])]),
  alter('an unknown type', [entry([['group', 'a']], rate)]),
  alter('an empty type', [entry([['', 'a']], rate)]),
  alter('no entity', [entry([], rate)]),
  alter('one type twice', [
    entry(
      [
        ['user', 'a'],
        ['user', 'b'],
      ],
      rate,
    ),
  ]),
  alter('one key twice', [
    entry(alice, [
      ['producer_byte_rate', 1],
      ['producer_byte_rate', 2],
    ]),
  ]),
  alter('one entity twice', [
    entry([['user', 'twice']], rate),
    entry([['user', 'twice']], [['consumer_byte_rate', 5]]),
  ]),
  alter('one entity twice, one of them wrong', [
    entry([['user', 'half']], [['x', 1]]),
    entry([['user', 'half']], rate),
  ]),
  alter('a good and a bad one', [entry([['user', 'good']], rate), entry([['user', 'bad']], [['nope', 1]])]),
  alter('no entries', []),
  alter('no operations', [entry([['user', 'idle']], [])]),
  alter('validated only', [entry([['user', 'dry']], rate)], { validateOnly: true }),
];

const changes: FrameStep[] = [
  alter('version 0', [entry(alice, rate)], { version: 0 }),
  alter('a fraction of a percentage', [
    entry(alice, [
      ['request_percentage', 12.5],
      ['controller_mutation_rate', 0.5],
    ]),
  ]),
  alter('the default user', [entry([['user', null]], [['consumer_byte_rate', UNFELT]])]),
  alter('a client', [entry([['client-id', 'app']], rate)]),
  alter('an empty name', [entry([['client-id', '']], rate)]),
  alter('a user with a client', [
    entry(
      [
        ['client-id', 'app'],
        ['user', 'alice'],
      ],
      rate,
    ),
  ]),
  alter('a user with the default client', [
    entry(
      [
        ['user', 'alice'],
        ['client-id', null],
      ],
      rate,
    ),
  ]),
  alter('an ip', [entry([['ip', '10.1.2.3']], [['connection_creation_rate', 7]])]),
  alter('the default ip', [entry([['ip', null]], [['connection_creation_rate', UNFELT]])]),
  alter('an ip of version 6', [entry([['ip', '::1']], [['connection_creation_rate', 7]])]),
  alter('removing what is not there', [entry([['user', 'nobody']], [['producer_byte_rate', null]])]),
  alter('removing', [entry([['ip', '::1']], [['connection_creation_rate', null]])]),
  alter('one of each', [
    entry(alice, [
      ['request_percentage', null],
      ['consumer_byte_rate', 77],
    ]),
  ]),
];

const descriptions: FrameStep[] = [
  ...[0, 1].map(version => describe(`all, version ${version}`, [], { version })),
  describe('all, strictly', [], { strict: true }),
  describe('one user', [['user', EXACT, 'alice']]),
  describe('one user, strictly', [['user', EXACT, 'alice']], { strict: true }),
  describe('any user', [['user', SPECIFIED, null]]),
  describe('the default user', [['user', DEFAULT, null]]),
  describe(
    'any client of a user',
    [
      ['user', EXACT, 'alice'],
      ['client-id', SPECIFIED, null],
    ],
    { strict: true },
  ),
  describe('the default client of a user', [
    ['user', EXACT, 'alice'],
    ['client-id', DEFAULT, null],
  ]),
  describe('any ip', [['ip', SPECIFIED, null]]),
  describe('nobody', [['user', EXACT, 'nobody']]),
  describe('exactly null', [['user', EXACT, null]]),
  describe('a default with a name', [['user', DEFAULT, 'x']]),
  describe('any with a name', [['user', SPECIFIED, 'x']]),
  describe('an unknown match', [['user', 3, 'x']]),
  describe('a negative match', [['user', -1, 'x']]),
  describe('an empty type', [['', EXACT, 'x']]),
  describe('an unknown type', [['group', EXACT, 'x']]),
  describe('one type twice', [
    ['user', EXACT, 'x'],
    ['user', SPECIFIED, null],
  ]),
  describe('an ip and a user', [
    ['ip', EXACT, 'x'],
    ['user', SPECIFIED, null],
  ]),
];

export const quotaSteps: readonly FrameStep[] = [...refusals, ...changes, ...descriptions];
