// The layers of configuration: what a topic has under static broker properties, against what Apache Kafka makes of the
// same properties, and how dynamic values lie above them.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { type ConfigMap, ResourceType } from '../metadata/image.ts';
import { keyOf } from './config-key.ts';
import { ConfigError, printConfigValue } from './config-value.ts';
import { topicKeys } from './keys/topic.ts';
import { BrokerSettings } from './settings.ts';

interface GoldenDefaults {
  readonly properties: Readonly<Record<string, string>>;
  readonly topic: Readonly<Record<string, string>>;
}

const golden = JSON.parse(
  readFileSync(new URL('../../../test/golden/configs/topic-defaults.json', import.meta.url), 'utf8'),
) as GoldenDefaults[];

function settingsOf(properties: Readonly<Record<string, string>>, dynamic: Record<string, ConfigMap> = {}) {
  return new BrokerSettings({
    nodeId: 1,
    properties: new Map(Object.entries(properties)),
    configOf: ({ type, name }) => dynamic[`${type}:${name}`],
  });
}

describe('settings', () => {
  for (const { properties, topic } of golden) {
    it(`gives topics what Apache Kafka gives them under ${JSON.stringify(properties)}`, () => {
      const settings = settingsOf(properties);
      const actual = Object.fromEntries(
        Object.keys(topic).map(name => {
          const text = settings.topicDefault(name);
          return [name, text === null ? null : printConfigValue(keyOf(topicKeys, name), text)];
        }),
      );
      assert.deepEqual(actual, topic);
    });
  }

  it('takes any negative retention time of the broker for none', () => {
    for (const name of ['log.retention.ms', 'log.retention.minutes', 'log.retention.hours']) {
      const settings = settingsOf({ [name]: '-2' });
      assert.equal(settings.topicDefault('retention.ms'), '-1');
      assert.equal(settings.topicWith(new Map()).log.retentionMs, -1);
    }
  });

  it('lays dynamic values of this broker over those of all, and both over static ones', () => {
    const all = `${ResourceType.BROKER}:`;
    const own = `${ResourceType.BROKER}:1`;
    const properties = { 'message.max.bytes': '1000' };
    const ofAll = new Map([['message.max.bytes', '2000']]);
    const ofOne = new Map([['message.max.bytes', '3000']]);
    assert.equal(settingsOf(properties).get('message.max.bytes'), 1000);
    assert.equal(settingsOf(properties, { [all]: ofAll }).get('message.max.bytes'), 2000);
    assert.equal(settingsOf(properties, { [all]: ofAll, [own]: ofOne }).get('message.max.bytes'), 3000);
    assert.equal(settingsOf(properties, { [all]: ofAll }).topic('t').maxMessageBytes, 2000);
  });

  it("lays a topic's own values over everything, and forgets what changed", () => {
    const dynamic: Record<string, ConfigMap> = {
      [`${ResourceType.TOPIC}:t`]: new Map([['max.message.bytes', '5']]),
    };
    const settings = settingsOf({ 'message.max.bytes': '1000' }, dynamic);
    assert.equal(settings.topic('t').maxMessageBytes, 5);
    dynamic[`${ResourceType.TOPIC}:t`] = new Map();
    assert.equal(settings.topic('t').maxMessageBytes, 5);
    settings.forget('t');
    assert.equal(settings.topic('t').maxMessageBytes, 1000);
  });

  it('has the type of each key', () => {
    const settings = settingsOf({});
    const partitions: number = settings.get('num.partitions');
    const autoCreate: boolean = settings.get('auto.create.topics.enable');
    const policy: readonly string[] = settings.topic('t').get('cleanup.policy');
    const rack: string | null = settings.get('broker.rack');
    assert.deepEqual([partitions, autoCreate, policy, rack], [1, true, ['delete'], null]);
    // @ts-expect-error no such key
    assert.throws(() => settings.get('num.partition'));
  });

  it('refuses to read a value that Apache Kafka would not start with', () => {
    assert.throws(() => settingsOf({ 'num.partitions': '0' }).checkProperties(), ConfigError);
    assert.throws(
      () => settingsOf({ 'num.partitions': 'many' }).checkProperties(),
      /Not a number of type INT/,
    );
  });
});
