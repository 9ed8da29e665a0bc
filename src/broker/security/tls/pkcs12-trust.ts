// The certificates that a PKCS#12 trust store trusts (RFC 7292), as keytool makes one. Node reads such a store only for the
// key in it. Trusted is what Java trusts: certificates with Oracle's attribute for it, and that of a key.

import { contentOf, DerError, DerTag, type DerValue, derValues, inside } from './der.ts';
import { decrypted, isMacRight, oidOf } from './pkcs12-encryption.ts';

const DATA = '2a864886f70d010701';
const ENCRYPTED_DATA = '2a864886f70d010706';
const CERTIFICATE_BAG = '2a864886f70d010c0a0103';
const X509_CERTIFICATE = '2a864886f70d01091601';
/** 2.16.840.1.113894.746875.1.1, and pkcs-9-at-localKeyId. */
const TRUSTED: ReadonlySet<string> = new Set(['6086480186f966adca7b0101', '2a864886f70d010915']);

/** In PEM. Throws Error with half a sentence: what is wrong with the store. */
export function trustedCertificates(store: Buffer, password: string | null): string[] {
  try {
    const [, authSafe, mac] = inside(derValues(store)[0], DerTag.SEQUENCE);
    const data = dataOf(inside(authSafe, DerTag.SEQUENCE));
    if (password !== null && mac !== undefined && !isMacRight(mac, data, password)) {
      throw new Error('the password is not that of the store, or the store is damaged');
    }
    const parts = inside(derValues(data)[0], DerTag.SEQUENCE).map(part => inside(part, DerTag.SEQUENCE));
    return parts.flatMap(part => certificatesIn(part, password));
  } catch (error) {
    if (!(error instanceof DerError)) throw error;
    throw new Error(`it is no PKCS#12 store, or a damaged one: ${error.message}`);
  }
}

function dataOf([type, content]: readonly DerValue[]): Buffer {
  if (oidOf(type) !== DATA) throw new Error('it is signed instead of locked with a password');
  return contentOf(inside(content, DerTag.CONTEXT_0)[0], DerTag.OCTET_STRING);
}

/** Without a password what is encrypted is passed over, as in Java. */
function certificatesIn(part: readonly DerValue[], password: string | null): string[] {
  const [type, content] = part;
  const oid = oidOf(type);
  if (oid === ENCRYPTED_DATA && password === null) return [];
  const bags =
    oid === ENCRYPTED_DATA ? decrypted(inside(content, DerTag.CONTEXT_0)[0]!, password!) : dataOf(part);
  return inside(derValues(bags)[0], DerTag.SEQUENCE).flatMap(certificateOf);
}

function certificateOf(bag: DerValue): string[] {
  const [type, value, attributes] = inside(bag, DerTag.SEQUENCE);
  if (oidOf(type) !== CERTIFICATE_BAG || attributes === undefined) return [];
  const names = inside(attributes, DerTag.SET).map(one => oidOf(inside(one, DerTag.SEQUENCE)[0]));
  if (!names.some(name => TRUSTED.has(name))) return [];
  const [kind, held] = inside(inside(value, DerTag.CONTEXT_0)[0], DerTag.SEQUENCE);
  if (oidOf(kind) !== X509_CERTIFICATE) return [];
  return [pemOf(contentOf(inside(held, DerTag.CONTEXT_0)[0], DerTag.OCTET_STRING))];
}

function pemOf(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}
