// Records as they stand in Kafka's logs, against the `framed` bytes of test/golden/messages.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  type GoldenMessage,
  loadGoldenMessages,
  loadSchemas,
} from '../../../../test/support/golden-messages.ts';
import { DecodeError } from '../../wire/decode-error.ts';
import {
  decodeMetadataRecord,
  encodeMetadataRecord,
  groupRecordCodec,
  type MetadataRecordDraft,
  shareRecordCodec,
  transactionRecordCodec,
} from './framing.ts';
import { groupRecords, shareRecords, transactionRecords } from './index.ts';

const ofMetadataLog = new Set(
  loadSchemas()
    .filter(schema => schema.artifact === 'kafka-metadata')
    .map(schema => schema.name),
);
const golden = new Map(loadGoldenMessages().map(message => [message.name, message]));

function decodedOrNull<T>(decode: () => T): T | null {
  try {
    return decode();
  } catch (error) {
    // Some golden int64 lie where no offset can: codec-golden.test.ts covers them.
    assert.ok(error instanceof DecodeError && /out of range/.test(error.message), String(error));
    return null;
  }
}

describe('metadata records', () => {
  for (const { name, cases } of [...golden.values()].filter(message => ofMetadataLog.has(message.name))) {
    it(name, () => {
      let checked = 0;
      for (const { version, framed } of cases) {
        if (framed === undefined) continue;
        const record = decodedOrNull(() => decodeMetadataRecord(Buffer.from(framed, 'hex')));
        if (record === null) continue;
        assert.deepEqual([record.type, record.version], [name, version]);
        assert.equal(encodeMetadataRecord(record as MetadataRecordDraft).toString('hex'), framed);
        checked++;
      }
      assert.ok(checked > 0);
    });
  }

  it('must be understood wholly', () => {
    const decode = (hex: string) => decodeMetadataRecord(Buffer.from(hex, 'hex'));
    assert.throws(() => decode('000200'), /frame version 0/);
    assert.throws(() => decode('01c80100'), /unknown type 200/);
    assert.throws(() => decode('010209'), /TopicRecord has version 9; versions 0 to 0 are known/);
    assert.throws(() => decode('0114000000'), /NoOpRecord is followed by 1 bytes too many/);
    assert.throws(() => decode(''), DecodeError);
  });

  it('must say their version where they have several', () => {
    const topic = encodeMetadataRecord({ type: 'NoOpRecord', data: {} });
    assert.equal(topic.toString('hex'), '01140000');
    const fence = { type: 'PartitionRecord', data: {} } as MetadataRecordDraft;
    assert.throws(() => encodeMetadataRecord(fence), /PartitionRecord has versions 0 to 2/);
  });
});

const logs = [
  { log: '__consumer_offsets', codec: groupRecordCodec, records: groupRecords },
  { log: '__transaction_state', codec: transactionRecordCodec, records: transactionRecords },
  { log: '__share_group_state', codec: shareRecordCodec, records: shareRecords },
] as const;

interface AnyCodec {
  encode(record: unknown): { key: Buffer; value: Buffer | null };
  decode(key: Buffer, value: Buffer | null): { type: string; valueVersion?: number } | null;
}

function checkPair(
  codec: AnyCodec,
  options: { name: string; keys: GoldenMessage; values: GoldenMessage },
): number {
  const { name, keys, values } = options;
  let checked = 0;
  const framedKeys = keys.cases.filter(key => key.framed !== undefined);
  const framedValues = values.cases.filter(value => value.framed !== undefined);
  framedValues.forEach((value, index) => {
    const key = Buffer.from(framedKeys[index % framedKeys.length]!.framed!, 'hex');
    const record = decodedOrNull(() => codec.decode(key, Buffer.from(value.framed!, 'hex')));
    if (record === null) return;
    assert.deepEqual([record.type, record.valueVersion], [name, value.version]);
    const again = codec.encode(record);
    assert.deepEqual([again.key, again.value!.toString('hex')], [key, value.framed]);
    const tombstone = codec.decode(key, null);
    assert.deepEqual(codec.encode(tombstone), { key, value: null });
    checked++;
  });
  return checked;
}

describe('coordinator records', () => {
  for (const { log, codec, records } of logs) {
    for (const { name } of records) {
      it(`${log}: ${name}`, () => {
        const [keys, values] = [golden.get(`${name}Key`)!, golden.get(`${name}Value`)!];
        assert.ok(checkPair(codec as unknown as AnyCodec, { name, keys, values }) > 0);
      });
    }
  }

  it('of an unknown kind are skipped, of an unknown version are not', () => {
    assert.equal(groupRecordCodec.decode(Buffer.from('0063', 'hex'), Buffer.from('0000', 'hex')), null);
    const key = Buffer.from('000200016d', 'hex');
    assert.throws(
      () => groupRecordCodec.decode(key, Buffer.from('0063', 'hex')),
      /GroupMetadataValue has version 99/,
    );
    assert.throws(() => groupRecordCodec.decode(null, null), /no key/);
    assert.throws(() => groupRecordCodec.decode(Buffer.alloc(1), null), DecodeError);
  });
});
