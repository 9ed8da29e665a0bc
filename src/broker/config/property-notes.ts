// What a person should hear of the properties he gave before the broker starts: keys that nobody knows. Notes, not refusals: a properties file of Apache Kafka has many keys
// that matter only there.

import { AUTHORIZER_PROPERTIES } from '../security/acl/acl-settings.ts';
import { brokerKeys } from './keys/broker.ts';

/** A listener's own keys (`listener.name.external.ssl.keystore.location`) are not in the table under their full name. */
const LISTENER_PREFIX = 'listener.name.';

export function notesOn(properties: ReadonlyMap<string, string>): string[] {
  const unknown = [...properties.keys()].filter(
    name =>
      !(name in brokerKeys) && !name.startsWith(LISTENER_PREFIX) && !AUTHORIZER_PROPERTIES.includes(name),
  );
  const notes: string[] = [];
  if (unknown.length > 0) {
    notes.push(
      `Not known to Apache Kafka 4.3.1, kept and without effect: ${unknown.sort().join(', ')}. Check the spelling if you count on them.`,
    );
  }
  return notes;
}
