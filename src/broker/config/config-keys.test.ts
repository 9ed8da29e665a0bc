// The tables of keys against what Apache Kafka's ConfigDefs say of themselves, and against what they made of texts.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type ConfigKey, type ConfigTable, keyOf } from './config-key.ts';
import { ConfigError, parseConfigValue, printConfigValue } from './config-value.ts';
import { brokerKeys } from './keys/broker.ts';
import { clientMetricsKeys } from './keys/client-metrics.ts';
import { groupKeys } from './keys/group.ts';
import { topicKeys } from './keys/topic.ts';

interface GoldenKey {
  readonly table: keyof typeof tables;
  readonly name: string;
  readonly type: string;
  readonly default: string | null;
  readonly importance: string;
  readonly dynamic: string | null;
  readonly synonyms: readonly (readonly [string, number])[];
  readonly probes: readonly { readonly text: string; readonly value?: string; readonly error?: string }[];
}

const tables = {
  broker: brokerKeys,
  topic: topicKeys,
  group: groupKeys,
  'client-metrics': clientMetricsKeys,
} satisfies Record<string, ConfigTable>;

const source = fileURLToPath(new URL('../../', import.meta.url));
const golden = JSON.parse(
  readFileSync(new URL('../../../test/golden/configs/keys.json', import.meta.url), 'utf8'),
) as GoldenKey[];

function outcomeOf(name: string, key: ConfigKey, text: string): { value?: string; error?: string } {
  try {
    parseConfigValue(name, key, text);
    return { value: printConfigValue(key, text) };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { error: error.message };
  }
}

/** Names that some source asks a settings object for. */
function namesRead(): Set<string> {
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' });
  const names = new Set<string>();
  for (const file of files) {
    if (!file.endsWith('.ts') || file.endsWith('.test.ts') || file.includes('keys/')) continue;
    for (const [, name] of readFileSync(source + file, 'utf8').matchAll(/\bget\(\s*'([a-z0-9.]+)'/g))
      names.add(name!);
  }
  return names;
}

describe('configuration keys', () => {
  for (const [table, keys] of Object.entries(tables)) {
    it(`are those of Apache Kafka: ${table}`, () => {
      const expected = golden.filter(entry => entry.table === table).map(({ name }) => name);
      assert.deepEqual(Object.keys(keys).sort(), expected.sort());
    });
  }

  for (const entry of golden) {
    it(`${entry.table} ${entry.name} has its type, default, texts`, () => {
      const key = keyOf(tables[entry.table], entry.name)!;
      assert.deepEqual(
        {
          type: key.type,
          default: key.default,
          importance: key.importance?.toUpperCase(),
          dynamic: key.dynamic ?? null,
          synonyms: (key.synonyms ?? []).map(({ name, factor }) => [name, factor ?? 1]),
        },
        {
          type: entry.type,
          default: entry.default,
          importance: entry.importance,
          dynamic: entry.dynamic,
          synonyms: entry.synonyms,
        },
      );
      assert.notEqual(key.doc, '');
      for (const { text, ...expected } of entry.probes) {
        assert.deepEqual(outcomeOf(entry.name, key, text), expected, JSON.stringify(text));
      }
      if (key.default !== null) assert.equal(printConfigValue(key, key.default), key.default);
    });
  }

  it('marks no key as without effect that the program reads', () => {
    // Read only to judge them or to warn of them, from meta.properties, or (LZ4) for a compressor that has no levels.
    const judged = [
      'authorizer.class.name',
      'broker.id',
      'compression.lz4.level',
      'cordoned.log.dirs',
      'remote.storage.enable',
      'interval.ms',
      'match',
    ];
    const read = namesRead();
    for (const name of judged) read.delete(name);
    const wrong = Object.values(tables as Record<string, ConfigTable>).flatMap(keys =>
      Object.keys(keys).filter(name => keyOf(keys, name)!.effect === 'none' && read.has(name)),
    );
    assert.deepEqual(wrong, [], "remove effect: 'none' from these keys");
  });
});
