import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Body, KafkaRecord } from '../../lib/api/types.ts';
import {
  EMPTY_BODY,
  EMPTY_PRODUCE_FORM,
  isWhole,
  jsonHintOf,
  produceFormOf,
  recordDraftOf,
} from './record-draft.ts';

const text = (value: string): Body => ({
  text: value,
  encoding: 'utf8',
  format: 'text',
  size: value.length,
  truncated: false,
});
const bytes = (base64: string): Body => ({
  text: base64,
  encoding: 'base64',
  format: 'bytes',
  size: 3,
  truncated: false,
});
const record = (part: Partial<KafkaRecord>): KafkaRecord => ({
  partition: 0,
  offset: '0',
  timestamp: '0',
  timestampType: 'CreateTime',
  key: null,
  value: null,
  headers: [],
  sizeInBytes: 0,
  compression: 'none',
  transactional: false,
  ...part,
});

describe('produce form', () => {
  it('tells null from empty', () => {
    assert.deepEqual(recordDraftOf(EMPTY_PRODUCE_FORM), { key: null, value: { text: '' }, headers: [] });
    const tombstone = {
      ...EMPTY_PRODUCE_FORM,
      key: { text: '', isNull: false, base64: null },
      value: { text: 'x', isNull: true, base64: null },
    };
    assert.deepEqual(recordDraftOf(tombstone), { key: { text: '' }, value: null, headers: [] });
  });

  it('leaves the partition to the key unless one is chosen', () => {
    assert.equal('partition' in recordDraftOf(EMPTY_PRODUCE_FORM), false);
    assert.equal(recordDraftOf({ ...EMPTY_PRODUCE_FORM, partition: '0' }).partition, 0);
  });

  it('leaves out header rows that nobody filled in', () => {
    const headers = [
      { id: 1, key: 'a', value: { text: '1', isNull: false, base64: null } },
      { id: 2, key: '', value: EMPTY_BODY },
      { id: 3, key: 'b', value: { ...EMPTY_BODY, isNull: true } },
    ];
    assert.deepEqual(recordDraftOf({ ...EMPTY_PRODUCE_FORM, headers }).headers, [
      { key: 'a', value: { text: '1' } },
      { key: 'b', value: null },
    ]);
  });

  it('writes a record again exactly as it was', () => {
    const original = record({
      key: bytes('AAEC'),
      value: text('olá'),
      headers: [
        { key: 'a', value: text('1') },
        { key: 'a', value: null },
        { key: 'raw', value: bytes('/w==') },
      ],
    });
    assert.deepEqual(recordDraftOf(produceFormOf(original)), {
      key: { base64: 'AAEC' },
      value: { text: 'olá' },
      headers: [
        { key: 'a', value: { text: '1' } },
        { key: 'a', value: null },
        { key: 'raw', value: { base64: '/w==' } },
      ],
    });
  });

  it('knows a record of which only the beginning is there', () => {
    assert.equal(isWhole(record({ value: text('x') })), true);
    assert.equal(isWhole(record({ value: { ...text('x'), truncated: true } })), false);
    assert.equal(
      isWhole(record({ headers: [{ key: 'h', value: { ...text('x'), truncated: true } }] })),
      false,
    );
  });

  it('judges only what looks like JSON', () => {
    assert.deepEqual(['{"a":1}', ' [1', 'plain', '42', ''].map(jsonHintOf), [
      'valid',
      'invalid',
      null,
      null,
      null,
    ]);
  });
});
