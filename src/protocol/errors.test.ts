// The error table against Apache Kafka's (test/golden/schema/errors.json).

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadGolden } from '../../test/support/golden-messages.ts';
import { allErrors, ErrorCode, errorOf, KafkaError } from './errors.ts';

describe('errors', () => {
  it('are those of Apache Kafka 4.3.1', () => {
    const expected = loadGolden('schema/errors.json') as Record<string, unknown>[];
    const actual = allErrors().map(({ code, name, retriable, invalidMetadata }) => ({
      code,
      name,
      retriable,
      invalidMetadata,
    }));
    assert.deepEqual(
      actual,
      expected.map(({ code, name, retriable, invalidMetadata }) => ({
        code,
        name,
        retriable,
        invalidMetadata,
      })),
    );
    for (const { name, text } of allErrors()) assert.ok(text.length > 3, name);
  });

  it('are found by name and by code', () => {
    assert.equal(ErrorCode.NOT_LEADER_OR_FOLLOWER, 6);
    assert.equal(errorOf(6).name, 'NOT_LEADER_OR_FOLLOWER');
    assert.equal(errorOf(30_000).name, 'UNKNOWN_SERVER_ERROR');
  });

  it('end an operation as KafkaError', () => {
    const plain = new KafkaError('TOPIC_ALREADY_EXISTS');
    assert.deepEqual(
      [plain.code, plain.errorName, plain.message],
      [36, 'TOPIC_ALREADY_EXISTS', errorOf(36).text],
    );
    assert.equal(new KafkaError('INVALID_REQUEST', 'why').message, 'why');
  });
});
