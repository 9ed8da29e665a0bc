import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setupI18n } from '@lingui/core';
import { compileMessage as compileWithLingui } from '@lingui/message-utils/compileMessage';
import { compileMessage } from './compile-message.ts';
import { en } from './en.ts';
import { pt } from './pt.ts';

const catalogs = { en, pt } as const;

/** Names between braces, plural branches included. */
function placeholdersOf(message: string): string[] {
  return [...new Set([...message.matchAll(/\{(\w+)(?=[,}])/g)].map(match => match[1]!))].sort();
}

describe('catalogs', () => {
  it('compile to what Lingui compiles them to', () => {
    for (const catalog of Object.values(catalogs)) {
      for (const [id, message] of Object.entries(catalog)) {
        assert.deepEqual(compileMessage(message), compileWithLingui(message), id);
      }
    }
  });

  it('have the same placeholders in every language', () => {
    for (const id of Object.keys(en) as (keyof typeof en)[]) {
      assert.deepEqual(placeholdersOf(pt[id]), placeholdersOf(en[id]), id);
    }
  });

  it('have no empty message, and no message left untranslated by accident', () => {
    const alike = (Object.keys(en) as (keyof typeof en)[]).filter(id => en[id] === pt[id]);
    const words = new Set(alike.map(id => en[id]));
    const sameInBoth = [
      'Local ({zone})',
      'local',
      'Brokers',
      'Cluster',
      'Bootstrap servers',
      'broker',
      'Offset',
      'Part.',
      'tombstone',
      'Hex',
      'Base64',
      'Tombstone (null)',
    ];
    assert.deepEqual([...words].sort(), sameInBoth.sort());
    for (const catalog of Object.values(catalogs)) {
      for (const [id, message] of Object.entries(catalog)) assert.notEqual(message.trim(), '', id);
    }
  });

  it('read well with numbers', () => {
    const messages = Object.fromEntries(
      Object.entries(pt).map(([id, message]) => [id, compileMessage(message)]),
    );
    const i18n = setupI18n({ locale: 'pt', messages: { pt: messages } });
    const consequence = (count: number, partitions: number) =>
      i18n._({ id: 'deleteTopic.consequence', values: { count, records: String(count), partitions } });
    assert.match(consequence(0, 1), /^O tópico não tem registros\. A partição vai junto\./);
    assert.match(consequence(1, 3), /^1 registro será perdido para sempre\. As 3 partições vão junto\./);
    assert.match(consequence(5, 3), /^5 registros serão perdidos/);
  });
});
