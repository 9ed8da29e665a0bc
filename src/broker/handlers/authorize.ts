// How handlers ask whether the peer may do something. Without an authorizer everybody may do everything, and asking costs
// one look at `undefined`. The rules are StandardAuthorizer's (security/acl), the helpers those of Apache Kafka's AuthHelper.

import { type ErrorName, KafkaError } from '../../protocol/errors.ts';
import {
  AclOperation,
  type AclOperationName,
  AclResource,
  type AclResourceName,
  CLUSTER_NAME,
} from '../security/acl/acl-names.ts';
import type { Requester, StandardAuthorizer } from '../security/acl/standard-authorizer.ts';

/** As much of a request's context as it takes. */
export interface Asking {
  readonly node: { readonly authorizer: StandardAuthorizer | undefined };
  readonly connection: Requester;
}

export function isAuthorized(
  asking: Asking,
  operation: AclOperationName,
  resource: AclResourceName,
  resourceName: string,
): boolean {
  return ask(asking, operation, resource, resourceName, true);
}

/** A "no" that is nothing to write home about: of a filter, or where another permission will do as well. */
export function isQuietlyAuthorized(
  asking: Asking,
  operation: AclOperationName,
  resource: AclResourceName,
  resourceName: string,
): boolean {
  return ask(asking, operation, resource, resourceName, false);
}

/** Five words instead of one object: nothing is made where nobody is asked. */
function ask(
  { node, connection }: Asking,
  operation: AclOperationName,
  resource: AclResourceName,
  resourceName: string,
  isLogged: boolean,
): boolean {
  if (node.authorizer === undefined) return true;
  return node.authorizer.isAllowed(connection, {
    operation: AclOperation[operation],
    resourceType: AclResource[resource],
    resourceName,
    isLogged,
  });
}

/** On some resource of the kind, existing or not. */
export function isAuthorizedOnSome(
  { node, connection }: Asking,
  operation: AclOperationName,
  resource: AclResourceName,
): boolean {
  if (node.authorizer === undefined) return true;
  return node.authorizer.isAllowedOnSome(connection, AclOperation[operation], AclResource[resource]);
}

export function requireCluster(asking: Asking, operation: AclOperationName): void {
  require(asking, operation, 'CLUSTER', CLUSTER_NAME, 'CLUSTER_AUTHORIZATION_FAILED');
}

export function requireTransactionalId(asking: Asking, operation: AclOperationName, name: string): void {
  require(asking, operation, 'TRANSACTIONAL_ID', name, 'TRANSACTIONAL_ID_AUTHORIZATION_FAILED');
}

export function requireGroup(asking: Asking, operation: AclOperationName, name: string): void {
  require(asking, operation, 'GROUP', name, 'GROUP_AUTHORIZATION_FAILED');
}

function require(
  asking: Asking,
  operation: AclOperationName,
  resource: AclResourceName,
  name: string,
  refusal: ErrorName,
): void {
  if (!isAuthorized(asking, operation, resource, name)) throw new KafkaError(refusal);
}

export interface Split<T> {
  readonly authorized: readonly T[];
  readonly unauthorized: readonly T[];
}

/** Every name is asked about once, however often it is there. */
export function splitByAuthorized<T>(
  asking: Asking,
  needed: { readonly operation: AclOperationName; readonly resource: AclResourceName },
  items: readonly T[],
  nameOf: (item: T) => string,
): Split<T> {
  if (asking.node.authorizer === undefined) return { authorized: items, unauthorized: [] };
  const answers = new Map<string, boolean>();
  const authorized: T[] = [];
  const unauthorized: T[] = [];
  for (const item of items) {
    const name = nameOf(item);
    let isAllowed = answers.get(name);
    if (isAllowed === undefined) {
      isAllowed = isAuthorized(asking, needed.operation, needed.resource, name);
      answers.set(name, isAllowed);
    }
    if (isAllowed) authorized.push(item);
    else unauthorized.push(item);
  }
  return { authorized, unauthorized };
}

/** How often each name is there: one that is named twice is refused for that alone. */
export function countsOf(topics: readonly { readonly name: string | null }[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { name } of topics) if (name !== null) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}
