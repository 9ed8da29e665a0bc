// Parts of ACL requests whose number is 0: "unknown". Apache Kafka's request classes take none of them, and the connection
// is closed. Other numbers that mean nothing pass, to be refused by an authorizer.

import type { AclFilter } from '../metadata/acls.ts';
import { AclOperation, AclPattern, AclPermission, AclResource } from '../security/acl/acl-names.ts';

const UNKNOWN = 0;

export function isUnknownFilter(filter: {
  readonly resourceTypeFilter: number;
  readonly patternTypeFilter: number;
  readonly operation: number;
  readonly permissionType: number;
}): boolean {
  const { resourceTypeFilter, patternTypeFilter, operation, permissionType } = filter;
  return [resourceTypeFilter, patternTypeFilter, operation, permissionType].includes(UNKNOWN);
}

export function isUnknownBinding(binding: {
  readonly resourceType: number;
  readonly resourcePatternType: number;
  readonly operation: number;
  readonly permissionType: number;
}): boolean {
  const { resourceType, resourcePatternType, operation, permissionType } = binding;
  return [resourceType, resourcePatternType, operation, permissionType].includes(UNKNOWN);
}

/** Numbers that only a filter may have. */
export function isForAny(binding: {
  readonly resourceType: number;
  readonly resourcePatternType: number;
  readonly operation: number;
  readonly permissionType: number;
}): boolean {
  const { resourceType, resourcePatternType, operation, permissionType } = binding;
  return (
    resourceType === AclResource.ANY ||
    resourcePatternType === AclPattern.ANY ||
    resourcePatternType === AclPattern.MATCH ||
    operation === AclOperation.ANY ||
    permissionType === AclPermission.ANY
  );
}

/** A filter as requests have it, in the words of the ACLs it means. */
export function filterOf(filter: {
  readonly resourceTypeFilter: number;
  readonly resourceNameFilter: string | null;
  readonly patternTypeFilter: number;
  readonly principalFilter: string | null;
  readonly hostFilter: string | null;
  readonly operation: number;
  readonly permissionType: number;
}): AclFilter {
  return {
    resourceType: filter.resourceTypeFilter,
    resourceName: filter.resourceNameFilter,
    patternType: filter.patternTypeFilter,
    principal: filter.principalFilter,
    host: filter.hostFilter,
    operation: filter.operation,
    permissionType: filter.permissionType,
  };
}
