// Key, certificates, protocols and ciphers of a listener, from Kafka's ssl.* keys to Node's options. Stores are PEM (inline
// or a file) or PKCS#12; a JKS is refused with the command that converts it. Rules: DefaultSslEngineFactory. Passwords
// never appear in an error.

import { createSecureContext, type SecureContextOptions } from 'node:tls';
import { modifiedAtMsIfAny, readBytesIfAny } from '../../../host-files.ts';
import type { ListenerValues } from '../listener-values.ts';
import { opensslCipher } from './cipher-names.ts';
import { trustedCertificates } from './pkcs12-trust.ts';

export interface TlsMaterial {
  readonly context: SecureContextOptions;
  readonly protocols: SecureContextOptions;
  /** Changes when a setting or a file behind it changed. */
  version(): string;
}

const PROTOCOLS = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'] as const;
const FILES = ['ssl.keystore.location', 'ssl.truststore.location'] as const;
const TEXTS = [
  'ssl.keystore.key',
  'ssl.keystore.certificate.chain',
  'ssl.truststore.certificates',
  'ssl.keystore.password',
  'ssl.truststore.password',
  'ssl.key.password',
  'ssl.keystore.type',
  'ssl.truststore.type',
] as const;
/** A PKCS#12 begins with it, a JKS with 0xFEEDFEED. */
const DER_SEQUENCE = 0x30;
const CERTIFICATE = /-----BEGIN CERTIFICATE-----/;

/** Protocols and ciphers stay what they were when the listener was opened, as in Apache Kafka. Throws Error with a sentence. */
export function tlsMaterial(values: ListenerValues, protocols = protocolsOf(values)): TlsMaterial {
  const context = { ...keyOf(values), ...trustOf(values), ...protocols };
  try {
    createSecureContext(context);
  } catch (error) {
    throw new Error(
      `key and certificates do not fit together or cannot be read: ${(error as Error).message}.`,
    );
  }
  const version = () =>
    JSON.stringify([
      ...TEXTS.map(name => values.get(name)),
      ...FILES.map(name => [values.get(name), modifiedAtMsIfAny(values.get(name) ?? '')]),
    ]);
  return { context, protocols, version };
}

/** Changes when one of the settings does, whatever is in the files. */
export function tlsTexts(values: ListenerValues): string {
  return JSON.stringify([...TEXTS, ...FILES].map(name => values.get(name)));
}

function keyOf(values: ListenerValues): SecureContextOptions {
  const key = values.get('ssl.keystore.key');
  const chain = values.get('ssl.keystore.certificate.chain');
  const location = values.get('ssl.keystore.location');
  const password = values.get('ssl.keystore.password');
  const passphrase = values.get('ssl.key.password');
  if (key !== null || chain !== null) {
    if (values.get('ssl.keystore.type') !== 'PEM')
      throw new Error('SSL private key can be specified only for PEM: set ssl.keystore.type=PEM.');
    if (key === null || chain === null)
      throw new Error(
        'ssl.keystore.key and ssl.keystore.certificate.chain belong together, and one is missing.',
      );
    if (location !== null)
      throw new Error('Both SSL key store location and separate private key are specified.');
    return { key: pemLines(key), cert: pemLines(chain), ...(passphrase === null ? {} : { passphrase }) };
  }
  if (location === null) throw new Error('it has no key: set ssl.keystore.location (see docs/security.md).');
  const bytes = readStore('ssl.keystore.location', location);
  const type = storeType(values.get('ssl.keystore.type'), 'ssl.keystore', bytes);
  if (type === 'PEM') {
    const pem = bytes.toString('utf8');
    return { key: pem, cert: pem, ...(passphrase === null ? {} : { passphrase }) };
  }
  if (password === null)
    throw new Error('SSL key store is specified, but key store password is not specified.');
  return { pfx: bytes, passphrase: password };
}

function trustOf(values: ListenerValues): SecureContextOptions {
  const certificates = values.get('ssl.truststore.certificates');
  const location = values.get('ssl.truststore.location');
  if (certificates === null && location === null) return {};
  const bytes =
    certificates === null
      ? readStore('ssl.truststore.location', location!)
      : Buffer.from(certificates, 'utf8');
  const type = storeType(values.get('ssl.truststore.type'), 'ssl.truststore', bytes);
  if (type === 'PKCS12') return { ca: trustedIn(bytes, values.get('ssl.truststore.password')) };
  const pem = bytes.toString('utf8');
  if (!CERTIFICATE.test(pem)) throw new Error('the truststore has no certificate in it.');
  return { ca: certificatesOf(pemLines(pem)) };
}

function trustedIn(store: Buffer, password: string | null): string[] {
  let certificates: string[];
  try {
    certificates = trustedCertificates(store, password);
  } catch (error) {
    throw new Error(
      `the truststore cannot be read: ${(error as Error).message}. Write its certificates as PEM with ` +
        'keytool -list -rfc -keystore STORE > trusted.pem, and set ssl.truststore.type=PEM and ssl.truststore.location=trusted.pem.',
    );
  }
  if (certificates.length > 0) return certificates;
  throw new Error(
    password === null
      ? 'the truststore has no certificate that can be read without ssl.truststore.password.'
      : 'the truststore has no trusted certificate in it. Put one in with keytool -importcert.',
  );
}

function certificatesOf(pem: string): string[] {
  return pem.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? [];
}

/** Properties carry a PEM in one line, with spaces for line ends. */
function pemLines(pem: string): string {
  return pem.replaceAll(
    /(-----BEGIN [A-Z0-9 ]+-----)\s*([^-]*?)\s*(-----END [A-Z0-9 ]+-----)/g,
    (_all, begin, body, end) =>
      [begin, body.includes(':') ? body : body.replaceAll(/\s+/g, '\n'), end].join('\n'),
  );
}

/** A JKS by name may be a PKCS#12 in truth, for Java as here: since Java 9 its stores are, whatever they are called. */
function storeType(type: string, keys: string, bytes: Buffer): 'PEM' | 'PKCS12' {
  const upper = type.toUpperCase();
  if (upper === 'PEM' || upper === 'PKCS12') return upper;
  if (upper === 'JKS' && bytes[0] === DER_SEQUENCE) return 'PKCS12';
  throw new Error(
    `${keys}.type is ${type}, which Millrace does not read. Convert it: keytool -importkeystore -srckeystore OLD.jks ` +
      `-destkeystore NEW.p12 -deststoretype PKCS12, and set ${keys}.type=PKCS12.`,
  );
}

function readStore(key: string, location: string): Buffer {
  const bytes = readBytesIfAny(location);
  if (bytes === null) throw new Error(`${key} names ${location}, which cannot be read.`);
  return bytes;
}

function protocolsOf(values: ListenerValues): SecureContextOptions {
  const enabled = values.get('ssl.enabled.protocols');
  const known = PROTOCOLS.filter(protocol => enabled.includes(protocol));
  if (enabled.length > 0 && known.length === 0)
    throw new Error(`ssl.enabled.protocols names none of ${PROTOCOLS.join(', ')}.`);
  const suites = values.get('ssl.cipher.suites');
  return {
    ...(known.length === 0 ? {} : { minVersion: known[0]!, maxVersion: known.at(-1)! }),
    ...(suites.length === 0 ? {} : { ciphers: suites.map(opensslCipher).join(':') }),
  };
}
