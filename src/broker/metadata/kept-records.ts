// Replay of delegation tokens, on which nothing acts yet, kept so that a directory loses nothing; of ACLs (acls.ts), and of
// SCRAM credentials and client quotas, which have their own files (scram-credentials.ts, client-quotas.ts).

import type { ChangeCollector } from './changes.ts';
import type { MetadataImage, MutableMetadataImage } from './image.ts';
import { type MetadataData, type MetadataRecord, record } from './metadata-record.ts';

export function replayAccessControlEntry(
  image: MutableMetadataImage,
  data: MetadataData<'AccessControlEntryRecord'>,
  changes: ChangeCollector,
): void {
  image.acls.set(data.id, data);
  changes.aclChanged(data.id);
}

export function replayRemoveAccessControlEntry(
  image: MutableMetadataImage,
  data: MetadataData<'RemoveAccessControlEntryRecord'>,
  changes: ChangeCollector,
): void {
  image.acls.delete(data.id);
  changes.aclChanged(data.id);
}

export function replayUserScramCredential(
  image: MutableMetadataImage,
  data: MetadataData<'UserScramCredentialRecord'>,
): void {
  image.scramCredentials.set(credentialKey(data), data);
}

export function replayRemoveUserScramCredential(
  image: MutableMetadataImage,
  data: MetadataData<'RemoveUserScramCredentialRecord'>,
): void {
  image.scramCredentials.delete(credentialKey(data));
}

export function replayClientQuota(
  image: MutableMetadataImage,
  data: MetadataData<'ClientQuotaRecord'>,
  changes: ChangeCollector,
): void {
  const entityKey = quotaEntityKey(data.entity);
  const values = new Map(image.quotas.get(entityKey)?.values);
  if (data.remove) values.delete(data.key);
  else values.set(data.key, data.value);
  if (values.size === 0) image.quotas.delete(entityKey);
  else image.quotas.set(entityKey, { entity: data.entity, values });
  changes.quotasChanged();
}

export function replayDelegationToken(
  image: MutableMetadataImage,
  data: MetadataData<'DelegationTokenRecord'>,
): void {
  image.delegationTokens.set(data.tokenId, data);
}

export function replayRemoveDelegationToken(
  image: MutableMetadataImage,
  data: MetadataData<'RemoveDelegationTokenRecord'>,
): void {
  image.delegationTokens.delete(data.tokenId);
}

/** What a snapshot says of each: what the last record said. */
export function* clientQuotaRecords(image: MetadataImage): Iterable<MetadataRecord> {
  for (const { entity, values } of image.quotas.values()) {
    for (const [key, value] of values)
      yield record('ClientQuotaRecord', { entity, key, value, remove: false });
  }
}

export function* accessControlEntryRecords(image: MetadataImage): Iterable<MetadataRecord> {
  for (const entry of image.acls.values()) yield record('AccessControlEntryRecord', entry);
}

export function* userScramCredentialRecords(image: MetadataImage): Iterable<MetadataRecord> {
  for (const credential of image.scramCredentials.values())
    yield record('UserScramCredentialRecord', credential);
}

export function* delegationTokenRecords(image: MetadataImage): Iterable<MetadataRecord> {
  for (const token of image.delegationTokens.values()) yield record('DelegationTokenRecord', token);
}

/** One text per user and mechanism. */
export function credentialKey({
  name,
  mechanism,
}: {
  readonly name: string;
  readonly mechanism: number;
}): string {
  return `${mechanism}:${name}`;
}

/** One text per entity, whatever the order of its parts. A null name is the default entity. */
export function quotaEntityKey(
  entity: readonly { readonly entityType: string; readonly entityName: string | null }[],
): string {
  return JSON.stringify(
    entity.map(part => [part.entityType, part.entityName]).sort((a, b) => (a[0]! < b[0]! ? -1 : 1)),
  );
}
