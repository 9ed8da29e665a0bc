// Runs poc_tests.http, the very file a new user sends from the editor, from top to bottom, against a whole workbench:
// the broker, and the gateway in its thread.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { type HttpRequest, parseHttpFile } from '../support/http-file.ts';
import { startWorkbench, type TestWorkbench } from '../support/workbench.ts';

const file = new URL('../../poc_tests.http', import.meta.url);
const text = readFileSync(file, 'utf8');

// biome-ignore lint/suspicious/noExplicitAny: answers are looked into, not passed on
type Check = (body: any) => void;

const FIVE_VALUES = [1, 2, 3, 4, 5].map(number => `Esta é a mensagem via API número ${number}.`);

/** What each request of the file answers on a fresh workbench, by its name. */
const checks: Record<string, Check> = {
  index: body => assert.equal(body.name, 'Millrace'),
  ready: body => assert.deepEqual([body.status, body.broker], ['ready', 'up']),
  produce: body =>
    assert.deepEqual(body, {
      status: 'Success',
      messages_sent: [1, 2, 3, 4, 5].map(number => `Mensagem ${number} enviada`),
    }),
  consume: body => assert.deepEqual(body, { status: 'Success', messages_read: FIVE_VALUES }),
  produceOwn: body => assert.equal(body.messages_sent.length, 3),
  consumeOwn: body => {
    const expected = ['{"id": 1, "total": 99.90}', '{"id": 2, "total": 12.50}', 'só um texto'];
    assert.equal(body.messages_read.length, 2);
    for (const value of body.messages_read) assert.ok(expected.includes(value), value);
  },
  produceCount: body => assert.equal(body.messages_sent.length, 3),
  topics: body =>
    assert.deepEqual(body.topics.map(({ name }: { name: string }) => name).sort(), [
      'pedidos',
      'primeiro_topico',
    ]),
  topic: body => assert.equal(body.records, '5'),
  records: body =>
    assert.deepEqual(
      body.records.map((record: { value: { text: string } }) => record.value.text),
      FIVE_VALUES.slice(2).reverse(),
    ),
  alive: body => assert.deepEqual(body, { status: 'alive' }),
  openapi: body => assert.equal(body.openapi, '3.1.0'),
};

describe('poc_tests.http', () => {
  let workbench: TestWorkbench;
  let requests: Map<string, HttpRequest>;
  before(async () => {
    workbench = await startWorkbench();
    const { api, console } = workbench.addresses;
    const parsed = parseHttpFile(text, { api: api!, console: console! });
    requests = new Map(parsed.map(request => [request.name, request]));
  });
  after(() => workbench.stop());

  const names = parseHttpFile(text, {}).map(({ name }) => name);
  it('has a check for every request', () => assert.deepEqual(names, Object.keys(checks)));
  it('names the ports of a plain start', () => {
    assert.equal(parseHttpFile(text, {})[0]?.url, 'http://localhost:5000/');
    assert.match(text, /^@console = http:\/\/localhost:8080$/m);
  });

  for (const name of names) {
    it(`answers ${name}`, async () => {
      const { method, url, headers, body } = requests.get(name)!;
      const response = await fetch(url, { method, headers, ...(body === undefined ? {} : { body }) });
      const answer = await response.json();
      assert.equal(response.status, 200, JSON.stringify(answer));
      checks[name]?.(answer);
    });
  }
});
