// The native routes about cluster and topics, against a real broker.

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

describe('the cluster', () => {
  it('is ready, and says who it is', async () => {
    const ready = await call('GET', `${gateway.console}/readyz`);
    assert.equal(ready.status, 200);
    const { status, body } = await api('GET', '/cluster');
    assert.equal(status, 200);
    assert.equal(body.reachable, true);
    assert.equal(body.error, null);
    assert.equal(body.clusterId, ready.body.clusterId);
    assert.match(body.clusterId, /^[\w-]{22}$/);
    assert.equal(body.brokers.length, 1);
    assert.equal(body.controllerId, body.brokers[0].nodeId);
    assert.equal(`${body.brokers[0].host}:${body.brokers[0].port}`, gateway.bootstrapServers);
  });
});

describe('a topic', () => {
  it('is created with partitions and configs, listed, shown and deleted', async () => {
    const name = freshTopic('life');
    const created = await api('POST', '/topics', {
      name,
      partitions: 3,
      configs: { 'retention.ms': '1234567' },
    });
    assert.equal(created.status, 201);
    assert.equal(created.headers.get('location'), `/api/v1/topics/${name}`);
    assert.deepEqual(
      created.body.partitions.map((partition: { partition: number }) => partition.partition),
      [0, 1, 2],
    );
    assert.equal(created.body.records, '0');

    const listed = (await api('GET', '/topics')).body.topics.find(
      (topic: { name: string }) => topic.name === name,
    );
    assert.deepEqual(listed, {
      name,
      topicId: created.body.topicId,
      internal: false,
      partitions: 3,
      replicationFactor: 1,
    });

    await api('POST', `/topics/${name}/records`, {
      records: [
        { partition: 1, value: 'x' },
        { partition: 1, value: 'y' },
      ],
    });
    const shown = await api('GET', `/topics/${name}`);
    assert.equal(shown.body.records, '2');
    const { leader, replicas, isr, earliest, latest } = shown.body.partitions[1];
    assert.deepEqual(
      { replicas, isr, earliest, latest },
      { replicas: [leader], isr: [leader], earliest: '0', latest: '2' },
    );

    assert.equal((await api('DELETE', `/topics/${name}`)).status, 204);
    for (const method of ['GET', 'DELETE']) {
      const gone = await api(method, `/topics/${name}`);
      assert.equal(gone.status, 404);
      assert.equal(gone.body.error.code, 'UNKNOWN_TOPIC_OR_PARTITION');
      assert.match(gone.body.error.message, new RegExp(name));
    }
  });

  it('exists once', async () => {
    const name = freshTopic('twice');
    assert.equal((await api('POST', '/topics', { name })).status, 201);
    const again = await api('POST', '/topics', { name });
    assert.equal(again.status, 409);
    assert.equal(again.body.error.code, 'TOPIC_ALREADY_EXISTS');
  });

  for (const name of ['a b', '..', 'a/b', 'ção', 'x'.repeat(249) + '\u0000']) {
    it(`has no name like ${JSON.stringify(name).slice(0, 20)}`, async () => {
      assert.equal((await api('POST', '/topics', { name })).status, 400);
      const shown = await api('GET', `/topics/${encodeURIComponent(name)}`);
      assert.ok([400, 404].includes(shown.status), String(shown.status));
    });
  }

  it('gets more partitions, never fewer', async () => {
    const name = freshTopic('grow');
    await api('POST', '/topics', { name, partitions: 2 });
    const grown = await api('POST', `/topics/${name}/partitions`, { total: 4 });
    assert.equal(grown.status, 200);
    assert.equal(grown.body.partitions.length, 4);
    for (const total of [4, 1]) {
      const refused = await api('POST', `/topics/${name}/partitions`, { total });
      assert.equal(refused.status, 400);
      assert.equal(refused.body.error.code, 'INVALID_PARTITIONS');
    }
  });

  it('shows its configs, and takes changes', async () => {
    const name = freshTopic('configs');
    await api('POST', '/topics', { name, configs: { 'cleanup.policy': 'compact' } });
    const configOf = (body: { configs: { name: string }[] }, key: string) =>
      body.configs.find(config => config.name === key);
    const first = await api('GET', `/topics/${name}/configs`);
    assert.equal(first.status, 200);
    const policy = configOf(first.body, 'cleanup.policy') as unknown as Record<string, unknown>;
    const { value, source, type, readOnly, sensitive } = policy;
    assert.deepEqual(
      { value, source, type, readOnly, sensitive, default: policy['default'] },
      {
        value: 'compact',
        source: 'DYNAMIC_TOPIC_CONFIG',
        type: 'LIST',
        readOnly: false,
        sensitive: false,
        default: false,
      },
    );
    const changed = await api('PATCH', `/topics/${name}/configs`, {
      set: { 'retention.ms': '42000' },
      remove: ['cleanup.policy'],
    });
    assert.equal(changed.status, 200);
    assert.match(JSON.stringify(configOf(changed.body, 'retention.ms')), /"value":"42000"/);
    assert.match(JSON.stringify(configOf(changed.body, 'cleanup.policy')), /"value":"delete","default":true/);
    const refused = await api('PATCH', `/topics/${name}/configs`, { set: { 'retention.ms': 'soon' } });
    assert.equal(refused.status, 400);
    assert.equal(refused.body.error.code, 'INVALID_CONFIG');
    assert.equal((await api('GET', `/topics/${freshTopic('none')}/configs`)).status, 404);
  });
});

describe('summaries', () => {
  it('tell sizes, policies and the newest time of the topics asked for', async () => {
    const [full, empty, none] = [freshTopic('full'), freshTopic('empty'), freshTopic('none')];
    await api('POST', '/topics', { name: full, partitions: 2, configs: { 'retention.ms': '99000000000' } });
    await api('POST', '/topics', { name: empty, configs: { 'cleanup.policy': 'compact' } });
    const timestamp = String(Date.now() - 5000);
    await api('POST', `/topics/${full}/records`, {
      records: [
        { partition: 0, value: 'a', timestamp },
        { partition: 1, value: 'b', timestamp: String(Number(timestamp) - 1) },
        { partition: 1, value: 'c', timestamp: '1700000000000' },
      ],
    });
    const { status, body } = await api('POST', '/topics/summaries', { names: [full, none, empty, full] });
    assert.equal(status, 200);
    const partition = (number: number, latest: string) => ({ partition: number, earliest: '0', latest });
    assert.deepEqual(body.summaries[0], {
      name: full,
      records: '3',
      partitions: [partition(0, '1'), partition(1, '2')],
      cleanupPolicy: 'delete',
      retentionMs: '99000000000',
      lastTimestamp: timestamp,
      error: null,
    });
    assert.match(body.summaries[1].error, new RegExp(none));
    assert.deepEqual(body.summaries[2].partitions, [partition(0, '0')]);
    assert.equal(body.summaries[2].cleanupPolicy, 'compact');
    assert.equal(body.summaries[2].lastTimestamp, null);
    assert.equal(body.summaries.length, 3);
  });

  it('are none when nothing is asked, and not of hundreds', async () => {
    assert.deepEqual((await api('POST', '/topics/summaries', { names: [] })).body, { summaries: [] });
    const names = Array.from({ length: 201 }, (_, index) => `t${index}`);
    assert.equal((await api('POST', '/topics/summaries', { names })).status, 400);
  });
});
