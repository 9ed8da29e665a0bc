// Client quotas (KIP-546): decides changes as ClientQuotaControlManager does, and describes what is stored as
// ClientQuotasImage does. What they do to requests is in quotas/. Replay: kept-records.ts.

import { isIP } from 'node:net';
import { KafkaError } from '../../protocol/errors.ts';
import type { Decision } from '../runtime/shard.ts';
import { type ApiError, apiError, NO_ERROR } from './api-error.ts';
import type { MetadataImage, QuotaImage } from './image.ts';
import { quotaEntityKey } from './kept-records.ts';
import { type MetadataRecord, record } from './metadata-record.ts';

const USER = 'user';
const CLIENT_ID = 'client-id';
const IP = 'ip';
/** In the order in which Apache Kafka names them. */
const ENTITY_TYPES = [CLIENT_ID, USER, IP] as const;

/** QuotaConfig: what a number of each type must be. */
interface QuotaType {
  readonly isIntegral: boolean;
  readonly max: number;
  readonly tooLarge: string;
}
const DOUBLE: QuotaType = { isIntegral: false, max: Number.POSITIVE_INFINITY, tooLarge: '' };
const LONG: QuotaType = { isIntegral: true, max: 2 ** 63, tooLarge: 'a LONG' };
const INT: QuotaType = { isIntegral: true, max: 2 ** 31 - 1, tooLarge: 'an INT' };
const CLIENT_KEYS: ReadonlyMap<string, QuotaType> = new Map([
  ['producer_byte_rate', LONG],
  ['consumer_byte_rate', LONG],
  ['request_percentage', DOUBLE],
  ['controller_mutation_rate', DOUBLE],
]);
const IP_KEYS: ReadonlyMap<string, QuotaType> = new Map([['connection_creation_rate', INT]]);
/** ClientQuotaControlManager.getErrorForIntegralQuotaValue */
const FRACTION_MAX = 1e-6;

export interface QuotaEntityPart {
  readonly entityType: string;
  /** null: the default of the type. */
  readonly entityName: string | null;
}

export interface QuotaAlteration {
  readonly entity: readonly QuotaEntityPart[];
  readonly ops: readonly { readonly key: string; readonly value: number; readonly remove: boolean }[];
}

export interface AlteredQuota {
  readonly entity: readonly QuotaEntityPart[];
  readonly error: ApiError;
}

export interface AlterClientQuotasCommand {
  readonly entries: readonly QuotaAlteration[];
  readonly validateOnly: boolean;
  /** Names of `ip` entities that are no address and that nobody resolves. */
  readonly unresolvedHosts: ReadonlySet<string>;
}

export function decideAlterClientQuotas(
  image: MetadataImage,
  { entries, validateOnly, unresolvedHosts }: AlterClientQuotasCommand,
): Decision<MetadataRecord, readonly AlteredQuota[]> {
  const records: MetadataRecord[] = [];
  const altered = new Map<string, AlteredQuota>();
  for (const { entity: parts, ops } of entries) {
    const entity = distinct(parts);
    const entityKey = quotaEntityKey(entity);
    const changes = new Map(ops.map(({ key, value, remove }) => [key, remove ? null : value]));
    // What an earlier entry of the same entity has changed stays changed, as in Apache Kafka.
    const isRepeated = altered.has(entityKey) || changes.size < ops.length;
    const outcome = isRepeated
      ? apiError('INVALID_REQUEST', `Ignoring duplicate entity ${textOf(entity)}`)
      : alterEntity(entity, changes, { current: image.quotas.get(entityKey), unresolvedHosts });
    if ('code' in outcome) altered.set(entityKey, { entity, error: outcome });
    else {
      records.push(...outcome);
      altered.set(entityKey, { entity, error: NO_ERROR });
    }
  }
  return { records: validateOnly ? [] : records, response: [...altered.values()] };
}

/** An entity is a map: of two parts of one type the later counts. */
function distinct(parts: readonly QuotaEntityPart[]): QuotaEntityPart[] {
  const names = new Map(parts.map(({ entityType, entityName }) => [entityType, entityName]));
  return Array.from(names, ([entityType, entityName]) => ({ entityType, entityName }));
}

function textOf(entity: readonly QuotaEntityPart[]): string {
  const rank = ({ entityType }: QuotaEntityPart) => (ENTITY_TYPES as readonly string[]).indexOf(entityType);
  const entries = [...entity].sort((a, b) => rank(a) - rank(b));
  return `ClientQuotaEntity(entries={${entries.map(({ entityType, entityName }) => `${entityType}=${entityName}`).join(', ')}})`;
}

function alterEntity(
  entity: readonly QuotaEntityPart[],
  changes: ReadonlyMap<string, number | null>,
  known: { readonly current: QuotaImage | undefined; readonly unresolvedHosts: ReadonlySet<string> },
): readonly MetadataRecord[] | ApiError {
  const refusal = refusedEntity(entity, known.unresolvedHosts);
  if (refusal !== null) return refusal;
  const keys = entity.some(({ entityType }) => entityType === IP) ? IP_KEYS : CLIENT_KEYS;
  const values = known.current?.values;
  const records: MetadataRecord[] = [];
  for (const [key, value] of changes) {
    if (value === null) {
      if (values?.has(key)) records.push(quotaRecord(entity, { key, value: 0, remove: true }));
      continue;
    }
    const error = refusedValue(keys, key, value);
    if (error !== null) return error;
    if (!Object.is(values?.get(key), value)) records.push(quotaRecord(entity, { key, value, remove: false }));
  }
  return records;
}

function quotaRecord(
  entity: readonly QuotaEntityPart[],
  change: { readonly key: string; readonly value: number; readonly remove: boolean },
): MetadataRecord {
  return record('ClientQuotaRecord', { entity: entity.map(part => ({ ...part })), ...change });
}

function refusedEntity(
  entity: readonly QuotaEntityPart[],
  unresolvedHosts: ReadonlySet<string>,
): ApiError | null {
  const refused = (message: string) => apiError('INVALID_REQUEST', message);
  if (entity.length === 0) return refused('Invalid empty client quota entity');
  for (const { entityType, entityName } of entity) {
    if (!(ENTITY_TYPES as readonly string[]).includes(entityType)) {
      return refused(`Unhandled client quota entity type: ${entityType}`);
    }
    if (entityName === '') return refused(`Empty ${entityType} not supported`);
  }
  const ip = entity.find(({ entityType }) => entityType === IP);
  if (ip === undefined) return null;
  if (entity.length > 1) {
    // The missing blank is Apache Kafka's.
    return refused('Invalid quota entity combination, IP entity shouldnot be combined with User or ClientId');
  }
  if (ip.entityName === null || !unresolvedHosts.has(ip.entityName)) return null;
  return refused(`${ip.entityName} is not a valid IP or resolvable host.`);
}

function refusedValue(keys: ReadonlyMap<string, QuotaType>, key: string, value: number): ApiError | null {
  const type = keys.get(key);
  if (type === undefined) return apiError('INVALID_REQUEST', `Invalid configuration key ${key}`);
  if (value <= 0) return apiError('INVALID_REQUEST', `Quota ${key} must be greater than 0`);
  if (value > type.max) {
    return apiError('INVALID_REQUEST', `Proposed value for ${key} is too large for ${type.tooLarge}.`);
  }
  if (type.isIntegral && Math.abs(value % 1) > FRACTION_MAX) {
    return apiError('INVALID_REQUEST', `${key} cannot be a fractional value.`);
  }
  return null;
}

/** Names of `ip` entities that only a resolver can judge. */
export function hostNamesIn(entries: readonly QuotaAlteration[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { entityType, entityName } of entries.flatMap(({ entity }) => entity)) {
    if (entityType === IP && entityName !== null && entityName !== '' && isIP(entityName) === 0) {
      names.add(entityName);
    }
  }
  return names;
}

const MATCH_EXACT = 0;
const MATCH_DEFAULT = 1;
const MATCH_SPECIFIED = 2;

export interface QuotaFilter {
  readonly components: readonly {
    readonly entityType: string;
    readonly matchType: number;
    readonly match: string | null;
  }[];
  /** Only entities of exactly these types. */
  readonly strict: boolean;
}

/** undefined: any name that is given. */
type WantedNames = ReadonlyMap<string, string | null | undefined>;

/** Throws a KafkaError for a filter that means nothing. */
export function describeClientQuotas(image: MetadataImage, filter: QuotaFilter): QuotaImage[] {
  const wanted = wantedNames(filter);
  return [...image.quotas.values()].filter(({ entity }) => {
    if (filter.strict && entity.length !== wanted.size) return false;
    const names = new Map(entity.map(({ entityType, entityName }) => [entityType, entityName]));
    return [...wanted].every(
      ([type, name]) => names.has(type) && (name === undefined || names.get(type) === name),
    );
  });
}

function wantedNames({ components }: QuotaFilter): WantedNames {
  const wanted = new Map<string, string | null | undefined>();
  for (const { entityType, matchType, match } of components) {
    if (entityType === '') throw invalid('Invalid empty entity type.');
    if (wanted.has(entityType)) {
      throw invalid(`Entity type ${entityType} cannot appear more than once in the filter.`);
    }
    if (!(ENTITY_TYPES as readonly string[]).includes(entityType)) {
      throw new KafkaError('UNSUPPORTED_VERSION', `Unsupported entity type ${entityType}`);
    }
    wanted.set(entityType, wantedName(matchType, match));
  }
  if (wanted.has(IP) && wanted.size > 1) {
    throw invalid(
      'Invalid entity filter component combination. IP filter component should not be used with user or clientId filter component.',
    );
  }
  return wanted;
}

function wantedName(matchType: number, match: string | null): string | null | undefined {
  switch (matchType) {
    case MATCH_EXACT:
      if (match === null) throw invalid('Request specified MATCH_TYPE_EXACT, but set match string to null.');
      return match;
    case MATCH_DEFAULT:
      if (match !== null)
        throw invalid('Request specified MATCH_TYPE_DEFAULT, but also specified a match string.');
      return null;
    case MATCH_SPECIFIED:
      if (match !== null)
        throw invalid('Request specified MATCH_TYPE_SPECIFIED, but also specified a match string.');
      return undefined;
    default:
      throw invalid(`Unknown match type ${matchType}`);
  }
}

function invalid(message: string): KafkaError {
  return new KafkaError('INVALID_REQUEST', message);
}
