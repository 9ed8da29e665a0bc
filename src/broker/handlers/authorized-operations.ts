// The bit fields of KIP-430: which operations a client may do. Without an authorizer everybody may do everything that the
// kind of resource supports (AclEntry.supportedOperations); one bit per AclOperation, by its code.

const AclOperation = {
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
} as const;

function bitsOf(...operations: readonly (keyof typeof AclOperation)[]): number {
  return operations.reduce((bits, operation) => bits | (1 << AclOperation[operation]), 0);
}

export const TOPIC_OPERATIONS = bitsOf(
  'READ',
  'WRITE',
  'CREATE',
  'DESCRIBE',
  'DELETE',
  'ALTER',
  'DESCRIBE_CONFIGS',
  'ALTER_CONFIGS',
);
export const CLUSTER_OPERATIONS = bitsOf(
  'CREATE',
  'CLUSTER_ACTION',
  'DESCRIBE_CONFIGS',
  'ALTER_CONFIGS',
  'IDEMPOTENT_WRITE',
  'ALTER',
  'DESCRIBE',
);
/** Nobody asked (the default of the fields). */
export const NOT_ASKED = -2147483648;
