import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { configMeaning, isSetOnTopic, plainText } from './config-values.ts';

const format = { duration: (value: string) => `${value} ms`, size: (value: number) => `${value} bytes` };
const meaning = (name: string, value: string | null) => configMeaning({ name, value }, format);

describe('configuration values', () => {
  it('mean durations, sizes or no limit', () => {
    assert.equal(meaning('retention.ms', '1000'), '1000 ms');
    assert.equal(meaning('segment.bytes', '1024'), '1024 bytes');
    assert.equal(meaning('retention.bytes', '-1'), '∞');
    assert.equal(meaning('local.retention.ms', '-2'), null);
    assert.equal(meaning('flush.messages', '9223372036854775807'), '∞');
  });

  it('mean themselves otherwise', () => {
    assert.equal(meaning('cleanup.policy', 'delete'), null);
    assert.equal(meaning('compression.gzip.level', '-1'), null);
    assert.equal(meaning('min.insync.replicas', '1'), null);
    assert.equal(meaning('segment.jitter.ms', '0'), null);
    assert.equal(meaning('leader.replication.throttled.replicas', null), null);
  });

  it('are explained in plain text', () => {
    assert.equal(plainText('See <a href="x">there</a>: <code>a &lt; b</code>.'), 'See there: a < b.');
  });

  it('are set on the topic or inherited', () => {
    const entry = {
      name: 'x',
      value: '1',
      readOnly: false,
      sensitive: false,
      type: 'INT',
      documentation: null,
      synonyms: [],
    };
    assert.equal(isSetOnTopic({ ...entry, default: false, source: 'DYNAMIC_TOPIC_CONFIG' }), true);
    assert.equal(isSetOnTopic({ ...entry, default: true, source: 'DEFAULT_CONFIG' }), false);
    assert.equal(isSetOnTopic({ ...entry, default: false, source: 'STATIC_BROKER_CONFIG' }), false);
  });
});
