// Which version of an API to speak: the highest that both sides know (KIP-35). ApiVersions itself is asked in our newest
// version first; a broker that does not know it says so in version 0 with the range it knows (error 35), and the client
// asks again in that.

import { KafkaError } from '../protocol/errors.ts';
import type { Api, VersionRange } from '../protocol/schema/field.ts';

export type VersionTable = ReadonlyMap<number, VersionRange>;

export function versionTableOf(
  apiKeys: readonly { readonly apiKey: number; readonly minVersion: number; readonly maxVersion: number }[],
): VersionTable {
  return new Map(apiKeys.map(entry => [entry.apiKey, { min: entry.minVersion, max: entry.maxVersion }]));
}

/** The highest version both know, or a KafkaError that names both ranges. */
export function commonVersion(api: Api, table: VersionTable): number {
  const theirs = table.get(api.key);
  const ours = { min: api.versions.min, max: api.latestStableVersion };
  if (theirs === undefined) {
    throw new KafkaError('UNSUPPORTED_VERSION', `The broker does not serve ${api.name}.`);
  }
  const version = Math.min(ours.max, theirs.max);
  if (version < ours.min || version < theirs.min) {
    throw new KafkaError(
      'UNSUPPORTED_VERSION',
      `The broker serves ${api.name} in versions ${theirs.min} to ${theirs.max}; Millrace speaks ${ours.min} to ${ours.max}.`,
    );
  }
  return version;
}
