import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { apiUrl, parseError } from './request.ts';

describe('request', () => {
  it('keeps the server’s sentence and hint', () => {
    const text =
      '{"error":{"code":"TOPIC_ALREADY_EXISTS","message":"There is one.","hint":"Choose another name."}}';
    const error = parseError({ status: 409, statusText: 'Conflict', text });
    assert.deepEqual(
      [error.code, error.message, error.hint, error.status],
      ['TOPIC_ALREADY_EXISTS', 'There is one.', 'Choose another name.', 409],
    );
  });

  it('says the status when something else answered', () => {
    for (const text of ['<html>Bad Gateway</html>', '', '{}', '{"error":"x"}', 'null']) {
      const error = parseError({ status: 502, statusText: 'Bad Gateway', text });
      assert.deepEqual([error.code, error.message, error.hint], ['HTTP_502', '502 Bad Gateway', null], text);
    }
  });

  it('leaves out what is not given', () => {
    assert.equal(
      apiUrl('/topics', { internal: false, cursor: null, limit: undefined }),
      '/api/v1/topics?internal=false',
    );
    assert.equal(apiUrl('/cluster'), '/api/v1/cluster');
  });
});
