// How a PKCS#12 store (RFC 7292) is locked: its MAC, the encryption of its parts by PBES2 (PBKDF2 and AES, what keytool and
// OpenSSL write today) or by triple DES, and the key derivation of PKCS#12 itself. RC2 with 40 bits, which Java wrote until
// 2021, is refused by name: OpenSSL 3 does not have it.

import {
  createDecipheriv,
  createHash,
  createHmac,
  type Decipheriv,
  pbkdf2Sync,
  timingSafeEqual,
} from 'node:crypto';
import { contentOf, DerError, DerTag, type DerValue, derValues, inside, smallInteger } from './der.ts';

/** sun.security.util.KeyUtil: more is an attack, not care. */
const ITERATIONS_MAX = 5_000_000;
const PBES2 = '2a864886f70d01050d';
const PBKDF2 = '2a864886f70d01050c';
const TRIPLE_DES = '2a864886f70d010c0103';
const RC2_40 = '2a864886f70d010c0106';
const HASHES: Readonly<Record<string, string>> = {
  '2b0e03021a': 'sha1',
  '608648016503040204': 'sha224',
  '608648016503040201': 'sha256',
  '608648016503040202': 'sha384',
  '608648016503040203': 'sha512',
};
const HMACS: Readonly<Record<string, string>> = {
  '2a864886f70d0207': 'sha1',
  '2a864886f70d0208': 'sha224',
  '2a864886f70d0209': 'sha256',
  '2a864886f70d020a': 'sha384',
  '2a864886f70d020b': 'sha512',
};
const CIPHERS: Readonly<Record<string, { readonly name: string; readonly keyBytes: number }>> = {
  '608648016503040102': { name: 'aes-128-cbc', keyBytes: 16 },
  '608648016503040116': { name: 'aes-192-cbc', keyBytes: 24 },
  '60864801650304012a': { name: 'aes-256-cbc', keyBytes: 32 },
};
/** What a derived key is for (RFC 7292, B.3). */
const Purpose = { KEY: 1, IV: 2, MAC: 3 } as const;
/** v: the block of the hash. */
const BLOCK_BYTES: Readonly<Record<string, number>> = { sha384: 128, sha512: 128 };

export function oidOf(value: DerValue | undefined): string {
  return contentOf(value, DerTag.OBJECT_ID).toString('hex');
}

/** Whether the store is whole, and locked with this password. */
export function isMacRight(mac: DerValue, data: Buffer, password: string): boolean {
  const [digest, salt, count] = inside(mac, DerTag.SEQUENCE);
  const [algorithm, expected] = inside(digest, DerTag.SEQUENCE);
  const hash = known(HASHES, oidOf(inside(algorithm, DerTag.SEQUENCE)[0]), 'MAC');
  const key = derive(password, Purpose.MAC, {
    hash,
    salt: contentOf(salt, DerTag.OCTET_STRING),
    iterations: count === undefined ? 1 : iterationsOf(count),
    bytes: createHash(hash).digest().length,
  });
  const actual = createHmac(hash, key).update(data).digest();
  const wanted = contentOf(expected, DerTag.OCTET_STRING);
  return actual.length === wanted.length && timingSafeEqual(actual, wanted);
}

/** The content of an EncryptedData. Throws Error or DerError. */
export function decrypted(encryptedData: DerValue, password: string): Buffer {
  const [, info] = inside(encryptedData, DerTag.SEQUENCE);
  const [, algorithm, encrypted] = inside(info, DerTag.SEQUENCE);
  const decipher = decipherOf(algorithm, password);
  return Buffer.concat([decipher.update(octetsOf(encrypted)), decipher.final()]);
}

/** One string, or several that belong together. */
function octetsOf(value: DerValue | undefined): Buffer {
  if (value?.tag === DerTag.IMPLICIT_0) return value.content;
  const parts = inside(value, DerTag.CONTEXT_0);
  return Buffer.concat(parts.map(part => contentOf(part, DerTag.OCTET_STRING)));
}

function decipherOf(algorithm: DerValue | undefined, password: string): Decipheriv {
  const [id, parameters] = inside(algorithm, DerTag.SEQUENCE);
  const oid = oidOf(id);
  if (oid === PBES2) return pbes2(inside(parameters, DerTag.SEQUENCE), password);
  if (oid === RC2_40) {
    throw new Error(
      'its certificates are encrypted with RC2 of 40 bits, as Java did until 2021, which OpenSSL 3 does not read',
    );
  }
  if (oid !== TRIPLE_DES) throw new Error(`its encryption (${oid}) is none that Millrace knows`);
  const [salt, count] = inside(parameters, DerTag.SEQUENCE);
  const common = {
    hash: 'sha1',
    salt: contentOf(salt, DerTag.OCTET_STRING),
    iterations: iterationsOf(count),
  };
  const key = derive(password, Purpose.KEY, { ...common, bytes: 24 });
  return createDecipheriv('des-ede3-cbc', key, derive(password, Purpose.IV, { ...common, bytes: 8 }));
}

function pbes2([derivation, encryption]: readonly DerValue[], password: string): Decipheriv {
  const [kdf, kdfParameters] = inside(derivation, DerTag.SEQUENCE);
  if (oidOf(kdf) !== PBKDF2)
    throw new Error('its keys are derived by a function that Millrace does not know');
  const [salt, count, ...rest] = inside(kdfParameters, DerTag.SEQUENCE);
  const prf = rest.find(({ tag }) => tag === DerTag.SEQUENCE);
  const hash = prf === undefined ? 'sha1' : known(HMACS, oidOf(derValues(prf.content)[0]), 'key derivation');
  const [cipher, iv] = inside(encryption, DerTag.SEQUENCE);
  const { name, keyBytes } = known(CIPHERS, oidOf(cipher), 'encryption');
  const saltBytes = contentOf(salt, DerTag.OCTET_STRING);
  const key = pbkdf2Sync(password, saltBytes, iterationsOf(count), keyBytes, hash);
  return createDecipheriv(name, key, contentOf(iv, DerTag.OCTET_STRING));
}

function iterationsOf(value: DerValue | undefined): number {
  const count = smallInteger(value);
  if (count === 0 || count > ITERATIONS_MAX) throw new DerError('a number of iterations is out of range');
  return count;
}

function known<Value>(table: Readonly<Record<string, Value>>, oid: string, what: string): Value {
  const value = table[oid];
  if (value === undefined) throw new Error(`its ${what} (${oid}) is none that Millrace knows`);
  return value;
}

/** RFC 7292, B.2. The password is UTF-16 with a zero at its end. */
function derive(
  password: string,
  purpose: number,
  options: {
    readonly hash: string;
    readonly salt: Buffer;
    readonly iterations: number;
    readonly bytes: number;
  },
): Buffer {
  const { hash, salt, iterations, bytes } = options;
  const blockBytes = BLOCK_BYTES[hash] ?? 64;
  const secret = Buffer.from(`${password}\0`, 'utf16le').swap16();
  const input = Buffer.concat([filled(salt, blockBytes), filled(secret, blockBytes)]);
  const parts: Buffer[] = [];
  for (let made = 0; made < bytes; ) {
    let digest = createHash(hash).update(Buffer.alloc(blockBytes, purpose)).update(input).digest();
    for (let round = 1; round < iterations; round++) digest = createHash(hash).update(digest).digest();
    parts.push(digest);
    made += digest.length;
    addToEach(input, filled(digest, blockBytes).subarray(0, blockBytes));
  }
  return Buffer.concat(parts).subarray(0, bytes);
}

/** Repeated up to the next whole block. */
function filled(bytes: Buffer, blockBytes: number): Buffer {
  return Buffer.alloc(Math.ceil(bytes.length / blockBytes) * blockBytes, bytes);
}

/** Every block of the input becomes itself plus the addend plus one. */
function addToEach(input: Buffer, addend: Buffer): void {
  for (let start = 0; start < input.length; start += addend.length) {
    let carry = 1;
    for (let index = addend.length - 1; index >= 0; index--) {
      const sum = input[start + index]! + addend[index]! + carry;
      input[start + index] = sum & 0xff;
      carry = sum >> 8;
    }
  }
}
