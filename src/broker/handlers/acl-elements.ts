// Parts of ACL requests whose number is 0: "unknown". Apache Kafka's request classes take none of them, and the connection
// is closed. Other numbers that mean nothing pass, to be refused by an authorizer.

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
