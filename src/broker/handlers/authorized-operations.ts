// The bit fields of KIP-430: which operations the peer may do with a resource; one bit per AclOperation, by its code.
// Without an authorizer that is everything the kind of resource supports (AclEntry.supportedOperations).

import { AclOperation, CLUSTER_NAME, SUPPORTED_OPERATIONS } from '../security/acl/acl-names.ts';
import { type Asking, isAuthorized, isQuietlyAuthorized } from './authorize.ts';

/** Nobody asked (the default of the fields). */
export const NOT_ASKED = -2147483648;

export function authorizedOperations(
  asking: Asking,
  resource: keyof typeof SUPPORTED_OPERATIONS,
  name: string,
): number {
  return SUPPORTED_OPERATIONS[resource].reduce(
    (bits, operation) =>
      isQuietlyAuthorized(asking, operation, resource, name) ? bits | (1 << AclOperation[operation]) : bits,
    0,
  );
}

/** Whoever may not describe the cluster is told that he may do nothing with it. */
export function authorizedClusterOperations(asking: Asking): number {
  if (!isAuthorized(asking, 'DESCRIBE', 'CLUSTER', CLUSTER_NAME)) return 0;
  return authorizedOperations(asking, 'CLUSTER', CLUSTER_NAME);
}
