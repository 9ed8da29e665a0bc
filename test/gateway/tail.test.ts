// The live tail: server-sent events over the answer of a POST, against a real broker.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { KafkaClient } from '../../src/client/kafka-client.ts';
import { openTail } from '../../src/gateway/kafka/tail.ts';
import { call, freshTopic, startTestGateway, type TestGateway } from '../support/gateway.ts';

let gateway: TestGateway;
before(async () => {
  gateway = await startTestGateway();
});
after(() => gateway.close());

const api = (method: string, path: string, body?: unknown) =>
  call(method, `${gateway.console}/api/v1${path}`, body);

interface TailEvent {
  readonly event: string;
  // biome-ignore lint/suspicious/noExplicitAny: looked into, not passed on
  readonly data: any;
}

/** Events as they arrive; the first block is the comment that says that the tail is open. */
async function* eventsOf(response: Response): AsyncGenerator<TailEvent> {
  let text = '';
  for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    const blocks = text.split('\n\n');
    text = blocks.pop()!;
    for (const block of blocks) {
      const event = /^event: (.*)$/m.exec(block)?.[1] ?? 'open';
      yield { event, data: JSON.parse(/^data: (.*)$/m.exec(block)?.[1] ?? 'null') };
    }
  }
}

async function follow(topic: string, body: object = {}) {
  const closing = new AbortController();
  const response = await fetch(`${gateway.console}/api/v1/topics/${topic}/tail`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: closing.signal,
  });
  const events = eventsOf(response);
  const values: string[] = [];
  const untilValues = async (count: number) => {
    while (values.length < count) {
      const { value, done } = await events.next();
      assert.ok(done !== true, 'the tail ended');
      if (value.event === 'error') assert.fail(JSON.stringify(value.data));
      if (value.event === 'records') for (const record of value.data.records) values.push(record.value.text);
    }
    return values;
  };
  return { response, events, untilValues, close: () => closing.abort() };
}

async function newTopic(partitions: number): Promise<string> {
  const name = freshTopic('tail');
  await api('POST', '/topics', { name, partitions });
  return name;
}

const write = (topic: string, values: string[]) =>
  api('POST', `/topics/${topic}/records`, { records: values.map(value => ({ key: value, value })) });

describe('a tail that has nothing to say', () => {
  it('says so, time and again, without a timer of its own', async () => {
    const topic = await newTopic(2);
    const client = new KafkaClient({ bootstrapServers: gateway.bootstrapServers, clientId: 'test' });
    const closing = new AbortController();
    const events = await openTail({
      client,
      topic,
      partitions: [0, 1],
      from: 'latest',
      isolation: 'read_committed',
      previewBytes: 10,
      idleMs: 20,
      signal: closing.signal,
    });
    for (let time = 0; time < 3; time += 1) assert.deepEqual((await events.next()).value, { type: 'idle' });
    await write(topic, ['at last']);
    for (;;) {
      const event = (await events.next()).value!;
      if (event.type === 'idle') continue;
      assert.equal(event.records[0]?.value?.text, 'at last');
      break;
    }
    closing.abort();
    assert.equal((await events.next()).done, true);
    client.close();
  });
});

describe('a tail', () => {
  it('shows records that arrive, and not those before', async () => {
    const topic = await newTopic(3);
    await write(topic, ['before']);
    const tail = await follow(topic);
    assert.equal(tail.response.status, 200);
    assert.match(tail.response.headers.get('content-type') ?? '', /^text\/event-stream/);
    assert.equal(tail.response.headers.get('x-content-type-options'), 'nosniff');
    assert.equal((await tail.events.next()).value?.event, 'open');
    await write(topic, ['a', 'b', 'c']);
    assert.deepEqual((await tail.untilValues(3)).toSorted(), ['a', 'b', 'c']);
    await write(topic, ['d']);
    assert.equal((await tail.untilValues(4))[3], 'd');
    tail.close();
  });

  it('begins at the earliest record when asked, in events of at most 200', async () => {
    const topic = await newTopic(1);
    const values = Array.from({ length: 450 }, (_, index) => String(index));
    await write(topic, values);
    const tail = await follow(topic, { from: 'earliest' });
    assert.deepEqual(await tail.untilValues(450), values);
    tail.close();
  });

  it('follows chosen partitions only', async () => {
    const topic = await newTopic(2);
    const tail = await follow(topic, { partitions: [1], from: 'earliest' });
    const records = [0, 1, 0, 1].map((partition, index) => ({ partition, value: `${partition}:${index}` }));
    await api('POST', `/topics/${topic}/records`, { records });
    assert.deepEqual(await tail.untilValues(2), ['1:1', '1:3']);
    tail.close();
  });

  it('says why it ends when its topic is deleted', async () => {
    const topic = await newTopic(1);
    const tail = await follow(topic);
    assert.equal((await tail.events.next()).value?.event, 'open');
    await api('DELETE', `/topics/${topic}`);
    for await (const { event, data } of tail.events) {
      if (event !== 'error') continue;
      assert.match(data.error.code, /^UNKNOWN_TOPIC/);
      return;
    }
    assert.fail('it ended without a word');
  });

  it('needs a topic and partitions that exist', async () => {
    assert.equal((await api('POST', `/topics/${freshTopic('none')}/tail`)).status, 404);
    assert.equal((await api('POST', `/topics/${await newTopic(1)}/tail`, { partitions: [3] })).status, 404);
    assert.equal((await api('POST', `/topics/${await newTopic(1)}/tail`, { from: 'middle' })).status, 400);
  });

  it('leaves nothing behind when the client goes: more than can be open at once, one after another', async () => {
    const topic = await newTopic(1);
    for (let time = 0; time < 80; time += 1) {
      const tail = await follow(topic);
      assert.equal(tail.response.status, 200);
      await tail.events.next();
      tail.close();
      await assert.rejects(tail.events.next());
    }
  });
});
