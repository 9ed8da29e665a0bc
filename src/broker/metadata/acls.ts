// ACLs: decides which come and go as AclControlManager does, and finds those that a filter means. Replay is in
// kept-records.ts; who may do what is decided elsewhere (security/acl). A filter's unset parts mean "any"; the pattern
// type MATCH means every pattern that applies to a resource of the name (ResourcePatternFilter.matches).

import { KafkaError } from '../../protocol/errors.ts';
import type { Decision } from '../runtime/shard.ts';
import { type Acl, compareAcls } from '../security/acl/acl-index.ts';
import {
  AclOperation,
  AclPattern,
  AclPermission,
  AclResource,
  CLUSTER_NAME,
  nameIn,
  WILDCARD,
} from '../security/acl/acl-names.ts';
import { type ApiError, apiError, NO_ERROR } from './api-error.ts';
import type { MetadataImage } from './image.ts';
import { type MetadataRecord, record } from './metadata-record.ts';
import { RECORDS_PER_OPERATION_MAX } from './operation-limit.ts';

export interface AclFilter {
  readonly resourceType: number;
  readonly resourceName: string | null;
  readonly patternType: number;
  readonly principal: string | null;
  readonly host: string | null;
  readonly operation: number;
  readonly permissionType: number;
}

export interface DeletedAcls {
  readonly error: ApiError;
  readonly acls: readonly Acl[];
}

export function decideCreateAcls(
  image: MetadataImage,
  creations: readonly Acl[],
  newUuid: () => string,
): Decision<MetadataRecord, readonly ApiError[]> {
  const known = new Set(Array.from(image.acls.values(), textOfAcl));
  const records: MetadataRecord[] = [];
  const response = creations.map(acl => {
    const problem = problemOf(acl);
    if (problem !== null) return apiError('INVALID_REQUEST', problem);
    const text = textOfAcl(acl);
    if (known.has(text)) return NO_ERROR;
    known.add(text);
    if (records.length === RECORDS_PER_OPERATION_MAX) {
      throw new KafkaError('UNKNOWN_SERVER_ERROR', 'The request makes too many ACLs.');
    }
    let id = newUuid();
    while (image.acls.has(id)) id = newUuid();
    records.push(record('AccessControlEntryRecord', { id, ...acl }));
    return NO_ERROR;
  });
  return { records, response };
}

/** In the order of AclApis, then AclControlManager.validateNewAcl. */
function problemOf(acl: Acl): string | null {
  const { resourceType, resourceName, patternType, principal, operation, permissionType } = acl;
  if (resourceType === AclResource.CLUSTER && resourceName !== CLUSTER_NAME) {
    return `The only valid name for the CLUSTER resource is ${CLUSTER_NAME}`;
  }
  if (resourceName === '') return 'Invalid empty resource name';
  const resource = nameIn(AclResource, resourceType);
  if (resource === 'UNKNOWN' || resource === 'ANY') return `Invalid resourceType ${resource}`;
  if (patternType !== AclPattern.LITERAL && patternType !== AclPattern.PREFIXED) {
    return `Invalid patternType ${nameIn(AclPattern, patternType)}`;
  }
  const named = nameIn(AclOperation, operation);
  if (named === 'UNKNOWN' || named === 'ANY') return `Invalid operation ${named}`;
  if (permissionType !== AclPermission.DENY && permissionType !== AclPermission.ALLOW) {
    return `Invalid permissionType ${nameIn(AclPermission, permissionType)}`;
  }
  if (principal.includes(':')) return null;
  return `Could not parse principal from \`${principal}\` (no colon is present separating the principal type from the principal name)`;
}

export function decideDeleteAcls(
  image: MetadataImage,
  filters: readonly AclFilter[],
): Decision<MetadataRecord, readonly DeletedAcls[]> {
  const removed = new Set<string>();
  const response = filters.map(filter => {
    const problem = problemOfFilter(filter);
    if (problem !== null) return { error: apiError('INVALID_REQUEST', problem), acls: [] };
    const acls: Acl[] = [];
    for (const [id, acl] of image.acls) {
      if (!isMeant(filter, acl)) continue;
      if (removed.size >= RECORDS_PER_OPERATION_MAX) {
        const message = `Cannot remove more than ${RECORDS_PER_OPERATION_MAX} acls in a single delete operation.`;
        throw new KafkaError('INVALID_REQUEST', message);
      }
      removed.add(id);
      acls.push(acl);
    }
    return { error: NO_ERROR, acls };
  });
  const records = Array.from(removed, id => record('RemoveAccessControlEntryRecord', { id }));
  return { records, response };
}

function problemOfFilter({ resourceType, patternType, operation, permissionType }: AclFilter): string | null {
  if (nameIn(AclResource, resourceType) === 'UNKNOWN' || nameIn(AclPattern, patternType) === 'UNKNOWN') {
    return 'Unknown patternFilter.';
  }
  if (nameIn(AclOperation, operation) === 'UNKNOWN' || nameIn(AclPermission, permissionType) === 'UNKNOWN') {
    return 'Unknown entryFilter.';
  }
  return null;
}

export function matchingAcls(image: MetadataImage, filter: AclFilter): Acl[] {
  return [...image.acls.values()].filter(acl => isMeant(filter, acl)).sort(compareAcls);
}

function isMeant(filter: AclFilter, acl: Acl): boolean {
  return (
    (filter.resourceType === AclResource.ANY || filter.resourceType === acl.resourceType) &&
    isPatternMeant(filter, acl) &&
    (filter.principal === null || filter.principal === acl.principal) &&
    (filter.host === null || filter.host === acl.host) &&
    (filter.operation === AclOperation.ANY || filter.operation === acl.operation) &&
    (filter.permissionType === AclPermission.ANY || filter.permissionType === acl.permissionType)
  );
}

function isPatternMeant({ patternType, resourceName }: AclFilter, acl: Acl): boolean {
  const isMatch = patternType === AclPattern.MATCH;
  if (patternType !== AclPattern.ANY && !isMatch && patternType !== acl.patternType) return false;
  if (resourceName === null) return true;
  if (!isMatch) return resourceName === acl.resourceName;
  if (acl.patternType === AclPattern.PREFIXED) return resourceName.startsWith(acl.resourceName);
  return resourceName === acl.resourceName || acl.resourceName === WILDCARD;
}

/** The same for the same ACL: names may hold any character, so they go through JSON. */
function textOfAcl(acl: Acl): string {
  const { resourceType, resourceName, patternType, principal, host, operation, permissionType } = acl;
  return JSON.stringify([
    resourceType,
    resourceName,
    patternType,
    principal,
    host,
    operation,
    permissionType,
  ]);
}
