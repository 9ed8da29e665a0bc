import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { snippetsFor } from './snippets.ts';

describe('snippets', () => {
  it('hold the addresses in use', () => {
    const snippets = snippetsFor({
      servers: ['10.0.0.1:9094', '10.0.0.2:9094'],
      origin: 'http://localhost:8080',
      topic: 'orders',
    });
    const code = Object.fromEntries(snippets.map(snippet => [snippet.name, snippet.code]));
    assert.match(code['kafkajs']!, /brokers: \['10\.0\.0\.1:9094', '10\.0\.0\.2:9094'\]/);
    assert.match(code['kcat']!, /-b 10\.0\.0\.1:9094,10\.0\.0\.2:9094 -t orders/);
    assert.match(code['curl']!, /^# create a topic\ncurl http:\/\/localhost:8080\/api\/v1\/topics \\\n/);
    assert.match(code['curl']!, /curl http:\/\/localhost:8080\/api\/v1\/topics\/orders\/records \\\n/);
  });
});
