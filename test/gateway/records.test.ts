// Writing and browsing records over HTTP, against a real broker.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { call, freshTopic, startTestGateway, type TestGateway } from '../support/gateway.ts';

let gateway: TestGateway;
before(async () => {
  gateway = await startTestGateway();
});
after(() => gateway.close());

const api = (method: string, path: string, body?: unknown) =>
  call(method, `${gateway.console}/api/v1${path}`, body);
const BASE_MS = 1_700_000_000_000;

async function topicWith(options: { partitions: number; records: object[] }): Promise<string> {
  const name = freshTopic('records');
  await api('POST', '/topics', { name, partitions: options.partitions });
  for (let start = 0; start < options.records.length; start += 1000) {
    const records = options.records.slice(start, start + 1000);
    const { status, body } = await api('POST', `/topics/${name}/records`, { records });
    assert.equal(status, 200, JSON.stringify(body));
  }
  return name;
}

interface Shown {
  partition: number;
  offset: string;
  timestamp: string;
  value: { text: string } | null;
}

async function pageOf(
  topic: string,
  query: string,
): Promise<{ values: unknown[]; cursor: string | null; records: Shown[] }> {
  const { status, body } = await api('GET', `/topics/${topic}/records?${query}`);
  assert.equal(status, 200, JSON.stringify(body));
  return { ...body, values: body.records.map((record: Shown) => record.value?.text ?? null) };
}

/** All pages in a row. */
async function walk(topic: string, query: string): Promise<unknown[]> {
  const values: unknown[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page = await pageOf(topic, cursor === '' ? query : `${query}&cursor=${cursor}`);
    values.push(...page.values);
    cursor = page.cursor;
  }
  return values;
}

describe('records', () => {
  it('come back as they were written, null and empty kept apart', async () => {
    const topic = await topicWith({
      partitions: 1,
      records: [
        {
          key: 'chave',
          value: '{"id":12345678901234567890}',
          headers: [
            { key: 'h', value: 'v' },
            { key: 'n', value: null },
          ],
          timestamp: String(BASE_MS),
        },
        { key: null, value: null, timestamp: String(BASE_MS + 1) },
        { key: '', value: { text: '' }, timestamp: String(BASE_MS + 2) },
        { key: { base64: '/wA=' }, value: { base64: 'AAEC' }, timestamp: String(BASE_MS + 3) },
      ],
    });
    const { records } = await pageOf(topic, 'direction=oldest');
    const text = (value: string) => ({
      text: value,
      encoding: 'utf8',
      format: 'text',
      size: value.length,
      truncated: false,
    });
    const bytes = (value: string, size: number) => ({
      text: value,
      encoding: 'base64',
      format: 'bytes',
      size,
      truncated: false,
    });
    const common = {
      partition: 0,
      timestampType: 'CreateTime',
      headers: [],
      compression: 'none',
      transactional: false,
    };
    assert.deepEqual(records, [
      {
        ...common,
        offset: '0',
        timestamp: String(BASE_MS),
        key: text('chave'),
        value: { ...text('{"id":12345678901234567890}'), format: 'json' },
        headers: [
          { key: 'h', value: text('v') },
          { key: 'n', value: null },
        ],
        sizeInBytes: 35,
      },
      { ...common, offset: '1', timestamp: String(BASE_MS + 1), key: null, value: null, sizeInBytes: 0 },
      {
        ...common,
        offset: '2',
        timestamp: String(BASE_MS + 2),
        key: text(''),
        value: text(''),
        sizeInBytes: 0,
      },
      {
        ...common,
        offset: '3',
        timestamp: String(BASE_MS + 3),
        key: bytes('/wA=', 2),
        value: bytes('AAEC', 3),
        sizeInBytes: 5,
      },
    ]);
  });

  it('go where their keys send them, and answer with their offsets', async () => {
    const topic = await topicWith({ partitions: 3, records: [] });
    const records = ['a', 'a', 'ab', '21', 'foobar'].map(key => ({ key, value: key }));
    const { body } = await api('POST', `/topics/${topic}/records`, { records });
    const partitions = body.offsets.map(({ partition }: { partition: number }) => partition);
    // From golden/hashes.json: murmur2("a") and murmur2("ab") in three partitions.
    assert.deepEqual(partitions.slice(0, 3), [1, 1, 2]);
    const offsets = new Map<number, number>();
    for (const { partition, offset } of body.offsets) {
      assert.equal(offset, String(offsets.get(partition) ?? 0));
      offsets.set(partition, Number(offset) + 1);
    }
  });

  it('are refused as a whole when one names a partition that does not exist', async () => {
    const topic = await topicWith({ partitions: 1, records: [] });
    const { status, body } = await api('POST', `/topics/${topic}/records`, {
      records: [{ value: 'a' }, { partition: 7, value: 'b' }],
    });
    assert.equal(status, 404);
    assert.match(body.error.message, /no partition 7.*Nothing was written/);
    assert.equal((await api('GET', `/topics/${topic}`)).body.records, '0');
  });

  it('that the broker refuses do not take the others back, and the answer says how many are kept', async () => {
    const topic = await topicWith({ partitions: 2, records: [] });
    const large = { partition: 1, value: 'x'.repeat(2_000_000) };
    const { status, body } = await api('POST', `/topics/${topic}/records`, {
      records: [{ partition: 0, value: 'a' }, { partition: 0, value: 'b' }, large],
    });
    assert.equal(status, 413);
    assert.match(body.error.message, /2 of 3 records were written all the same/);
    assert.equal((await api('GET', `/topics/${topic}`)).body.records, '2');
  });

  it('need a topic that exists', async () => {
    const { status } = await api('POST', `/topics/${freshTopic('none')}/records`, {
      records: [{ value: 'a' }],
    });
    assert.equal(status, 404);
  });

  it('of many megabytes are written in several batches, in order', async () => {
    const records = Array.from({ length: 30 }, (_, index) => ({ value: `${index} ${'x'.repeat(200_000)}` }));
    const topic = await topicWith({ partitions: 1, records });
    const values = await walk(topic, 'direction=oldest&limit=7&previewBytes=4');
    assert.deepEqual(
      values.map(value => Number(String(value).split(' ')[0])),
      records.map((_, index) => index),
    );
  });
});

describe('a page of records', () => {
  const written = Array.from({ length: 50 }, (_, index) => ({
    partition: index % 3,
    value: `v${index}`,
    timestamp: String(BASE_MS + index * 10),
  }));
  let topic: string;
  before(async () => {
    topic = await topicWith({ partitions: 3, records: written });
  });
  const inOrder = written.map(({ value }) => value);

  it('shows the newest first, over all partitions, page after page', async () => {
    for (const limit of [1, 7, 50, 1000]) {
      assert.deepEqual(await walk(topic, `limit=${limit}`), inOrder.toReversed());
    }
  });

  it('shows the oldest first, page after page', async () => {
    for (const limit of [3, 50])
      assert.deepEqual(await walk(topic, `direction=oldest&limit=${limit}`), inOrder);
  });

  it('shows chosen partitions, from a time or an offset', async () => {
    const of1 = written.filter(({ partition }) => partition === 1).map(({ value }) => value);
    assert.deepEqual(await walk(topic, 'direction=oldest&partitions=1&limit=4'), of1);
    assert.deepEqual(await walk(topic, 'direction=oldest&partitions=1&fromOffset=3'), of1.slice(3));
    assert.deepEqual(await walk(topic, `direction=oldest&fromTimestamp=${BASE_MS + 455}`), inOrder.slice(46));
    assert.deepEqual(await walk(topic, `direction=oldest&fromTimestamp=${BASE_MS * 2}`), []);
  });

  it('comes with the watermarks', async () => {
    const { body } = await api('GET', `/topics/${topic}/records?partitions=2,0`);
    assert.deepEqual(body.watermarks, [
      { partition: 0, earliest: '0', latest: '17' },
      { partition: 2, earliest: '0', latest: '16' },
    ]);
  });

  it('is not disturbed by records that arrive meanwhile', async () => {
    const busy = await topicWith({
      partitions: 2,
      records: written.map(record => ({ ...record, partition: record.partition % 2 })),
    });
    const first = await pageOf(busy, 'limit=10');
    await api('POST', `/topics/${busy}/records`, { records: [{ value: 'late' }] });
    const second = await pageOf(busy, `limit=10&cursor=${first.cursor}`);
    assert.deepEqual([...first.values, ...second.values], inOrder.toReversed().slice(0, 20));
  });

  it('is empty for an empty topic, and ends', async () => {
    const empty = await topicWith({ partitions: 2, records: [] });
    for (const direction of ['newest', 'oldest']) {
      const page = await pageOf(empty, `direction=${direction}`);
      assert.deepEqual(page.values, []);
      assert.equal(page.cursor, null);
    }
  });

  it('cuts previews between characters, and the whole record is there', async () => {
    const value = 'á'.repeat(3000);
    const long = await topicWith({ partitions: 1, records: [{ key: 'k', value }] });
    const { records } = await pageOf(long, 'previewBytes=101');
    assert.deepEqual(records[0]?.value, {
      text: 'á'.repeat(50),
      encoding: 'utf8',
      format: 'text',
      size: 6000,
      truncated: true,
    });
    const whole = await api('GET', `/topics/${long}/records/0/0`);
    assert.equal(whole.status, 200);
    assert.equal(whole.body.value.text, value);
    assert.equal(whole.body.value.truncated, false);
  });

  const wrong = [
    'limit=0',
    'limit=1001',
    'direction=up',
    'partitions=a',
    'partitions=',
    'cursor=x',
    'fromOffset=1',
    'fromOffset=1&direction=oldest',
    'fromTimestamp=1',
    'isolation=maybe',
    'previewBytes=999999',
    'colour=red',
  ];
  for (const query of wrong) {
    it(`refuses ${query}`, async () => {
      const { status, body } = await api('GET', `/topics/${topic}/records?${query}`);
      assert.equal(status, 400, JSON.stringify(body));
      assert.match(body.error.message, /\w+ \w+/);
    });
  }

  it('knows which partitions and offsets there are', async () => {
    for (const path of [
      `/topics/${topic}/records?partitions=9`,
      `/topics/${topic}/records/9/0`,
      `/topics/${topic}/records/0/17`,
      `/topics/${freshTopic('none')}/records`,
    ]) {
      assert.equal((await api('GET', path)).status, 404, path);
    }
    for (const path of ['-1/0', '0/-1', 'x/0', '0/1.5']) {
      assert.equal((await api('GET', `/topics/${topic}/records/${path}`)).status, 400, path);
    }
  });
});
