import assert from 'node:assert/strict';
import { test } from 'node:test';
import { opensslCipher } from './cipher-names.ts';

// The pairs are those of the IANA registry and of OpenSSL's manual (openssl-ciphers).
test('suites of Java have the names of OpenSSL', () => {
  const names = {
    TLS_AES_256_GCM_SHA384: 'TLS_AES_256_GCM_SHA384',
    TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256: 'ECDHE-RSA-AES128-GCM-SHA256',
    TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384: 'ECDHE-ECDSA-AES256-GCM-SHA384',
    TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384: 'ECDHE-RSA-AES256-SHA384',
    TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256: 'ECDHE-RSA-CHACHA20-POLY1305',
    TLS_DHE_RSA_WITH_AES_128_GCM_SHA256: 'DHE-RSA-AES128-GCM-SHA256',
    TLS_RSA_WITH_AES_128_CBC_SHA: 'AES128-SHA',
  };
  for (const [java, openssl] of Object.entries(names)) assert.equal(opensslCipher(java), openssl);
});

test('a suite that is not there is refused by name', () => {
  assert.throws(() => opensslCipher('TLS_NULL_WITH_NOTHING'), /TLS_NULL_WITH_NOTHING/);
});
