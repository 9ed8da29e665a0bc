// The matrix of what one ACL lets its owner do: every kind of resource and operation, allowed or denied, literal, prefixed
// or for everybody, against every request. An outcome is what the answer says of errors, how many things it shows and
// which operations it grants; not its texts.

import { type Acl, compareAcls } from '../../../src/broker/security/acl/acl-index.ts';
import {
  AclOperation,
  AclPattern,
  AclPermission,
  AclResource,
} from '../../../src/broker/security/acl/acl-names.ts';
import { CreateAcls } from '../../../src/protocol/messages/apis/create-acls.ts';
import { DeleteAcls } from '../../../src/protocol/messages/apis/delete-acls.ts';
import type { Api } from '../../../src/protocol/schema/field.ts';
import { aclRequests } from './acl-requests.ts';

export type Outcomes = Readonly<Record<string, string>>;
/** By grant, then by request. */
export type Matrix = Readonly<Record<string, Outcomes>>;

/** Sends one request as somebody; 'closed' when the connection was. */
export type Ask = (user: 'admin' | 'alice', api: Api, version: number, body: object) => Promise<unknown>;

const NAMES = {
  TOPIC: 'orders',
  GROUP: 'readers',
  CLUSTER: 'kafka-cluster',
  TRANSACTIONAL_ID: 'payments',
} as const;
const OPERATIONS: Readonly<Record<keyof typeof NAMES, readonly (keyof typeof AclOperation)[]>> = {
  TOPIC: [
    'READ',
    'WRITE',
    'CREATE',
    'DESCRIBE',
    'DELETE',
    'ALTER',
    'DESCRIBE_CONFIGS',
    'ALTER_CONFIGS',
    'ALL',
  ],
  GROUP: ['READ', 'DESCRIBE', 'DELETE', 'DESCRIBE_CONFIGS', 'ALTER_CONFIGS', 'ALL'],
  CLUSTER: [
    'CREATE',
    'CLUSTER_ACTION',
    'DESCRIBE_CONFIGS',
    'ALTER_CONFIGS',
    'IDEMPOTENT_WRITE',
    'ALTER',
    'DESCRIBE',
    'ALL',
  ],
  TRANSACTIONAL_ID: ['DESCRIBE', 'WRITE', 'ALL'],
};

export function grants(): ReadonlyMap<string, readonly Acl[]> {
  const all = new Map<string, readonly Acl[]>([['nothing', []]]);
  for (const [resource, operations] of Object.entries(OPERATIONS)) {
    for (const operation of operations) {
      all.set(`${operation} on ${resource}`, [acl(resource as keyof typeof NAMES, operation)]);
    }
  }
  const everything = (Object.keys(NAMES) as (keyof typeof NAMES)[]).map(resource => ({
    ...acl(resource, 'ALL'),
    principal: 'User:*',
    resourceName: resource === 'CLUSTER' ? NAMES.CLUSTER : '*',
  }));
  all.set('everything for everybody', everything);
  all.set('everything, but no READ on TOPIC', [...everything, denied('TOPIC', 'READ')]);
  all.set('everything, but no DESCRIBE on prefixed TOPIC', [
    ...everything,
    { ...denied('TOPIC', 'DESCRIBE'), resourceName: 'ord', patternType: AclPattern.PREFIXED },
  ]);
  all.set('everything, but nothing on GROUP', [...everything, denied('GROUP', 'ALL')]);
  all.set('prefixed WRITE on TOPIC', [
    { ...acl('TOPIC', 'WRITE'), resourceName: 'or', patternType: AclPattern.PREFIXED },
  ]);
  all.set('READ on TOPIC from elsewhere', [{ ...acl('TOPIC', 'READ'), host: '10.9.8.7' }]);
  return all;
}

function acl(resource: keyof typeof NAMES, operation: keyof typeof AclOperation): Acl {
  return {
    resourceType: AclResource[resource],
    resourceName: NAMES[resource],
    patternType: AclPattern.LITERAL,
    principal: 'User:alice',
    host: '*',
    operation: AclOperation[operation],
    permissionType: AclPermission.ALLOW,
  };
}

function denied(resource: keyof typeof NAMES, operation: keyof typeof AclOperation): Acl {
  return { ...acl(resource, operation), permissionType: AclPermission.DENY };
}

/** Takes every ACL away, then gives these. */
export async function grant(ask: Ask, acls: readonly Acl[]): Promise<void> {
  const any = { resourceTypeFilter: 1, patternTypeFilter: 1, operation: 1, permissionType: 1 };
  const filters = [{ ...any, resourceNameFilter: null, principalFilter: null, hostFilter: null }];
  await ask('admin', DeleteAcls, 3, { filters });
  const creations = [...acls]
    .sort(compareAcls)
    .map(({ patternType, ...rest }) => ({ ...rest, resourcePatternType: patternType }));
  await ask('admin', CreateAcls, 3, { creations });
}

export async function outcomesOf(ask: Ask): Promise<Outcomes> {
  const outcomes: Record<string, string> = {};
  for (const { name, api, version, body } of aclRequests) {
    outcomes[name] = outcomeOf(await ask('alice', api, version, body));
  }
  return outcomes;
}

function outcomeOf(answer: unknown): string {
  if (answer === 'closed') return 'closed';
  const codes = new Set<number>();
  const operations: string[] = [];
  const sizes: string[] = [];
  walk(answer, (field, value) => {
    if (/errorCode$/i.test(field) && typeof value === 'number') codes.add(value);
    else if (/AuthorizedOperations$/i.test(field) && value !== -2_147_483_648)
      operations.push(`${field}=${value}`);
  });
  for (const [field, value] of Object.entries(answer as object)) {
    if (Array.isArray(value)) sizes.push(`${field}=${value.length}`);
  }
  const errors = [...codes].sort((a, b) => a - b).join(',');
  return [`error ${errors || 'none'}`, ...sizes, ...operations].join(' ');
}

function walk(value: unknown, see: (field: string, value: unknown) => void): void {
  if (typeof value !== 'object' || value === null || Buffer.isBuffer(value)) return;
  for (const [field, part] of Object.entries(value)) {
    see(field, part);
    walk(part, see);
  }
}
