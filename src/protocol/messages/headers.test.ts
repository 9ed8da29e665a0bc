// Header versions of every API in every version, as Apache Kafka has them; the bytes by hand.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadGolden } from '../../../test/support/golden-messages.ts';
import { Reader } from '../wire/reader.ts';
import { Writer } from '../wire/writer.ts';
import {
  decodeRequestHeader,
  decodeResponseHeader,
  encodeRequestHeader,
  encodeResponseHeader,
  requestHeaderVersion,
  responseHeaderVersion,
} from './headers.ts';

function written(write: (writer: Writer) => void): string {
  const writer = new Writer();
  write(writer);
  return writer.toBuffer().toString('hex');
}

describe('headers', () => {
  it('have the versions that Apache Kafka gives them', () => {
    const apis = loadGolden('schema/apis.json') as { key: number; headers?: [number, number, number][] }[];
    for (const { key, headers = [] } of apis) {
      for (const [version, request, response] of headers) {
        assert.equal(requestHeaderVersion(key, version), request, `request ${key} version ${version}`);
        assert.equal(responseHeaderVersion(key, version), response, `response ${key} version ${version}`);
      }
    }
  });

  it('of requests: the client id is never compact, also before tags', () => {
    const plain = { apiKey: 3, apiVersion: 8, correlationId: 7, clientId: 'ab' };
    const flexible = { apiKey: 3, apiVersion: 9, correlationId: 7, clientId: null };
    assert.equal(
      written(writer => encodeRequestHeader(writer, plain)),
      '000300080000000700026162',
    );
    assert.equal(
      written(writer => encodeRequestHeader(writer, flexible)),
      '0003000900000007ffff00',
    );
    const reader = new Reader(Buffer.from('0003000900000007ffff00aa', 'hex'));
    assert.deepEqual(decodeRequestHeader(reader), flexible);
    assert.equal(reader.remaining, 1);
  });

  it('of requests: a client id of bad UTF-8 and unknown tags are accepted', () => {
    const reader = new Reader(Buffer.from('00030009000000070001ff0101021234', 'hex'));
    assert.deepEqual(decodeRequestHeader(reader), {
      apiKey: 3,
      apiVersion: 9,
      correlationId: 7,
      clientId: '\ufffd',
    });
    assert.equal(reader.remaining, 0);
  });

  it('of answers: ApiVersions is always in version 0', () => {
    const answer = (apiKey: number, apiVersion: number) =>
      written(writer => encodeResponseHeader(writer, { apiKey, apiVersion, correlationId: 5 }));
    assert.equal(answer(18, 4), '00000005');
    assert.equal(answer(3, 12), '0000000500');
    assert.equal(answer(3, 8), '00000005');
    const reader = new Reader(Buffer.from('0000000500', 'hex'));
    assert.deepEqual(decodeResponseHeader(reader, { apiKey: 3, apiVersion: 12 }), { correlationId: 5 });
    assert.equal(reader.remaining, 0);
  });
});
