// Changes of the broker's thread counts, cleaner buffer and log times, and elections without time, as Apache Kafka 4.3.1 was seen to
// answer them.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openTestBroker } from '../../../test/support/test-broker.ts';
import { ElectLeaders } from '../../protocol/messages/apis/elect-leaders.ts';
import { IncrementalAlterConfigs } from '../../protocol/messages/apis/incremental-alter-configs.ts';

const BROKER = 4;
const SET = 0;
const TOO_LITTLE =
  'requirement failed: log.cleaner.dedupe.buffer.size must be at least 1MB per cleaner thread.';
const refusedBy = (reason: string) =>
  `Invalid value org.apache.kafka.common.config.ConfigException: ${reason} for configuration Invalid dynamic configuration`;

const CHANGES: readonly (readonly [name: string, value: string, message: string | null])[] = [
  [
    'log.cleaner.threads',
    '3',
    refusedBy('Log cleaner threads cannot be increased to more than double the current value 1'),
  ],
  ['log.cleaner.threads', '500', TOO_LITTLE],
  ['log.cleaner.threads', '0', '/ by zero'],
  ['log.cleaner.threads', '2', null],
  ['log.cleaner.dedupe.buffer.size', '1048576', TOO_LITTLE],
  [
    'num.io.threads',
    '100',
    refusedBy(
      'Dynamic thread count update validation failed for num.io.threads=100, value should not be greater than double the current value 8',
    ),
  ],
  [
    'num.io.threads',
    '1',
    refusedBy(
      'Dynamic thread count update validation failed for num.io.threads=1, value should be at least half the current value 8',
    ),
  ],
  ['num.network.threads', '1', null],
  ['log.roll.ms', '0', 'requirement failed: log.roll.ms must be greater than or equal to 1'],
  ['log.roll.jitter.ms', '-1', 'requirement failed: log.roll.jitter.ms must be greater than or equal to 0'],
  [
    'log.retention.ms',
    '0',
    'requirement failed: log.retention.ms must be unlimited (-1) or, greater than or equal to 1',
  ],
  ['log.retention.ms', '-2', null],
  [
    'log.local.retention.ms',
    '-1',
    refusedBy(
      'Invalid value -1 for configuration log.local.retention.ms: Value must not be -1 as log.retention.ms value is set as 604800000.',
    ),
  ],
  [
    'cordoned.log.dirs',
    '/no/such',
    'requirement failed: All entries in cordoned.log.dirs must be present in log.dirs or log.dir. Missing entries : /no/such',
  ],
];

describe('a change of the broker while it runs', () => {
  for (const [name, value, message] of CHANGES) {
    it(`${name}=${value}: ${message === null ? 'taken' : 'refused'}`, async context => {
      const connection = await (await openTestBroker(context)).connect();
      const { responses } = await connection.request(IncrementalAlterConfigs, 1, {
        resources: [
          { resourceType: BROKER, resourceName: '1', configs: [{ name, configOperation: SET, value }] },
        ],
        validateOnly: false,
      });
      assert.deepEqual(
        responses.map(({ errorCode, errorMessage }) => [errorCode, errorMessage]),
        [[message === null ? 0 : 42, message]],
      );
    });
  }
});

describe('ElectLeaders with no time', () => {
  it('is timed out before it is looked at', async context => {
    const connection = await (await openTestBroker(context)).connect();
    const answer = await connection.request(ElectLeaders, 2, {
      electionType: 0,
      topicPartitions: [{ topic: 'nope', partitions: [0] }],
      timeoutMs: 0,
    });
    assert.equal(answer.errorCode, 7);
    assert.deepEqual(
      answer.replicaElectionResults.map(({ topic, partitionResult }) => [
        topic,
        ...partitionResult.map(one => one.errorCode),
      ]),
      [['nope', 7]],
    );
  });
});
