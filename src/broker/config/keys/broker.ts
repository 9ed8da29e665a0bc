// All keys of the broker, by area. What Apache Kafka does not document (its internal keys) is not here.

import { groupsKeys } from './broker-groups.ts';
import { logKeys } from './broker-log.ts';
import { metricsKeys } from './broker-metrics.ts';
import { networkKeys } from './broker-network.ts';
import { quorumKeys } from './broker-quorum.ts';
import { quotasKeys } from './broker-quotas.ts';
import { remoteStorageKeys } from './broker-remote-storage.ts';
import { replicationKeys } from './broker-replication.ts';
import { securityKeys } from './broker-security.ts';
import { transactionsKeys } from './broker-transactions.ts';

export const brokerKeys = {
  ...remoteStorageKeys,
  ...groupsKeys,
  ...transactionsKeys,
  ...securityKeys,
  ...quotasKeys,
  ...replicationKeys,
  ...quorumKeys,
  ...metricsKeys,
  ...logKeys,
  ...networkKeys,
} as const;
