// Both servers without a broker: what must hold before, and whatever, Kafka answers.

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { InjectOptions } from 'fastify';
import { KafkaClient } from '../client/kafka-client.ts';
import type { App, GatewayContext } from './context.ts';
import type { GatewayOptions } from './options.ts';
import { apiApp, consoleApp } from './server.ts';

// Port 1 is nobody's: every connection is refused at once.
const NOBODY = '127.0.0.1:1';
const LOCAL = { host: 'localhost:8080' };

function contextOf(options: Partial<GatewayOptions> = {}): GatewayContext {
  return {
    options: {
      bootstrapServers: NOBODY,
      connection: {},
      publicAddress: null,
      consolePort: 0,
      apiPort: 0,
      host: 'localhost',
      consoleDirectory: '/nowhere',
      version: '0.0.0-test',
      mode: 'external',
      dataDirectory: null,
      durability: null,
      allowedHosts: ['workbench.example'],
      stateDirectory: null,
      ...options,
    },
    client: new KafkaClient({ bootstrapServers: NOBODY, clientId: 'test' }),
    startedAt: new Date(0),
    log: () => {},
  };
}

describe('the local-server rules', () => {
  let apps: App[];
  before(async () => {
    apps = [consoleApp(contextOf()), apiApp(contextOf())];
  });
  after(() => Promise.all(apps.map(app => app.close())));
  const onBoth = async (options: InjectOptions) => Promise.all(apps.map(app => app.inject(options)));
  const statusesOf = async (options: InjectOptions) =>
    (await onBoth(options)).map(({ statusCode }) => statusCode);

  for (const host of [
    'localhost',
    'localhost:8080',
    '127.0.0.1:5000',
    '[::1]:5000',
    'LOCALHOST:1',
    'workbench.example:80',
  ]) {
    it(`answers as ${host}`, async () => {
      assert.deepEqual(await statusesOf({ url: '/healthz', headers: { host } }), [200, 200]);
    });
  }

  for (const host of [
    'evil.example',
    'localhost.evil.example',
    '127.0.0.1.evil.example:80',
    '10.0.0.7',
    '[::2]',
    'localhost:80:80',
  ]) {
    it(`does not answer as ${JSON.stringify(host)}`, async () => {
      assert.deepEqual(await statusesOf({ url: '/healthz', headers: { host } }), [421, 421]);
    });
  }

  const foreign: Record<string, string>[] = [
    { origin: 'https://evil.example' },
    { origin: 'http://localhost:8081' },
    { origin: 'null' },
    { origin: '' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { origin: 'http://localhost:8080', 'sec-fetch-site': 'cross-site' },
  ];
  for (const headers of foreign) {
    it(`changes nothing for a page with ${JSON.stringify(headers)}`, async () => {
      const options = {
        method: 'DELETE',
        url: '/api/v1/topics/x',
        headers: { ...LOCAL, ...headers },
      } as const;
      assert.deepEqual(await statusesOf(options), [403, 403]);
    });
  }

  const own: Record<string, string>[] = [
    {},
    { origin: 'http://localhost:8080' },
    { 'sec-fetch-site': 'none' },
    { origin: 'http://localhost:8080', 'sec-fetch-site': 'same-origin' },
  ];
  for (const headers of own) {
    it(`works for ${JSON.stringify(headers)}`, async () => {
      const options = {
        method: 'DELETE',
        url: '/api/v1/topics/x',
        headers: { ...LOCAL, ...headers },
      } as const;
      assert.deepEqual(await statusesOf(options), [503, 503]);
    });
  }

  it('guards also POST /produce, with its own shape of error', async () => {
    const headers = { ...LOCAL, 'sec-fetch-site': 'cross-site' };
    const { statusCode, body } = await apps[1]!.inject({ method: 'POST', url: '/produce', headers });
    assert.equal(statusCode, 403);
    assert.equal(JSON.parse(body).status, 'Error');
  });

  it('sends its headers with every answer, errors included, and no CORS', async () => {
    for (const url of ['/healthz', '/openapi.json', '/docs', '/nothing', '/api/v1/topics']) {
      for (const { headers } of await onBoth({
        url,
        headers: { ...LOCAL, origin: 'https://evil.example' },
      })) {
        assert.match(
          String(headers['content-security-policy']),
          /default-src 'self'.*frame-ancestors 'none'/,
        );
        assert.equal(headers['x-content-type-options'], 'nosniff');
        assert.equal(headers['referrer-policy'], 'no-referrer');
        assert.equal(headers['access-control-allow-origin'], undefined);
      }
    }
  });
});

describe('a server without a broker', () => {
  let app: App;
  before(async () => {
    app = apiApp(contextOf());
  });
  after(() => app.close());
  const post = (url: string, body: string, type = 'application/json') =>
    app.inject({ method: 'POST', url, headers: { ...LOCAL, 'content-type': type }, payload: body });

  it('is alive and not ready', async () => {
    assert.equal((await app.inject({ url: '/healthz', headers: LOCAL })).statusCode, 200);
    const ready = await app.inject({ url: '/readyz', headers: LOCAL });
    assert.equal(ready.statusCode, 503);
    const { status, broker, message } = ready.json();
    assert.deepEqual({ status, broker }, { status: 'starting', broker: 'down' });
    assert.match(message, /127\.0\.0\.1:1/);
  });

  it('says of the cluster that it cannot be reached, and why', async () => {
    const cluster = await app.inject({ url: '/api/v1/cluster', headers: LOCAL });
    assert.equal(cluster.statusCode, 200);
    assert.equal(cluster.json().reachable, false);
    assert.match(cluster.json().error, /refused/);
  });

  it('answers 503 with a sentence where Kafka is needed', async () => {
    for (const url of ['/consume', '/api/v1/topics', '/api/v1/topics/x/records']) {
      assert.equal((await app.inject({ url, headers: LOCAL })).statusCode, 503);
    }
    assert.match((await post('/produce', '')).json().message, /cannot be reached/);
  });

  const wrong: [url: string, body: string, sentence: RegExp][] = [
    ['/produce', '{"cont":3}', /does not take/],
    ['/produce', '{"count":0}', /"count"/],
    ['/produce', '{"count":1.5}', /"count"/],
    ['/produce', '{"count":"3"}', /"count"/],
    ['/produce', '{"messages":[1]}', /"messages\.0"/],
    ['/produce', '{"count":1,"messages":["a"]}', /either/],
    ['/produce', '[]', /The body/],
    ['/produce', '{', /JSON/],
    ['/produce', '{"__proto__":{"count":1}}', /\w/],
    ['/produce?count=many', '', /"count"/],
    ['/produce?limit=1', '', /does not take/],
    ['/api/v1/topics', '{"name":7}', /"name"/],
    ['/api/v1/topics', '', /The body/],
    ['/api/v1/topics', '{"name":"x","configs":{"a":1}}', /"configs\.a"/],
    ['/api/v1/topics/x/records', '{"records":[]}', /"records"/],
    ['/api/v1/topics/x/records', '{"records":[{"timestamp":"soon"}]}', /milliseconds/],
    ['/api/v1/topics/x/partitions', '{"total":-1}', /"total"/],
    ['/api/v1/topics/summaries', '{"names":"x"}', /"names"/],
  ];
  for (const [url, body, sentence] of wrong) {
    it(`refuses ${url} with ${body} in words`, async () => {
      const answer = await post(url, body);
      assert.equal(answer.statusCode, 400, answer.body);
      const message = answer.json().message ?? answer.json().error.message;
      assert.match(message, sentence);
    });
  }

  it('refuses bodies that are no JSON, and takes an empty body of any type', async () => {
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
    ]) {
      assert.equal((await post('/produce', '{"count":1}', type)).statusCode, 415);
      assert.equal((await post('/produce', '', type)).statusCode, 503);
    }
  });

  it('refuses a body of brackets, at once, and an address that is none, in words', async () => {
    const deep = await post('/produce', '['.repeat(9_000_000));
    assert.equal(deep.statusCode, 400);
    assert.match(deep.json().message, /64 levels/);
    const malformed = await app.inject({ url: '/%zz', headers: LOCAL });
    assert.equal(malformed.statusCode, 400);
    assert.match(malformed.json().error.message, /not a valid url/);
    assert.equal(malformed.headers['x-content-type-options'], 'nosniff');
  });

  it('refuses a body of more than 10 MiB', async () => {
    const answer = await post('/produce', JSON.stringify({ topic: 'x'.repeat(10 * 1024 * 1024) }));
    assert.equal(answer.statusCode, 413);
    assert.match(answer.json().message, /10 MiB/);
  });

  it('answers what does not exist with 404 in JSON', async () => {
    const answer = await app.inject({ url: '/nothing?x=1', headers: { ...LOCAL, accept: 'text/html' } });
    assert.equal(answer.statusCode, 404);
    assert.equal(answer.json().error.code, 'NOT_FOUND');
  });

  it('describes itself as OpenAPI 3.1 and as a page without scripts', async () => {
    const document = (await app.inject({ url: '/openapi.json', headers: LOCAL })).json();
    assert.equal(document.openapi, '3.1.0');
    for (const path of ['/produce', '/consume', '/api/v1/topics/{topic}/records', '/readyz'])
      assert.ok(document.paths[path], path);
    const page = await app.inject({ url: '/docs', headers: LOCAL });
    assert.match(String(page.headers['content-type']), /text\/html/);
    assert.match(page.body, /\/api\/v1\/topics\/\{topic\}\/tail/);
    assert.doesNotMatch(page.body, /<script|style="|https?:\/\//);
  });

  it('shows an index: JSON for programs, a page for browsers', async () => {
    const index = await app.inject({ url: '/', headers: { ...LOCAL, accept: '*/*' } });
    assert.equal(index.json().name, 'Millrace');
    const page = await app.inject({
      url: '/',
      headers: { ...LOCAL, accept: 'text/html,application/xhtml+xml,*/*;q=0.8' },
    });
    assert.match(page.body, /^<!doctype html>/);
  });
});

describe('the console', () => {
  let directory: string;
  let app: App;
  before(async () => {
    directory = mkdtempSync(join(tmpdir(), 'millrace-console-'));
    mkdirSync(join(directory, 'console/assets'), { recursive: true });
    writeFileSync(join(directory, 'secret.txt'), 'secret');
    writeFileSync(join(directory, 'console/index.html'), '<!doctype html><title>console</title>');
    writeFileSync(join(directory, 'console/assets/app-a1b2c3.js'), 'export {};');
    app = consoleApp(contextOf({ consoleDirectory: join(directory, 'console') }));
  });
  after(async () => {
    await app.close();
    rmSync(directory, { recursive: true });
  });
  const get = (url: string, accept = 'text/html,*/*') => app.inject({ url, headers: { ...LOCAL, accept } });

  it('is served at / and at every address of its own', async () => {
    for (const url of ['/', '/index.html', '/topics', '/topics/primeiro_topico?x=1', '/topics/a.b/records']) {
      const answer = await get(url);
      assert.equal(answer.statusCode, 200, url);
      assert.match(answer.body, /<title>console/);
      assert.equal(answer.headers['cache-control'], 'no-cache');
    }
  });

  it('is there for a script that asks for anything, also for the head alone', async () => {
    assert.equal((await get('/', '*/*')).statusCode, 200);
    const head = await app.inject({ method: 'HEAD', url: '/', headers: { ...LOCAL, accept: '*/*' } });
    assert.equal(head.statusCode, 200);
    assert.equal(head.body, '');
  });

  it('keeps assets for ever', async () => {
    const answer = await get('/assets/app-a1b2c3.js', '*/*');
    assert.equal(answer.statusCode, 200);
    assert.match(String(answer.headers['cache-control']), /immutable/);
    assert.match(String(answer.headers['content-type']), /javascript/);
  });

  it('is not what a missing asset or a wrong API call gets', async () => {
    for (const url of ['/assets/app-gone.js', '/api/v1/nothing']) {
      const answer = await get(url);
      assert.equal(answer.statusCode, 404);
      assert.equal(answer.json().error.code, 'NOT_FOUND');
    }
    assert.equal((await get('/nothing', 'application/json')).statusCode, 404);
  });

  const outside = [
    '/../secret.txt',
    '/%2e%2e/secret.txt',
    '/assets/../../secret.txt',
    '/..%2fsecret.txt',
    '/%2e%2e%2fsecret.txt',
    '/assets/..%5c..%5csecret.txt',
    '//secret.txt',
    '/assets/%00',
  ];
  for (const url of outside) {
    it(`never leaves its directory: ${url}`, async () => {
      const answer = await get(url);
      assert.doesNotMatch(answer.body, /secret$/);
      assert.ok(
        answer.statusCode >= 400 || /<title>console/.test(answer.body),
        `${answer.statusCode} ${answer.body}`,
      );
    });
  }

  it('says how to get one where it is not built', async () => {
    const bare = consoleApp(contextOf());
    const answer = await bare.inject({ url: '/', headers: { ...LOCAL, accept: 'text/html' } });
    await bare.close();
    assert.equal(answer.statusCode, 503);
    assert.match(answer.body, /npm start/);
  });
});
