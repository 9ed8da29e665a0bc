// Every frame of seven real conversations with Apache Kafka 4.3.1 (six client libraries) is read by our codecs, means
// what Apache Kafka's own JsonConverter says it means, and is written again byte for byte.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { apis } from '../../src/protocol/messages/apis/index.ts';
import {
  decodeRequestHeader,
  requestHeaderVersion,
  responseHeaderVersion,
} from '../../src/protocol/messages/headers.ts';
import { codecOf } from '../../src/protocol/schema/codec.ts';
import { Reader } from '../../src/protocol/wire/reader.ts';
import { Writer } from '../../src/protocol/wire/writer.ts';

interface GoldenFrame {
  readonly n: number;
  readonly direction: 'request' | 'response';
  readonly apiKey: number;
  readonly api: string;
  readonly apiVersion: number;
  readonly headerVersion: number;
  readonly correlationId: number;
  readonly clientId?: string;
  readonly versionUnknown?: boolean;
  readonly body: Record<string, unknown> | null;
  readonly hex: string;
}

const folder = new URL('../golden/transcripts/', import.meta.url);

for (const file of readdirSync(folder).filter(name => name.endsWith('.json'))) {
  const { client, frames } = JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as {
    client: string;
    frames: GoldenFrame[];
  };
  test(`${client}: ${frames.length} frames`, () => {
    for (const frame of frames) checkFrame(frame);
  });
}

function checkFrame(frame: GoldenFrame): void {
  const where = `frame ${frame.n}, ${frame.direction} ${frame.api} version ${frame.apiVersion}`;
  const api = apis.get(frame.apiKey);
  assert.ok(api, where);
  assert.equal(api.name, frame.api, where);
  const bytes = Buffer.from(frame.hex, 'hex');
  const reader = new Reader(bytes);
  if (frame.direction === 'request') {
    if (frame.versionUnknown) return;
    const header = decodeRequestHeader(reader);
    assert.deepEqual(
      header,
      {
        apiKey: frame.apiKey,
        apiVersion: frame.apiVersion,
        correlationId: frame.correlationId,
        clientId: frame.clientId ?? null,
      },
      where,
    );
    assert.equal(requestHeaderVersion(frame.apiKey, frame.apiVersion), frame.headerVersion, where);
  } else {
    assert.equal(reader.int32(), frame.correlationId, where);
    assert.equal(responseHeaderVersion(frame.apiKey, frame.apiVersion), frame.headerVersion, where);
    if (frame.headerVersion >= 1) assert.equal(reader.uvarint(), 0, where);
  }
  const start = reader.position;
  const codec = codecOf(frame.direction === 'request' ? api.request : api.response, frame.apiVersion);
  const body = codec.decode(reader);
  assert.equal(reader.remaining, 0, where);
  const writer = new Writer();
  codec.encode(writer, body);
  assert.equal(writer.toBuffer().toString('hex'), bytes.subarray(start).toString('hex'), where);
  assertMeans(body, frame.body, where);
}

/** Every value Apache Kafka names is ours, too; `records` it leaves empty. */
function assertMeans(actual: unknown, expected: unknown, where: string): void {
  if (Array.isArray(expected)) {
    assert.ok(Array.isArray(actual) && actual.length === expected.length, where);
    for (const [index, element] of expected.entries())
      assertMeans(actual[index], element, `${where}[${index}]`);
  } else if (expected !== null && typeof expected === 'object') {
    for (const [name, value] of Object.entries(expected)) {
      if (name === 'records' || name === 'recordsSizeInBytes') continue;
      assertMeans((actual as Record<string, unknown>)[name], value, `${where}.${name}`);
    }
  } else if (Buffer.isBuffer(actual)) {
    assert.equal(actual.toString('base64'), expected, where);
  } else {
    assert.equal(typeof actual === 'bigint' ? Number(actual) : actual, expected, where);
  }
}
