// Changing configuration, rightly and wrongly.

import { alter, BROKER, GROUP, LOGGER, METRICS, type Step, TOPIC } from './admin-requests.ts';

export const configSteps: readonly Step[] = [
  alter('topic: set', [
    [
      TOPIC,
      'plain',
      [
        ['set', 'retention.ms', '5000'],
        ['set', 'segment.bytes', '2097152'],
      ],
    ],
  ]),
  alter('topic: append and subtract', [
    [TOPIC, 'plain', [['append', 'cleanup.policy', 'compact']]],
    [TOPIC, 'set', [['subtract', 'cleanup.policy', 'compact']]],
  ]),
  alter('topic: delete', [
    [
      TOPIC,
      'plain',
      [
        ['delete', 'segment.bytes'],
        ['delete', 'no.such.key'],
        ['delete', 'max.message.bytes'],
      ],
    ],
  ]),
  alter('topic: refused', [
    [TOPIC, 'plain', [['set', 'no.such.key', '1']]],
    [TOPIC, 'v2', [['set', 'retention.ms', 'x']]],
    [TOPIC, 'v4', [['append', 'retention.ms', '1']]],
    [TOPIC, 'missing', [['set', 'retention.ms', '1']]],
    [TOPIC, '', [['set', 'retention.ms', '1']]],
    [TOPIC, 'bad name', [['set', 'retention.ms', '1']]],
    [
      TOPIC,
      'v5',
      [
        ['set', 'retention.ms', null],
        ['append', 'cleanup.policy', null],
      ],
    ],
    [
      TOPIC,
      'set',
      [
        ['set', 'retention.ms', '1'],
        ['set', 'retention.ms', '2'],
      ],
    ],
  ]),
  alter('resource twice', [
    [TOPIC, 'v2', [['set', 'retention.ms', '1']]],
    [TOPIC, 'v2', [['set', 'retention.ms', '2']]],
    [TOPIC, 'v4', [['set', 'retention.ms', '3']]],
  ]),
  alter(
    'only checked',
    [
      [TOPIC, 'v4', [['set', 'retention.ms', '99']]],
      [TOPIC, 'missing', [['set', 'retention.ms', '1']]],
    ],
    true,
  ),
  alter('unknown types', [
    [0, 'x', [['set', 'a', 'b']]],
    [3, 'x', [['set', 'a', 'b']]],
    [64, 'x', []],
  ]),
  alter('broker', [
    [
      BROKER,
      '1',
      [
        ['set', 'log.retention.ms', '60000'],
        ['set', 'log.cleaner.threads', '2'],
      ],
    ],
  ]),
  alter('every broker', [
    [
      BROKER,
      '',
      [
        ['set', 'log.retention.bytes', '12345'],
        ['set', 'message.max.bytes', '2000000'],
      ],
    ],
  ]),
  alter('broker: read-only', [
    [BROKER, '1', [['set', 'log.dirs', '/x']]],
    [BROKER, '', [['set', 'num.partitions', '3']]],
  ]),
  alter('broker: bad value', [
    [BROKER, '1', [['set', 'log.retention.ms', 'x']]],
    [BROKER, '', [['set', 'message.max.bytes', '-5']]],
  ]),
  alter('broker: other names', [
    [BROKER, '2', [['set', 'log.retention.ms', '1']]],
    [BROKER, 'one', [['set', 'log.retention.ms', '1']]],
    [BROKER, '1', [['set', 'no.such.broker.key', 'secret']]],
  ]),
  alter('broker: lists', [
    [BROKER, '1', [['append', 'log.cleanup.policy', 'compact']]],
    [BROKER, '', [['append', 'log.retention.ms', '1']]],
  ]),
  alter('broker: per broker only', [
    [BROKER, '', [['set', 'listener.security.protocol.map', 'PLAINTEXT:PLAINTEXT']]],
  ]),
  alter('group', [
    [
      GROUP,
      'g1',
      [
        ['set', 'consumer.session.timeout.ms', '50000'],
        ['set', 'share.auto.offset.reset', 'earliest'],
      ],
    ],
  ]),
  alter('group: refused', [
    [GROUP, '', [['set', 'consumer.session.timeout.ms', '50000']]],
    [GROUP, 'g2', [['set', 'no.such.key', '1']]],
    [GROUP, 'g3', [['set', 'consumer.session.timeout.ms', '1']]],
    [GROUP, 'g4', [['set', 'consumer.session.timeout.ms', '6000000']]],
    [GROUP, 'g5', [['set', 'consumer.heartbeat.interval.ms', 'x']]],
    [GROUP, 'g6', [['append', 'consumer.heartbeat.interval.ms', '1']]],
    [GROUP, 'g7', [['set', 'share.auto.offset.reset', 'never']]],
  ]),
  alter('client metrics', [
    [
      METRICS,
      'm1',
      [
        ['set', 'metrics', 'org.apache.'],
        ['set', 'interval.ms', '1000'],
        ['set', 'match', 'client_id=app.*'],
      ],
    ],
  ]),
  alter('client metrics: refused', [
    [METRICS, '', [['set', 'metrics', '*']]],
    [METRICS, 'm2', [['set', 'no.such.key', '1']]],
    [METRICS, 'm3', [['set', 'interval.ms', '5']]],
    [METRICS, 'm4', [['set', 'match', 'client=app']]],
    [METRICS, 'm5', [['set', 'match', 'client_id=[']]],
  ]),
  alter('loggers', [[LOGGER, '1', [['set', 'root', 'WARN']]]]),
  alter('loggers: refused', [[LOGGER, '1', [['set', 'no.such.logger', 'INFO']]]]),
  alter('loggers: level', [[LOGGER, '1', [['set', 'root', 'LOUD']]]]),
  alter('loggers: removed', [[LOGGER, '1', [['delete', 'root']]]]),
  alter('loggers: appended', [[LOGGER, '1', [['append', 'root', 'INFO']]]]),
  alter('loggers: other node', [
    [LOGGER, '7', [['set', 'root', 'INFO']]],
    [LOGGER, '', [['set', 'root', 'INFO']]],
  ]),
];
