// `ssl.cipher.suites` names suites as IANA and Java do; OpenSSL has names of its own for those before TLS 1.3.

import { getCiphers } from 'node:tls';

/** Throws Error for a suite that this Node does not have. */
export function opensslCipher(suite: string): string {
  const found = /^TLS_(?<exchange>\w+)_WITH_(?<cipher>\w+)$/.exec(suite)?.groups;
  const name = found === undefined ? suite : openssl(found['exchange']!, found['cipher']!);
  if (getCiphers().includes(name.toLowerCase())) return name;
  throw new Error(`ssl.cipher.suites names ${suite}, which is not known here.`);
}

function openssl(exchange: string, cipher: string): string {
  const algorithm = cipher
    .replace(/^(AES)_(\d+)_CBC_/, '$1$2-')
    .replace(/^(AES)_(\d+)_/, '$1$2-')
    .replace(/^(CHACHA20_POLY1305)_SHA256$/, '$1')
    .replaceAll('_', '-');
  return exchange === 'RSA' ? algorithm : `${exchange.replaceAll('_', '-')}-${algorithm}`;
}
