// SCRAM credentials (KIP-554): decides changes as ScramControlManager does, and describes what is stored as ScramImage
// does. Of a password only what RFC 5802 needs to check one is stored: StoredKey and ServerKey. Replay: kept-records.ts.

import process from 'node:process';
import { ErrorCode } from '../../protocol/errors.ts';
import type { Decision } from '../runtime/shard.ts';
import { type ApiError, apiError, NO_ERROR } from './api-error.ts';
import { metadataVersionOf } from './features.ts';
import type { MetadataImage } from './image.ts';
import { credentialKey } from './kept-records.ts';
import { type MetadataRecord, record } from './metadata-record.ts';

/** ScramMechanism, by its number, with the hash it is named for. */
const MECHANISMS: ReadonlyMap<number, string> = new Map([
  [1, 'sha256'],
  [2, 'sha512'],
]);
const ITERATIONS_MIN = 4096;
/** ScramControlManager.MAX_ITERATIONS: more would let a client keep the node busy. */
const ITERATIONS_MAX = 16_384;
/** 3.5-IV2, MetadataVersion.isScramSupported */
const SCRAM_SINCE = 11;

export interface ScramDeletion {
  readonly name: string;
  readonly mechanism: number;
}

export interface ScramUpsertion extends ScramDeletion {
  readonly iterations: number;
  readonly salt: Buffer;
  readonly saltedPassword: Buffer;
}

export interface AlterScramCommand {
  readonly deletions: readonly ScramDeletion[];
  readonly upsertions: readonly ScramUpsertion[];
}

export interface AlteredScramUser {
  readonly user: string;
  readonly error: ApiError;
}

export function decideAlterScramCredentials(
  image: MetadataImage,
  { deletions, upsertions }: AlterScramCommand,
): Decision<MetadataRecord, readonly AlteredScramUser[]> {
  const isSupported = metadataVersionOf(image) >= SCRAM_SINCE;
  const outcomes = new Map<string, MetadataRecord | ApiError>();
  const note = (user: string, decide: () => MetadataRecord | ApiError) => {
    const before = outcomes.get(user);
    if (before !== undefined && 'code' in before) return;
    if (before !== undefined) {
      const message = 'A user credential cannot be altered twice in the same request';
      outcomes.set(user, apiError('DUPLICATE_RESOURCE', message));
    } else if (!isSupported) {
      const message = 'The current metadata.version does not support SCRAM';
      outcomes.set(user, apiError('UNSUPPORTED_VERSION', message));
    } else outcomes.set(user, decide());
  };
  for (const deletion of deletions) note(deletion.name, () => remove(image, deletion));
  for (const upsertion of upsertions) note(upsertion.name, () => upsert(upsertion));
  const records: MetadataRecord[] = [];
  const response = Array.from(outcomes, ([user, outcome]) => {
    if ('code' in outcome) return { user, error: outcome };
    records.push(outcome);
    return { user, error: NO_ERROR };
  });
  return { records, response };
}

function remove(image: MetadataImage, deletion: ScramDeletion): MetadataRecord | ApiError {
  const refusal = refusedUser(deletion);
  if (refusal !== null) return refusal;
  if (!image.scramCredentials.has(credentialKey(deletion))) {
    return apiError('RESOURCE_NOT_FOUND', 'Attempt to delete a user credential that does not exist');
  }
  const { name, mechanism } = deletion;
  return record('RemoveUserScramCredentialRecord', { name, mechanism });
}

function upsert(upsertion: ScramUpsertion): MetadataRecord | ApiError {
  const { name, mechanism, iterations, salt, saltedPassword } = upsertion;
  const refusal = refusedUser(upsertion);
  if (refusal !== null) return refusal;
  if (iterations < ITERATIONS_MIN) return apiError('UNACCEPTABLE_CREDENTIAL', 'Too few iterations');
  if (iterations > ITERATIONS_MAX) return apiError('UNACCEPTABLE_CREDENTIAL', 'Too many iterations');
  // An empty key is none for the JVM's HMAC, and Apache Kafka answers so.
  if (saltedPassword.length === 0) return { code: ErrorCode.UNKNOWN_SERVER_ERROR, message: null };
  const hash = MECHANISMS.get(mechanism)!;
  return record('UserScramCredentialRecord', {
    name,
    mechanism,
    iterations,
    salt,
    ...scramKeys(hash, saltedPassword),
  });
}

/** What checks a password without knowing it (RFC 5802, section 3). */
export function scramKeys(
  hash: string,
  saltedPassword: Buffer,
): { readonly storedKey: Buffer; readonly serverKey: Buffer } {
  const { createHash, createHmac } = process.getBuiltinModule('node:crypto');
  const clientKey = createHmac(hash, saltedPassword).update('Client Key').digest();
  return {
    storedKey: createHash(hash).update(clientKey).digest(),
    serverKey: createHmac(hash, saltedPassword).update('Server Key').digest(),
  };
}

function refusedUser({ name, mechanism }: ScramDeletion): ApiError | null {
  if (name === '') return apiError('UNACCEPTABLE_CREDENTIAL', 'Username must not be empty');
  if (!MECHANISMS.has(mechanism)) return apiError('UNSUPPORTED_SASL_MECHANISM', 'Unknown SCRAM mechanism');
  return null;
}

export interface DescribedScramUser {
  readonly user: string;
  readonly error: ApiError;
  readonly credentials: readonly { readonly mechanism: number; readonly iterations: number }[];
}

/** null or nobody: everybody. */
export function describeScramCredentials(
  image: MetadataImage,
  users: readonly string[] | null,
): DescribedScramUser[] {
  const byUser = new Map<string, { mechanism: number; iterations: number }[]>();
  for (const { name, mechanism, iterations } of image.scramCredentials.values()) {
    const credentials = byUser.get(name) ?? [];
    credentials.push({ mechanism, iterations });
    byUser.set(
      name,
      credentials.sort((a, b) => a.mechanism - b.mechanism),
    );
  }
  const asked = users === null || users.length === 0 ? [...byUser.keys()] : users;
  const counts = new Map<string, number>();
  for (const user of asked) counts.set(user, (counts.get(user) ?? 0) + 1);
  return Array.from(counts, ([user, count]) => {
    const credentials = byUser.get(user);
    if (count > 1) {
      const message = `Cannot describe SCRAM credentials for the same user twice in a single request: ${user}`;
      return { user, error: apiError('DUPLICATE_RESOURCE', message), credentials: [] };
    }
    if (credentials === undefined) {
      const message = `Attempt to describe a user credential that does not exist: ${user}`;
      return { user, error: apiError('RESOURCE_NOT_FOUND', message), credentials: [] };
    }
    return { user, error: NO_ERROR, credentials };
  });
}
