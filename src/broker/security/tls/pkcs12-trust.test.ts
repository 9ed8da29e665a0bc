// PKCS#12 trust stores of keytool and openssl, as they were made; and stores that are damaged in every byte.

import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { trustedCertificates } from './pkcs12-trust.ts';

const PASSWORD = 'secret';
const HEAD_BYTES = 32;
const store = (name: string) =>
  readFileSync(new URL(`../../../../test/golden/certificates/${name}.p12`, import.meta.url));
const subjectsOf = (certificates: readonly string[]) =>
  certificates.map(pem => new X509Certificate(pem).subject);

test('what keytool marked as trusted is found', () => {
  for (const name of ['trusted', 'trusted-3des']) {
    assert.deepEqual(subjectsOf(trustedCertificates(store(name), PASSWORD)), ['CN=Test authority'], name);
  }
});

test('the certificate of a key counts, others without a mark do not', () => {
  const [own, ...others] = subjectsOf(trustedCertificates(store('broker'), PASSWORD));
  assert.match(own!, /CN=localhost/);
  assert.deepEqual(others, []);
  assert.deepEqual(trustedCertificates(store('untrusted'), PASSWORD), []);
});

test('a wrong password is refused, and none shows nothing that is encrypted', () => {
  assert.throws(
    () => trustedCertificates(store('trusted'), 'wrong'),
    /the password is not that of the store/,
  );
  assert.deepEqual(trustedCertificates(store('trusted'), null), []);
});

test('RC2 is refused by name', () => {
  assert.throws(() => trustedCertificates(store('trusted-rc2'), PASSWORD), /RC2 of 40 bits/);
});

test('a damaged store is refused with a sentence, whichever byte it is', () => {
  const whole = store('trusted');
  for (const bytes of [Buffer.alloc(0), Buffer.from('3000', 'hex'), whole.subarray(0, 100)]) {
    assert.throws(() => trustedCertificates(bytes, PASSWORD), /it is no PKCS#12 store, or a damaged one/);
  }
  // Every byte of the head, where kinds and lengths stand, and some of the rest; a MAC takes its time.
  for (let index = 0; index < whole.length; index += index < HEAD_BYTES ? 1 : 100) {
    const damaged = Buffer.from(whole);
    damaged[index]! ^= 0x55;
    assert.doesNotThrow(() => readOrRefused(damaged), `byte ${index}`);
  }
});

/** Some bytes mean nothing to a reader, a version for instance; all others are held by the MAC. */
function readOrRefused(bytes: Buffer): void {
  let certificates: readonly string[];
  try {
    certificates = trustedCertificates(bytes, PASSWORD);
  } catch (error) {
    assert.equal((error as Error).name, 'Error');
    return;
  }
  assert.deepEqual(subjectsOf(certificates), ['CN=Test authority']);
}
