// The API keeps to its own description: every operation of /openapi.json is called, and what it answers is what the
// document says.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import * as z from 'zod';
import { call, freshTopic, startTestGateway, type TestGateway } from '../support/gateway.ts';

let gateway: TestGateway;
let topic: string;
let document: Document;
before(async () => {
  gateway = await startTestGateway();
  topic = freshTopic('contract');
  await call('POST', `${gateway.api}/produce`, {
    topic,
    messages: ['{"a":1}', { key: 'k', value: null, headers: { h: 'v' } }],
  });
  document = (await call('GET', `${gateway.api}/openapi.json`)).body;
});
after(() => gateway.close());

interface Operation {
  readonly summary?: string;
  readonly tags?: readonly string[];
  readonly responses: Record<string, { content?: Record<string, { schema: z.core.JSONSchema.JSONSchema }> }>;
}
interface Document {
  readonly openapi: string;
  readonly paths: Record<string, Record<string, Operation>>;
}

/** How to call each operation, and what status to expect; in this order. */
const calls: readonly [operation: string, status: number, url?: () => string, body?: () => unknown][] = [
  ['GET /', 200],
  ['POST /produce', 200, () => `/produce?topic=${topic}`, () => ({ count: 1 })],
  ['POST /produce', 400, () => '/produce?count=0'],
  ['GET /consume', 200, () => `/consume?topic=${topic}`],
  ['GET /consume', 400, () => '/consume?from=never'],
  ['GET /healthz', 200],
  ['GET /readyz', 200],
  ['GET /api/v1/cluster', 200],
  ['GET /api/v1/topics', 200],
  ['POST /api/v1/topics', 201, undefined, () => ({ name: `${topic}-made` })],
  ['POST /api/v1/topics', 409, undefined, () => ({ name: topic })],
  ['GET /api/v1/topics/{topic}', 200, () => `/api/v1/topics/${topic}`],
  ['GET /api/v1/topics/{topic}', 404, () => `/api/v1/topics/${topic}-not`],
  [
    'POST /api/v1/topics/{topic}/partitions',
    200,
    () => `/api/v1/topics/${topic}/partitions`,
    () => ({ total: 2 }),
  ],
  ['POST /api/v1/topics/summaries', 200, undefined, () => ({ names: [topic, `${topic}-not`] })],
  ['GET /api/v1/topics/{topic}/configs', 200, () => `/api/v1/topics/${topic}/configs`],
  [
    'PATCH /api/v1/topics/{topic}/configs',
    200,
    () => `/api/v1/topics/${topic}/configs`,
    () => ({ set: { 'retention.ms': '1' } }),
  ],
  [
    'POST /api/v1/topics/{topic}/records',
    200,
    () => `/api/v1/topics/${topic}/records`,
    () => ({ records: [{ value: 'x' }] }),
  ],
  ['GET /api/v1/topics/{topic}/records', 200, () => `/api/v1/topics/${topic}/records?partitions=0,1`],
  [
    'GET /api/v1/topics/{topic}/records/{partition}/{offset}',
    200,
    () => `/api/v1/topics/${topic}/records/0/0`,
  ],
  ['POST /api/v1/topics/{topic}/tail', 404, () => `/api/v1/topics/${topic}-not/tail`],
  ['DELETE /api/v1/topics/{topic}', 204, () => `/api/v1/topics/${topic}-made`],
];

describe('the API', () => {
  for (const [operation, status, url, body] of calls) {
    it(`answers ${operation} with ${status} as described`, async () => {
      const [method, path] = operation.split(' ') as [string, string];
      const described = document.paths[path]?.[method.toLowerCase()];
      assert.ok(described !== undefined, 'it is not in /openapi.json');
      const answer = await call(method, `${gateway.api}${url?.() ?? path}`, body?.());
      assert.equal(answer.status, status, JSON.stringify(answer.body));
      const response = described.responses[status] ?? described.responses[`${String(status)[0]}XX`];
      assert.ok(response !== undefined, `${status} is not described`);
      const schema = response.content?.['application/json']?.schema;
      if (status === 204) return;
      assert.ok(schema !== undefined, 'its JSON is not described');
      const checked = z.fromJSONSchema(schema as never).safeParse(answer.body);
      assert.ok(
        checked.success,
        `${JSON.stringify(checked.error?.issues)} in ${JSON.stringify(answer.body)}`,
      );
    });
  }

  it('has no operation that this test forgets, and a sentence and a place for each', () => {
    const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({
        name: `${method.toUpperCase()} ${path}`,
        operation,
      })),
    );
    const called = new Set(calls.map(([operation]) => operation));
    assert.deepEqual(
      operations.map(({ name }) => name).filter(name => !called.has(name)),
      [],
    );
    for (const { name, operation } of operations) {
      assert.ok(operation.summary !== undefined && operation.tags?.length === 1, name);
    }
  });
});
