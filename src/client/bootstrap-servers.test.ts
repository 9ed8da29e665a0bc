import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { formatAddress, parseBootstrapServers } from './bootstrap-servers.ts';

describe('bootstrap servers', () => {
  it('are hosts and ports, in brackets where they are IPv6, with or without a listener name', () => {
    assert.deepEqual(
      parseBootstrapServers(' a:1, [::1]:9094 ,PLAINTEXT://kafka:9092,SASL_SSL://[fe80::1]:65535'),
      [
        { host: 'a', port: 1 },
        { host: '::1', port: 9094 },
        { host: 'kafka', port: 9092 },
        { host: 'fe80::1', port: 65535 },
      ],
    );
  });

  for (const text of [
    '',
    ' , ',
    'localhost',
    'a:',
    'a:0',
    'a:65536',
    'a:b',
    '::1:9092',
    'a b:1',
    'http://',
  ]) {
    it(`are refused with a sentence: ${JSON.stringify(text)}`, () => {
      assert.throws(() => parseBootstrapServers(text), /host:port/);
    });
  }

  it('are written as they are read', () => {
    for (const address of ['a:1', '[::1]:9094'])
      assert.equal(formatAddress(parseBootstrapServers(address)[0]!), address);
  });
});
