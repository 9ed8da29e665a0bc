// The numbers of ACLs, as on the wire and in AccessControlEntryRecord: ResourceType, AclOperation, PatternType and
// AclPermissionType of org.apache.kafka.common. A number that is in no table means nothing ("UNKNOWN").

/** What an ACL is about. */
export const AclResource = {
  ANY: 1,
  TOPIC: 2,
  GROUP: 3,
  CLUSTER: 4,
  TRANSACTIONAL_ID: 5,
  DELEGATION_TOKEN: 6,
  USER: 7,
} as const;

export const AclOperation = {
  ANY: 1,
  ALL: 2,
  READ: 3,
  WRITE: 4,
  CREATE: 5,
  DELETE: 6,
  ALTER: 7,
  DESCRIBE: 8,
  CLUSTER_ACTION: 9,
  DESCRIBE_CONFIGS: 10,
  ALTER_CONFIGS: 11,
  IDEMPOTENT_WRITE: 12,
  CREATE_TOKENS: 13,
  DESCRIBE_TOKENS: 14,
  TWO_PHASE_COMMIT: 15,
} as const;

export const AclPattern = { ANY: 1, MATCH: 2, LITERAL: 3, PREFIXED: 4 } as const;
export const AclPermission = { ANY: 1, DENY: 2, ALLOW: 3 } as const;

export type AclResourceName = Exclude<keyof typeof AclResource, 'ANY'>;
export type AclOperationName = keyof typeof AclOperation;

/** The only resource of its kind (Resource.CLUSTER_NAME). */
export const CLUSTER_NAME = 'kafka-cluster';
/** A literal pattern of this name means every resource, this host every host. */
export const WILDCARD = '*';
export const WILDCARD_PRINCIPAL = 'User:*';

/** Which operations a kind of resource has (AclEntry.supportedOperations), for the bit fields of KIP-430. */
export const SUPPORTED_OPERATIONS: Readonly<
  Record<'TOPIC' | 'GROUP' | 'CLUSTER', readonly AclOperationName[]>
> = {
  TOPIC: ['READ', 'WRITE', 'CREATE', 'DESCRIBE', 'DELETE', 'ALTER', 'DESCRIBE_CONFIGS', 'ALTER_CONFIGS'],
  GROUP: ['READ', 'DESCRIBE', 'DELETE', 'DESCRIBE_CONFIGS', 'ALTER_CONFIGS'],
  CLUSTER: [
    'CREATE',
    'CLUSTER_ACTION',
    'DESCRIBE_CONFIGS',
    'ALTER_CONFIGS',
    'IDEMPOTENT_WRITE',
    'ALTER',
    'DESCRIBE',
  ],
};

/** The name of a number in one of the tables, "UNKNOWN" for one that is in none. */
export function nameIn(table: Readonly<Record<string, number>>, code: number): string {
  for (const [name, value] of Object.entries(table)) if (value === code) return name;
  return 'UNKNOWN';
}
