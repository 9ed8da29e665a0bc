// Conversations of real clients with Apache Kafka 4.3.1 (test/golden/transcripts): every frame decodes wholly, headers
// included, and gives its own bytes when it is encoded again.

import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { describe, it } from 'node:test';
import { loadGolden } from '../../../test/support/golden-messages.ts';
import { codecOf } from '../schema/codec.ts';
import { Reader } from '../wire/reader.ts';
import { Writer } from '../wire/writer.ts';
import { apis } from './apis/index.ts';
import {
  decodeRequestHeader,
  decodeResponseHeader,
  encodeRequestHeader,
  encodeResponseHeader,
} from './headers.ts';

interface Frame {
  readonly n: number;
  readonly direction: string;
  readonly apiKey: number;
  readonly apiVersion: number;
  readonly correlationId: number;
  readonly clientId?: string | null;
  readonly versionUnknown?: boolean;
  readonly hex: string;
}

const directory = new URL('../../../test/golden/transcripts/', import.meta.url);

function again(frame: Frame): string {
  const { apiKey, apiVersion, correlationId } = frame;
  const api = apis.get(apiKey)!;
  const reader = new Reader(Buffer.from(frame.hex, 'hex'));
  const writer = new Writer();
  const isRequest = frame.direction === 'request';
  if (isRequest) {
    const header = decodeRequestHeader(reader);
    assert.deepEqual(header, { apiKey, apiVersion, correlationId, clientId: frame.clientId ?? null });
    encodeRequestHeader(writer, header);
  } else {
    assert.equal(decodeResponseHeader(reader, frame).correlationId, correlationId);
    encodeResponseHeader(writer, frame);
  }
  const codec = codecOf(isRequest ? api.request : api.response, apiVersion);
  codec.encode(writer, codec.decode(reader));
  assert.equal(reader.remaining, 0);
  return writer.toBuffer().toString('hex');
}

describe('frames of real clients', () => {
  for (const file of readdirSync(directory).filter(name => name.endsWith('.json'))) {
    it(file, () => {
      const { frames } = loadGolden(`transcripts/${file}`) as { frames: Frame[] };
      for (const frame of frames) {
        if (frame.versionUnknown === true) continue;
        assert.equal(again(frame), frame.hex, `frame ${frame.n}`);
      }
      assert.ok(frames.length > 0);
    });
  }
});
