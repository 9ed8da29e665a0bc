import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AuthenticationError, BrokerUnreachableError } from '../client/errors.ts';
import { type ErrorName, KafkaError } from '../protocol/errors.ts';
import { toHttpError } from './http-error.ts';

describe('an error as HTTP', () => {
  const statuses: [ErrorName, number][] = [
    ['UNKNOWN_TOPIC_OR_PARTITION', 404],
    ['TOPIC_ALREADY_EXISTS', 409],
    ['INVALID_TOPIC_EXCEPTION', 400],
    ['INVALID_CONFIG', 400],
    ['MESSAGE_TOO_LARGE', 413],
    ['TOPIC_AUTHORIZATION_FAILED', 403],
    ['REQUEST_TIMED_OUT', 504],
    ['NOT_LEADER_OR_FOLLOWER', 503],
    ['UNKNOWN_SERVER_ERROR', 500],
  ];
  for (const [name, status] of statuses) {
    it(`is ${status} for ${name}`, () => {
      const error = toHttpError(new KafkaError(name));
      assert.equal(error.status, status);
      assert.equal(error.code, name);
      assert.match(error.message, /\w+ \w+/);
    });
  }

  it('is 503 when nobody is there, and 504 when nobody knows what became of it', () => {
    const silence = (outcome: 'not-sent' | 'unknown') =>
      toHttpError(new BrokerUnreachableError({ address: 'kafka:9092', reason: 'is silent', outcome }));
    assert.equal(silence('not-sent').status, 503);
    assert.match(silence('not-sent').message, /kafka:9092/);
    assert.equal(silence('unknown').status, 504);
    assert.match(silence('unknown').hint ?? '', /may or may not/);
  });

  it('is 503 when the login fails: it is not the caller who must log in', () => {
    assert.equal(toHttpError(new AuthenticationError('no')).status, 503);
  });

  it('tells nothing of what was not foreseen', () => {
    const error = toHttpError(new TypeError('secret of the house'));
    assert.equal(error.status, 500);
    assert.doesNotMatch(error.message, /secret/);
  });
});
