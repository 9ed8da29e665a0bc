// Whether a listener could go on with other ssl.* values: asked before they are stored, so that a store that cannot be read
// is refused to the one who sets it (SslFactory.createNewSslEngineFactory). Clients know the broker by its certificate:
// its name, and the hosts in it, may not change unless `ssl.allow.dn.changes` and `ssl.allow.san.changes` say so.

import { X509Certificate } from 'node:crypto';
import { createSecureContext, type SecureContextOptions } from 'node:tls';
import { ConfigError } from '../../config/config-value.ts';
import type { ListenerValues } from '../listener-values.ts';
import { subjectOf } from './distinguished-name.ts';
import { type TlsMaterial, tlsMaterial, tlsTexts } from './tls-material.ts';

const FAILED = 'Validation of dynamic config update of SSLFactory failed: ';

/** Throws ConfigError in Apache Kafka's words. */
export function checkTlsChange(
  opened: TlsMaterial,
  { current, proposed }: { readonly current: ListenerValues; readonly proposed: ListenerValues },
): void {
  if (tlsTexts(current) === tlsTexts(proposed)) return;
  const before = materialIfAny(current, opened) ?? opened;
  let after: TlsMaterial;
  try {
    after = tlsMaterial(proposed, opened.protocols);
  } catch (error) {
    throw new ConfigError(
      `${FAILED}org.apache.kafka.common.errors.InvalidConfigurationException: ${(error as Error).message}`,
    );
  }
  if (before.context.ca === undefined && after.context.ca !== undefined) {
    throw refused(
      'Cannot add SSL truststore to an existing listener for which no truststore was configured.',
    );
  }
  checkCertificates(certificateOf(before.context), certificateOf(after.context), proposed);
}

/** The files may have become unreadable since. */
function materialIfAny(values: ListenerValues, { protocols }: TlsMaterial): TlsMaterial | null {
  try {
    return tlsMaterial(values, protocols);
  } catch {
    return null;
  }
}

function checkCertificates(
  before: X509Certificate | null,
  after: X509Certificate | null,
  values: ListenerValues,
): void {
  if (before === null || after === null) return;
  const names = [before, after].map(({ raw }) => spaced(subjectOf(raw)));
  if (names[0] !== names[1] && !values.get('ssl.allow.dn.changes')) {
    throw refused(
      `Keystore DistinguishedName does not match:  existing={alias=kafka, DN=${names[0]}}, new={alias=kafka, DN=${names[1]}}`,
    );
  }
  const hosts = hostsOf(after);
  if (hostsOf(before).some(host => !hosts.includes(host)) && !values.get('ssl.allow.san.changes')) {
    throw refused(
      'Keystore SubjectAltNames do not match: ' +
        ` existing={alias=kafka, SAN=[${hostsOf(before)}]}, new={alias=kafka, SAN=[${hosts}]}`,
    );
  }
}

/** As Java's X500Principal shows itself: "CN=x, O=\"a, b\"" for the RFC 2253 name "CN=x,O=a\\, b". */
function spaced(name: string): string {
  const parts = name.match(/(?:\\.|[^\\,])+/g) ?? [];
  return parts
    .map(part => part.replace(/=(.*\\.*)$/, (_all, value) => `="${value.replaceAll(/\\(.)/g, '$1')}"`))
    .join(', ');
}

function hostsOf(certificate: X509Certificate): string[] {
  return certificate.subjectAltName?.split(', ') ?? [];
}

/** Of PEM and PKCS#12 alike, which only OpenSSL has read. */
function certificateOf(context: SecureContextOptions): X509Certificate | null {
  const { context: opened } = createSecureContext(context) as {
    context?: { getCertificate?: () => Buffer | null };
  };
  const bytes = opened?.getCertificate?.() ?? null;
  return bytes === null ? null : new X509Certificate(bytes);
}

function refused(reason: string): ConfigError {
  return new ConfigError(`${FAILED}org.apache.kafka.common.config.ConfigException: ${reason}`);
}
