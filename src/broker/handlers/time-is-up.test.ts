// Requests that come without time, as Apache Kafka 4.3.1 was seen to answer them: REQUEST_TIMED_OUT for all that was asked,
// and nothing done; what is wrong with the request itself is said as ever.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openTestBroker } from '../../../test/support/test-broker.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import { AlterPartitionReassignments } from '../../protocol/messages/apis/alter-partition-reassignments.ts';
import { CreatePartitions } from '../../protocol/messages/apis/create-partitions.ts';
import { CreateTopics } from '../../protocol/messages/apis/create-topics.ts';
import { DeleteTopics } from '../../protocol/messages/apis/delete-topics.ts';

const { REQUEST_TIMED_OUT, INVALID_REQUEST, NONE, TOPIC_ALREADY_EXISTS } = ErrorCode;

const topic = (name: string) => ({
  name,
  numPartitions: 1,
  replicationFactor: 1,
  assignments: [],
  configs: [],
});

describe('a request without time', () => {
  for (const timeoutMs of [0, -1]) {
    it(`is timed out, and nothing is done: ${timeoutMs} ms`, async context => {
      const broker = await openTestBroker(context);
      const connection = await broker.connect();
      const create = (names: readonly string[], ms: number) =>
        connection.request(CreateTopics, 7, {
          topics: names.map(topic),
          timeoutMs: ms,
          validateOnly: false,
        });
      const codesOf = (results: readonly { readonly errorCode: number }[]) =>
        results.map(({ errorCode }) => errorCode);
      assert.deepEqual(codesOf((await create(['there'], 1_000)).topics), [NONE]);
      assert.deepEqual(codesOf((await create(['late'], timeoutMs)).topics), [REQUEST_TIMED_OUT]);
      assert.deepEqual(codesOf((await create(['twice', 'twice'], timeoutMs)).topics), [INVALID_REQUEST]);
      const removal = { topicNames: ['there'], topics: [], timeoutMs };
      assert.deepEqual(codesOf((await connection.request(DeleteTopics, 5, removal)).responses), [
        REQUEST_TIMED_OUT,
      ]);
      const growth = {
        topics: [{ name: 'there', count: 3, assignments: null }],
        timeoutMs,
        validateOnly: false,
      };
      assert.deepEqual(codesOf((await connection.request(CreatePartitions, 3, growth)).results), [
        REQUEST_TIMED_OUT,
      ]);
      const move = {
        timeoutMs,
        allowReplicationFactorChange: true,
        topics: [{ name: 'there', partitions: [{ partitionIndex: 0, replicas: [1] }] }],
      };
      const moved = await connection.request(AlterPartitionReassignments, 1, move);
      assert.equal(moved.errorCode, REQUEST_TIMED_OUT);
      assert.equal(moved.responses[0]?.partitions[0]?.errorCode, REQUEST_TIMED_OUT);
      assert.deepEqual(codesOf((await create(['late'], 1_000)).topics), [NONE]);
      assert.deepEqual(codesOf((await create(['there'], 1_000)).topics), [TOPIC_ALREADY_EXISTS]);
    });
  }
});
