// Every batch and record of the directories that Apache Kafka made reads as Apache Kafka's own classes read it: header,
// keys, values and headers, and what the records of its own logs mean (expected.json of each tree).

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import * as header from '../../protocol/records/batch-header.ts';
import { type RecordView, readRecords } from '../../protocol/records/read-records.ts';
import { jsonText } from '../../protocol/schema/json.ts';
import { decodeControl, decoderFor } from './log-decoding.ts';

const golden = fileURLToPath(new URL('../../../test/golden/disk', import.meta.url));
const TREES = ['clean-static', 'rich-static', 'rich-standalone', 'killed-standalone'];

interface GoldenRecord {
  readonly offset: number;
  readonly timestamp: number;
  readonly sequence: number;
  readonly key: string | null;
  readonly value: string | null;
  readonly headers: readonly (readonly [string, string | null])[];
  readonly controlType?: string;
  readonly controlValue?: unknown;
  readonly payload?: { readonly type: string; readonly version: number; readonly data: unknown };
  readonly keyPayload?: { readonly type: number; readonly data: unknown };
  readonly valuePayload?: { readonly version: number; readonly data: unknown } | null;
}

interface GoldenBatch extends Readonly<Record<string, unknown>> {
  readonly sizeInBytes: number;
  readonly control: boolean;
  readonly records: readonly GoldenRecord[];
}

const base64 = (bytes: Buffer | null): string | null => (bytes === null ? null : bytes.toString('base64'));

function checkHeader(batch: Buffer, expected: GoldenBatch, what: string): void {
  const read = {
    baseOffset: header.baseOffset(batch, 0),
    lastOffset: header.lastOffset(batch, 0),
    magic: header.magic(batch, 0),
    partitionLeaderEpoch: header.partitionLeaderEpoch(batch, 0),
    crc: header.crc(batch, 0),
    attributes: header.attributes(batch, 0),
    transactional: header.isTransactional(batch, 0),
    control: header.isControl(batch, 0),
    deleteHorizonMs: header.deleteHorizonMs(batch, 0),
    maxTimestamp: header.maxTimestamp(batch, 0),
    producerId: Number(header.producerId(batch, 0)),
    producerEpoch: header.producerEpoch(batch, 0),
    baseSequence: header.baseSequence(batch, 0),
    lastSequence: header.lastSequence(batch, 0),
    count: header.recordCount(batch, 0),
  };
  for (const [name, value] of Object.entries(read)) assert.equal(value, expected[name], `${what}: ${name}`);
}

function checkRecord(record: RecordView, expected: GoldenRecord, what: string): void {
  const { offset, timestamp, sequence, key, value, headers } = record;
  const named = headers.map(each => [each.key, base64(each.value)]);
  assert.deepEqual(
    { offset, timestamp, sequence, key: base64(key), value: base64(value), headers: named },
    {
      offset: expected.offset,
      timestamp: expected.timestamp,
      sequence: expected.sequence,
      key: expected.key,
      value: expected.value,
      headers: expected.headers,
    },
    what,
  );
}

/** In expected.json a member's subscription and assignment are bytes; here they are read as well. */
function withoutMemberBytes(data: unknown): unknown {
  return JSON.parse(jsonText(data), (name, value) =>
    name === 'subscription' || name === 'assignment' ? undefined : value,
  );
}

function checkMeaning(record: RecordView, expected: GoldenRecord, topic: string, what: string): void {
  const decode = decoderFor(topic);
  if (expected.payload !== undefined) {
    assert.deepEqual(plain(decode!(record).value), expected.payload, what);
  } else if (expected.keyPayload !== undefined) {
    const { key, value } = decode!(record);
    const { type, data } = expected.keyPayload;
    assert.deepEqual(plain(key), { type: String(type), data }, what);
    const { valuePayload } = expected;
    if (valuePayload === null || valuePayload === undefined) assert.equal(value, '<DELETE>', what);
    else
      assert.deepEqual(
        withoutMemberBytes(value),
        withoutMemberBytes({ version: String(valuePayload.version), data: valuePayload.data }),
        what,
      );
  }
}

function checkControl(record: RecordView, { controlType, controlValue }: GoldenRecord, what: string): void {
  const { type, value } = decodeControl(record);
  const isMarker = controlType === 'COMMIT' || controlType === 'ABORT';
  assert.deepEqual(
    [type, isMarker ? { valueVersion: 0, coordinatorEpoch: value } : plain(value)],
    [controlType, controlValue],
    what,
  );
}

function plain(value: unknown): unknown {
  return JSON.parse(jsonText(value));
}

for (const tree of TREES) {
  describe(`the records of ${tree}`, () => {
    const { files } = JSON.parse(readFileSync(`${golden}/${tree}/expected.json`, 'utf8')) as {
      files: Record<string, { readonly batches?: readonly GoldenBatch[] }>;
    };
    for (const [name, { batches }] of Object.entries(files)) {
      if (batches === undefined) continue;
      it(name, () => {
        const bytes = readFileSync(`${golden}/${tree}/data/${name}`);
        const topic = name === 'bootstrap.checkpoint' ? '__cluster_metadata' : name.replace(/-\d+\/.*$/, '');
        let at = 0;
        for (const expected of batches) {
          const batch = bytes.subarray(at, at + expected.sizeInBytes);
          at += expected.sizeInBytes;
          checkHeader(batch, expected, name);
          const records = readRecords(batch);
          assert.equal(records.length, expected.records.length, name);
          for (const [index, record] of records.entries()) {
            const what = `${name}, offset ${record.offset}`;
            checkRecord(record, expected.records[index]!, what);
            if (!expected.control) checkMeaning(record, expected.records[index]!, topic, what);
            else checkControl(record, expected.records[index]!, what);
          }
        }
      });
    }
  });
}
