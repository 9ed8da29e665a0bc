// Configuration by the old way (AlterConfigs replaces all), what has configuration, feature levels, brokers to be let go.

import { AlterConfigs } from '../../../src/protocol/messages/apis/alter-configs.ts';
import { DescribeConfigs } from '../../../src/protocol/messages/apis/describe-configs.ts';
import { ElectLeaders } from '../../../src/protocol/messages/apis/elect-leaders.ts';
import { IncrementalAlterConfigs } from '../../../src/protocol/messages/apis/incremental-alter-configs.ts';
import { ListConfigResources } from '../../../src/protocol/messages/apis/list-config-resources.ts';
import { UnregisterBroker } from '../../../src/protocol/messages/apis/unregister-broker.ts';
import { UpdateFeatures } from '../../../src/protocol/messages/apis/update-features.ts';
import type { ResponseOf } from '../../../src/protocol/schema/field.ts';
import { ask, type FrameStep, inAnyOrder, step } from './frame-step.ts';
import { createTopic } from './produce-steps.ts';

const TOPIC = 'settings';
const Type = { UNKNOWN: 0, ANY: 1, TOPIC: 2, BROKER: 4, LOGGER: 8, METRICS: 16, GROUP: 32 } as const;

type Resource = readonly [number, string, readonly (readonly [string, string | null])[]];

/** Apache Kafka never answers: its broker waits for an answer of a controller that was asked nothing. */
const NEVER_ANSWERED = 'Apache Kafka never answers it; Millrace refuses both';

function alter(
  name: string,
  resources: readonly Resource[],
  { version = 2, validateOnly = false, apart = '' } = {},
): FrameStep {
  return inAnyOrder(
    step(`alter configs: ${name}, version ${version}`, {
      api: AlterConfigs,
      version,
      body: {
        resources: resources.map(([resourceType, resourceName, configs]) => ({
          resourceType,
          resourceName,
          configs: configs.map(([key, value]) => ({ name: key, value })),
        })),
        validateOnly,
      },
      ...(apart === '' ? {} : { apart }),
    }),
  );
}

function overridesOf(resourceType: number, resourceName: string): FrameStep {
  const DEFAULT_SOURCE = 5;
  return inAnyOrder({
    name: `what is set of ${resourceType} "${resourceName}"`,
    ask: async peer => {
      const body = {
        resources: [{ resourceType, resourceName, configurationKeys: null }],
        includeSynonyms: false,
        includeDocumentation: false,
      };
      const { results } = (await ask(peer, { api: DescribeConfigs, version: 4, body })) as ResponseOf<
        typeof DescribeConfigs
      >;
      const dynamic = [1, 2, 3, 7, 8];
      return results.flatMap(result =>
        result.configs
          .filter(({ configSource }) => configSource !== DEFAULT_SOURCE && dynamic.includes(configSource))
          .map(({ name, value, configSource }) => [name, value, configSource]),
      );
    },
  });
}

const alterations: FrameStep[] = [
  ...[0, 1, 2].map(version =>
    alter(
      'a topic',
      [
        [
          Type.TOPIC,
          TOPIC,
          [
            ['retention.ms', '1000'],
            ['max.message.bytes', '2000'],
          ],
        ],
      ],
      { version },
    ),
  ),
  overridesOf(Type.TOPIC, TOPIC),
  alter('less of it', [[Type.TOPIC, TOPIC, [['retention.ms', '2000']]]]),
  overridesOf(Type.TOPIC, TOPIC),
  alter('validated only', [[Type.TOPIC, TOPIC, []]], { validateOnly: true }),
  alter('validated only and wrong', [[Type.TOPIC, TOPIC, [['retention.ms', 'soon']]]], {
    validateOnly: true,
  }),
  overridesOf(Type.TOPIC, TOPIC),
  alter('an unknown key', [[Type.TOPIC, TOPIC, [['speed', '1']]]]),
  alter('an empty key', [[Type.TOPIC, TOPIC, [['', '1']]]]),
  alter('a wrong value', [[Type.TOPIC, TOPIC, [['retention.ms', 'soon']]]]),
  alter('a value out of range', [[Type.TOPIC, TOPIC, [['max.message.bytes', '-5']]]]),
  alter('no value', [[Type.TOPIC, TOPIC, [['retention.ms', null]]]]),
  alter('no values', [
    [
      Type.TOPIC,
      TOPIC,
      [
        ['retention.ms', null],
        ['max.message.bytes', null],
        ['segment.bytes', '1'],
      ],
    ],
  ]),
  alter('one key twice', [
    [
      Type.TOPIC,
      TOPIC,
      [
        ['retention.ms', '1'],
        ['retention.ms', '2'],
      ],
    ],
  ]),
  alter(
    'one resource twice',
    [
      [Type.TOPIC, TOPIC, [['retention.ms', '1']]],
      [Type.TOPIC, TOPIC, []],
    ],
    { apart: NEVER_ANSWERED },
  ),
  alter('an unknown topic', [[Type.TOPIC, 'nope', [['retention.ms', '1']]]]),
  alter('an unknown topic, nothing', [[Type.TOPIC, 'nope', []]]),
  alter('a topic without a name', [[Type.TOPIC, '', [['retention.ms', '1']]]]),
  alter('an invalid topic', [[Type.TOPIC, 'a b', [['retention.ms', '1']]]]),
  alter('a good and a bad one', [
    [Type.TOPIC, TOPIC, [['retention.ms', '3000']]],
    [Type.TOPIC, 'nope', [['retention.ms', '1']]],
  ]),
  overridesOf(Type.TOPIC, TOPIC),
  alter('all of it', [[Type.TOPIC, TOPIC, []]]),
  overridesOf(Type.TOPIC, TOPIC),
  alter('nothing', []),
  alter('an unknown type', [[Type.UNKNOWN, 'x', [['a', 'b']]]]),
  alter('type 99', [[99, 'x', [['a', 'b']]]]),
  alter('a logger', [[Type.LOGGER, '1', [['kafka.server', 'INFO']]]]),
  alter('the broker', [[Type.BROKER, '1', [['background.threads', '11']]]]),
  overridesOf(Type.BROKER, '1'),
  alter('the broker, a fixed key', [[Type.BROKER, '1', [['log.dirs', '/x']]]]),
  alter('the broker, a wrong value', [[Type.BROKER, '1', [['background.threads', 'many']]]]),
  alter('the broker, an unknown key', [[Type.BROKER, '1', [['plugin.key', 'v']]]]),
  alter('the broker, nothing', [[Type.BROKER, '1', []]]),
  overridesOf(Type.BROKER, '1'),
  alter('another broker', [[Type.BROKER, '7', [['background.threads', '11']]]]),
  alter('a broker of a name', [[Type.BROKER, 'one', [['background.threads', '11']]]]),
  alter('a group', [[Type.GROUP, 'g', [['consumer.session.timeout.ms', '50000']]]]),
  alter('a group, an unknown key', [[Type.GROUP, 'g', [['nope', '5']]]]),
  alter('a group without a name', [[Type.GROUP, '', [['consumer.session.timeout.ms', '50000']]]]),
  alter('a subscription', [[Type.METRICS, 'm', [['interval.ms', '1000']]]]),
  alter('a subscription, an unknown key', [[Type.METRICS, 'm', [['nope', '1']]]]),
  alter('a subscription without a name', [[Type.METRICS, '', [['interval.ms', '1000']]]]),
];

function list(name: string, resourceTypes: readonly number[], version = 1): FrameStep {
  return {
    name: `config resources: ${name}, version ${version}`,
    ask: async peer => {
      const body = { resourceTypes: [...resourceTypes] };
      const answer = (await ask(peer, { api: ListConfigResources, version, body })) as ResponseOf<
        typeof ListConfigResources
      >;
      // Topics of other steps and of coordinators come and go.
      const kept = answer.configResources.filter(
        ({ resourceName, resourceType }) => resourceType !== Type.TOPIC || resourceName === TOPIC,
      );
      return { ...answer, configResources: kept };
    },
  };
}

const resources: FrameStep[] = [
  list('subscriptions', [], 0),
  ...[Type.TOPIC, Type.BROKER, Type.LOGGER, Type.METRICS, Type.GROUP].map(type =>
    list(`type ${type}`, [type]),
  ),
  list('all', []),
  list('two types', [Type.METRICS, Type.TOPIC]),
  list('one type twice', [Type.METRICS, Type.METRICS]),
  list('an unknown type', [Type.UNKNOWN]),
  list('a known and an unknown type', [Type.TOPIC, 99]),
  alter('a group, nothing', [[Type.GROUP, 'g', []]]),
  alter('a subscription, nothing', [[Type.METRICS, 'm', []]]),
  list('those that are gone', [Type.METRICS, Type.GROUP]),
  step('an incremental change of a logger is none of metadata', {
    api: IncrementalAlterConfigs,
    version: 1,
    body: {
      resources: [
        {
          resourceType: Type.LOGGER,
          resourceName: '1',
          configs: [{ name: 'kafka.nope', configOperation: 0, value: 'INFO' }],
        },
      ],
      validateOnly: true,
    },
  }),
];

type FeatureUpdate = readonly [string, number, number];
const UPGRADE = 1;
const SAFE_DOWNGRADE = 2;
const UNSAFE_DOWNGRADE = 3;

function update(
  name: string,
  updates: readonly FeatureUpdate[],
  { version = 2, validateOnly = true, apart = '' } = {},
): FrameStep {
  return inAnyOrder(
    step(`features: ${name}, version ${version}`, {
      api: UpdateFeatures,
      version,
      body: {
        timeoutMs: 5000,
        featureUpdates: updates.map(([feature, maxVersionLevel, upgradeType]) => ({
          feature,
          maxVersionLevel,
          ...(version === 0 ? { allowDowngrade: upgradeType !== UPGRADE } : { upgradeType }),
        })),
        ...(version === 0 ? {} : { validateOnly }),
      },
      ...(apart === '' ? {} : { apart }),
    }),
  );
}

const features: FrameStep[] = [
  update('the level it has', [['metadata.version', 25, UPGRADE]]),
  ...[1, 2].map(version => update('a higher level', [['metadata.version', 27, UPGRADE]], { version })),
  update('the highest level', [['metadata.version', 30, UPGRADE]]),
  update('an unknown level', [['metadata.version', 99, UPGRADE]]),
  update('level 0', [['metadata.version', 0, UNSAFE_DOWNGRADE]]),
  update('below zero', [['metadata.version', -1, UPGRADE]]),
  update('a lower level', [['metadata.version', 24, UPGRADE]]),
  update('a lower level, safely', [['metadata.version', 24, SAFE_DOWNGRADE]]),
  update('a lower level, unsafely', [['metadata.version', 24, UNSAFE_DOWNGRADE]]),
  update('a much lower level, safely', [['metadata.version', 20, SAFE_DOWNGRADE]]),
  update('the lowest level, safely', [['metadata.version', 7, SAFE_DOWNGRADE]]),
  update('down to a higher level', [['metadata.version', 26, SAFE_DOWNGRADE]]),
  update('the level it has, downwards', [['metadata.version', 25, SAFE_DOWNGRADE]]),
  update('an unknown way', [['metadata.version', 26, 9]]),
  update('no way', [['metadata.version', 26, 0]]),
  update('an unknown feature', [['speed.version', 1, UPGRADE]]),
  update('a feature without a name', [['', 1, UPGRADE]]),
  update('an unknown feature to 0', [['speed.version', 0, SAFE_DOWNGRADE]]),
  ...[0, 1, 2].map(version => update('an unknown feature', [['speed.version', 1, UPGRADE]], { version })),
  update('transactions as they are', [['transaction.version', 2, UPGRADE]]),
  update('transactions too far', [['transaction.version', 3, UPGRADE]]),
  update('transactions down', [['transaction.version', 1, SAFE_DOWNGRADE]]),
  update('transactions down without saying so', [['transaction.version', 1, UPGRADE]]),
  update('kraft as it is', [['kraft.version', 1, UPGRADE]]),
  update('kraft too far', [['kraft.version', 2, UPGRADE]]),
  update('kraft down', [['kraft.version', 0, SAFE_DOWNGRADE]]),
  update('nothing', []),
  update('one twice', [
    ['transaction.version', 2, UPGRADE],
    ['transaction.version', 1, SAFE_DOWNGRADE],
  ]),
  ...[0, 1, 2].map(version =>
    update(
      'a good and a bad one',
      [
        ['transaction.version', 2, UPGRADE],
        ['speed.version', 1, UPGRADE],
      ],
      { version },
    ),
  ),
  ...[0, 1, 2].map(version =>
    update('transactions down for good', [['transaction.version', 1, SAFE_DOWNGRADE]], {
      version,
      validateOnly: false,
    }),
  ),
  update('transactions off for good', [['transaction.version', 0, SAFE_DOWNGRADE]], { validateOnly: false }),
  update('transactions up again', [['transaction.version', 2, UPGRADE]], { validateOnly: false }),
];

const brokers: FrameStep[] = [7, -1, 2_147_483_647].map(brokerId =>
  step(`unregister broker ${brokerId}`, { api: UnregisterBroker, version: 0, body: { brokerId } }),
);

/** Refused by both, so that nothing is left behind. */
const refusedChanges: FrameStep[] = (
  [
    ['log.cleaner.threads', '3'],
    ['log.cleaner.threads', '500'],
    ['log.cleaner.threads', '0'],
    ['log.cleaner.dedupe.buffer.size', '1048576'],
    ['num.io.threads', '100'],
    ['num.io.threads', '1'],
    ['num.network.threads', '100'],
    ['num.replica.fetchers', '100'],
  ] as const
).map(([name, value]) =>
  step(`the broker runs: ${name}=${value}`, {
    api: IncrementalAlterConfigs,
    version: 1,
    body: {
      resources: [
        { resourceType: Type.BROKER, resourceName: '1', configs: [{ name, configOperation: 0, value }] },
      ],
      validateOnly: false,
    },
  }),
);

const electionsWithoutTime: FrameStep[] = [null, [], [{ topic: 'nope', partitions: [0, 1] }]].map(
  topicPartitions =>
    step(`an election without time: ${JSON.stringify(topicPartitions)}`, {
      api: ElectLeaders,
      version: 2,
      body: { electionType: 0, topicPartitions, timeoutMs: 0 },
    }),
);

export const settingSteps: readonly FrameStep[] = [
  createTopic(TOPIC, 1),
  ...alterations,
  ...resources,
  ...features,
  ...brokers,
  ...refusedChanges,
  ...electionsWithoutTime,
];
