// Dynamic values of the broker that are wrong only as part of the whole: how long logs are kept and when they roll, in each
// unit, and what replication and connections must satisfy among themselves.

import { DescribeConfigs } from '../../../src/protocol/messages/apis/describe-configs.ts';
import { IncrementalAlterConfigs } from '../../../src/protocol/messages/apis/incremental-alter-configs.ts';
import { type FrameStep, inAnyOrder, onceSettled, step } from './frame-step.ts';
import { createTopic } from './produce-steps.ts';

const SET = 0;
const DELETE = 1;
const BROKER = 4;
const TOPIC = 'log-settings';

function change(
  broker: string,
  configs: readonly (readonly [string, string | null])[],
  validateOnly = false,
): FrameStep {
  const text = configs.map(([name, value]) => `${name}=${value}`).join(',');
  return step(`broker "${broker}": ${text}${validateOnly ? ', validated only' : ''}`, {
    api: IncrementalAlterConfigs,
    version: 1,
    body: {
      resources: [
        {
          resourceType: BROKER,
          resourceName: broker,
          configs: configs.map(([name, value]) => ({
            name,
            value,
            configOperation: value === null ? DELETE : SET,
          })),
        },
      ],
      validateOnly,
    },
  });
}

/** What a topic is left with that sets nothing itself. */
function felt(when: string): FrameStep {
  return onceSettled(
    inAnyOrder(
      step(`what topics keep when ${when}`, {
        api: DescribeConfigs,
        version: 4,
        body: {
          resources: [
            {
              resourceType: 2,
              resourceName: TOPIC,
              configurationKeys: ['retention.ms', 'retention.bytes', 'segment.ms', 'local.retention.ms'],
            },
          ],
          includeSynonyms: true,
          includeDocumentation: false,
        },
      }),
    ),
  );
}

const VALUES: readonly (readonly [string, readonly string[]])[] = [
  ['log.roll.ms', ['0', '-1', '1']],
  ['log.roll.jitter.ms', ['0', '-1', '1']],
  ['log.retention.ms', ['0', '-1', '-2', '1']],
  ['log.retention.bytes', ['0', '-1', '-2']],
  ['log.segment.bytes', ['0', '1024', '1048576']],
  ['log.segment.delete.delay.ms', ['0', '-1']],
  ['log.local.retention.ms', ['0', '-1', '-2', '-3']],
  ['log.local.retention.bytes', ['0', '-1', '-2', '-3']],
  ['log.index.interval.bytes', ['0', '-1']],
  ['log.index.size.max.bytes', ['3', '4']],
  ['log.flush.interval.messages', ['0', '1']],
  ['log.flush.interval.ms', ['0', '-1']],
  ['log.cleaner.min.cleanable.ratio', ['-0.1', '0', '1', '1.1']],
  ['log.cleaner.min.compaction.lag.ms', ['-1', '0']],
  ['log.cleaner.max.compaction.lag.ms', ['0', '1']],
  ['log.cleaner.delete.retention.ms', ['-1', '0']],
  ['log.cleaner.backoff.ms', ['-1', '0']],
  ['log.cleaner.io.buffer.size', ['0', '1']],
  ['log.cleaner.io.buffer.load.factor', ['0', '2']],
  ['log.cleaner.io.max.bytes.per.second', ['0', '-1']],
  ['log.message.timestamp.before.max.ms', ['-1', '0']],
  ['log.message.timestamp.after.max.ms', ['-1', '0']],
  ['log.cleanup.policy', ['', 'keep', 'compact,compact']],
  ['message.max.bytes', ['-1', '0']],
  ['min.insync.replicas', ['0', '1']],
  ['producer.id.expiration.ms', ['0', '1']],
  ['max.connections', ['-1', '0']],
  ['max.connections.per.ip', ['-1', '0']],
  ['follower.fetch.last.tiered.offset.enable', ['perhaps']],
  ['cordoned.log.dirs', ['/no/such']],
];

export const logSettingSteps: readonly FrameStep[] = [
  ...VALUES.flatMap(([name, values]) =>
    ['', '1'].flatMap(broker => [
      ...values.map(value => change(broker, [[name, value]])),
      change(broker, [[name, null]]),
    ]),
  ),
  createTopic(TOPIC, 1),
  change('', [['log.retention.ms', '-2']]),
  felt('the time is below -1'),
  createTopic('log-settings-later', 1),
  change('', [
    ['log.retention.ms', '-1'],
    ['log.retention.bytes', '-2'],
  ]),
  felt('the bytes are below -1'),
  createTopic('log-settings-last', 1),
  change('', [
    ['log.retention.ms', null],
    ['log.retention.bytes', null],
  ]),
  change('1', [['log.roll.ms', '0']], true),
  change('1', [
    ['log.roll.ms', '0'],
    ['log.retention.ms', '0'],
  ]),
  change('1', [
    ['log.retention.ms', '0'],
    ['log.cleaner.threads', '0'],
  ]),
  change('', [
    ['log.local.retention.ms', '2000'],
    ['log.retention.ms', '1000'],
  ]),
  change('', [
    ['log.local.retention.bytes', '2000'],
    ['log.retention.bytes', '1000'],
  ]),
  change('', [
    ['log.retention.ms', null],
    ['log.retention.bytes', null],
    ['log.local.retention.ms', null],
    ['log.local.retention.bytes', null],
  ]),
];
