// The quick-start routes, whose answers other programs rely on, against a real broker.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { call, foreignKafka, freshTopic, startTestGateway, type TestGateway } from '../support/gateway.ts';

let gateway: TestGateway;
before(async () => {
  gateway = await startTestGateway();
});
after(() => gateway.close());

const produce = (query = '', body?: unknown) => call('POST', `${gateway.api}/produce${query}`, body);
const consume = async (query = '') => call('GET', `${gateway.api}/consume${query}`);
const valuesOf = async (query: string): Promise<unknown> => (await consume(query)).body.messages_read;

const FIVE_SENT = [1, 2, 3, 4, 5].map(number => `Mensagem ${number} enviada`);
const FIVE_VALUES = [1, 2, 3, 4, 5].map(number => `Esta é a mensagem via API número ${number}.`);

describe('the first calls of a new user', { skip: foreignKafka !== undefined }, () => {
  it('read nothing before anything was sent', async () => {
    const { status, body } = await consume();
    assert.equal(status, 200);
    assert.deepEqual(body, { status: 'Success', messages_read: [] });
  });

  it('send five messages', async () => {
    const { status, headers, body } = await produce();
    assert.equal(status, 200);
    assert.match(headers.get('content-type') ?? '', /^application\/json/);
    assert.deepEqual(body, { status: 'Success', messages_sent: FIVE_SENT });
  });

  it('read them, the same each time', async () => {
    for (let time = 0; time < 3; time += 1) {
      assert.deepEqual((await consume()).body, { status: 'Success', messages_read: FIVE_VALUES });
    }
  });

  it('find their keys', async () => {
    const { body } = await call(
      'GET',
      `${gateway.api}/api/v1/topics/primeiro_topico/records?direction=oldest`,
    );
    const keys = body.records.map((record: { key: { text: string } }) => record.key.text);
    assert.deepEqual(keys, ['chave-1', 'chave-2', 'chave-3', 'chave-4', 'chave-5']);
  });

  it('leave no group behind', async () => {
    const { body } = await call('GET', `${gateway.api}/api/v1/topics?internal=true`);
    const names = body.topics.map((topic: { name: string }) => topic.name);
    assert.deepEqual(names, ['primeiro_topico']);
  });
});

describe('POST /produce', () => {
  for (const type of [undefined, 'application/json', 'application/x-www-form-urlencoded', 'text/plain']) {
    it(`works with an empty body and ${type ?? 'no'} content type`, async () => {
      const headers = type === undefined ? {} : { 'content-type': type };
      const url = `${gateway.api}/produce?topic=${freshTopic('empty')}`;
      const response = await fetch(url, { method: 'POST', headers });
      assert.equal(response.status, 200);
      assert.deepEqual(await response.json(), { status: 'Success', messages_sent: FIVE_SENT });
    });
  }

  it('works with a body of nothing but a new line, as editors send it', async () => {
    const headers = { 'content-type': 'application/json' };
    const url = `${gateway.api}/produce?topic=${freshTopic('blank')}`;
    assert.equal((await fetch(url, { method: 'POST', headers, body: '\n' })).status, 200);
  });

  it('is described as a call that needs no body', async () => {
    const { body } = await call('GET', `${gateway.api}/openapi.json`);
    assert.equal(body.paths['/produce'].post.requestBody.required, false);
    assert.equal(body.paths['/api/v1/topics'].post.requestBody.required, true);
  });

  it('takes a topic and a count, in the query or in the body', async () => {
    const topic = freshTopic('count');
    assert.deepEqual((await produce(`?topic=${topic}&count=2`)).body.messages_sent, FIVE_SENT.slice(0, 2));
    assert.deepEqual((await produce('', { topic, count: 1 })).body.messages_sent, FIVE_SENT.slice(0, 1));
    assert.deepEqual(await valuesOf(`?topic=${topic}`), [...FIVE_VALUES.slice(0, 2), FIVE_VALUES[0]]);
  });

  it('takes messages of the caller: text, or key, value and headers', async () => {
    const topic = freshTopic('messages');
    const messages = [
      'olá',
      { key: 'k', value: '{"n": 1.0}', headers: { origem: 'teste' } },
      { key: 'k' },
      { value: { base64: '/w==' } },
    ];
    const { status, body } = await produce('', { topic, messages });
    assert.equal(status, 200);
    assert.equal(body.messages_sent.length, 4);
    assert.deepEqual(await valuesOf(`?topic=${topic}`), ['olá', '{"n": 1.0}', null, '/w==']);
  });

  it('says which topic name is none', async () => {
    const { status, body } = await produce(`?topic=${encodeURIComponent('não é')}`);
    assert.equal(status, 400);
    assert.equal(body.status, 'Error');
    assert.match(body.message, /não é/);
  });

  it('refuses a message that the broker finds too large, and says so', async () => {
    const { status, body } = await produce('', {
      topic: freshTopic('large'),
      messages: ['x'.repeat(2_000_000)],
    });
    assert.equal(status, 413);
    assert.equal(body.status, 'Error');
  });
});

describe('GET /consume', () => {
  it('reads by partition and offset, with a limit and from where it is told', async () => {
    const topic = freshTopic('from');
    await call('POST', `${gateway.api}/api/v1/topics`, { name: topic, partitions: 3 });
    const records = [2, 0, 1, 0, 2].map((partition, index) => ({
      partition,
      value: `${partition}:${index}`,
      timestamp: String(1_700_000_000_000 + index * 1000),
    }));
    await call('POST', `${gateway.api}/api/v1/topics/${topic}/records`, { records });
    assert.deepEqual(await valuesOf(`?topic=${topic}`), ['0:1', '0:3', '1:2', '2:0', '2:4']);
    assert.deepEqual(await valuesOf(`?topic=${topic}&limit=3`), ['0:1', '0:3', '1:2']);
    assert.deepEqual(await valuesOf(`?topic=${topic}&from=1`), ['0:3', '2:4']);
    assert.deepEqual(await valuesOf(`?topic=${topic}&from=latest`), []);
    assert.deepEqual(await valuesOf(`?topic=${topic}&from=latest&limit=2`), ['0:3', '2:4']);
    assert.deepEqual(await valuesOf(`?topic=${topic}&from=1700000002000`), ['0:3', '1:2', '2:4']);
    assert.deepEqual(await valuesOf(`?topic=${topic}&from=2023-11-14T22:13:23.000Z`), ['0:3', '2:4']);
    assert.deepEqual(await valuesOf(`?topic=${topic}&from=2100-01-01`), []);
  });

  it('is read with GET, as /produce is sent with POST: anything else is told so', async () => {
    for (const [method, path, allowed] of [
      ['GET', '/produce', 'POST'],
      ['POST', '/consume', 'GET'],
      ['DELETE', '/consume', 'GET'],
    ] as const) {
      const response = await fetch(`${gateway.api}${path}`, { method });
      assert.equal(response.status, 405);
      assert.equal(response.headers.get('allow'), allowed);
      assert.equal(((await response.json()) as { status: string }).status, 'Error');
    }
  });

  for (const query of ['?limit=0', '?limit=x', '?from=yesterday', '?from=-1', '?topci=x', '?topic=']) {
    it(`refuses ${query} with a sentence`, async () => {
      const { status, body } = await consume(query);
      assert.equal(status, 400);
      assert.equal(body.status, 'Error');
      assert.match(body.message, /\w+ \w+/);
    });
  }

  it('reads a thousand records, and far more than it gathers in memory', async () => {
    const topic = freshTopic('many');
    const messages = Array.from({ length: 1000 }, (_, index) => `${index} ${'x'.repeat(4000)}`);
    await produce('', { topic, messages });
    const read = await valuesOf(`?topic=${topic}`);
    assert.deepEqual(read, messages);
  });

  it('stops when the caller goes away, without a word', async () => {
    const topic = freshTopic('left');
    const messages = Array.from({ length: 1000 }, () => 'x'.repeat(8000));
    await produce('', { topic, messages });
    const closing = new AbortController();
    const response = await fetch(`${gateway.api}/consume?topic=${topic}`, { signal: closing.signal });
    await response.body!.getReader().read();
    closing.abort();
    assert.equal((await consume('?topic=nothing')).status, 200);
    assert.deepEqual(gateway.logged, []);
  });
});
