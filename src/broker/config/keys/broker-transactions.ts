// The keys of the broker of Apache Kafka 4.3.1: transactions and producer ids.
// Types, defaults, validators and dynamic modes are those of its ConfigDef; `doc` is condensed from its documentation
// (Apache License 2.0). `effect: 'none'` marks what Millrace accepts and shows, but does not act on.

import { configTable } from '../config-key.ts';
import { atLeast } from '../config-value.ts';

export const transactionsKeys = configTable({
  'add.partitions.to.txn.retry.backoff.max.ms': {
    type: 'INT',
    default: '100',
    validator: atLeast(0),
    importance: 'high',
    effect: 'none',
    doc: 'The maximum allowed timeout for adding partitions to transactions on the server side. It only applies to the actual add partition operations, not the verification. It will not be effective if it is larger than request.timeout.ms',
  },
  'add.partitions.to.txn.retry.backoff.ms': {
    type: 'INT',
    default: '20',
    validator: atLeast(1),
    importance: 'high',
    effect: 'none',
    doc: 'The server-side retry backoff when the server attemptsto add the partition to the transaction',
  },
  'producer.id.expiration.ms': {
    type: 'INT',
    default: '86400000',
    validator: atLeast(1),
    dynamic: 'cluster-wide',
    importance: 'low',
    effect: 'none',
    doc: 'The time in ms that a topic partition leader will wait before expiring producer IDs. Producer IDs will not expire while a transaction associated to them is still ongoing.',
  },
  'transaction.abort.timed.out.transaction.cleanup.interval.ms': {
    type: 'INT',
    default: '10000',
    validator: atLeast(1),
    importance: 'low',
    effect: 'none',
    doc: 'The interval at which to rollback transactions that have timed out',
  },
  'transaction.max.timeout.ms': {
    type: 'INT',
    default: '900000',
    validator: atLeast(1),
    importance: 'high',
    doc: 'The maximum allowed timeout for transactions. If a client’s requested transaction time exceed this, then the broker will return an error in InitProducerIdRequest.',
  },
  'transaction.partition.verification.enable': {
    type: 'BOOLEAN',
    default: 'true',
    dynamic: 'cluster-wide',
    importance: 'low',
    doc: 'Enable verification that checks that the partition has been added to the transaction before writing transactional records to the partition',
  },
  'transaction.remove.expired.transaction.cleanup.interval.ms': {
    type: 'INT',
    default: '3600000',
    validator: atLeast(1),
    importance: 'low',
    doc: 'The interval at which to remove transactions that have expired due to transactional.id.expiration.ms passing',
  },
  'transaction.state.log.load.buffer.size': {
    type: 'INT',
    default: '5242880',
    validator: atLeast(1),
    importance: 'high',
    effect: 'none',
    doc: 'Batch size for reading from the transaction log segments when loading producer ids and transactions into the cache (soft-limit, overridden if records are too large).',
  },
  'transaction.state.log.min.isr': {
    type: 'INT',
    default: '2',
    validator: atLeast(1),
    importance: 'high',
    effect: 'none',
    doc: 'The minimum number of replicas that must acknowledge a write to transaction topic in order to be considered successful.',
  },
  'transaction.state.log.num.partitions': {
    type: 'INT',
    default: '50',
    validator: atLeast(1),
    importance: 'high',
    doc: 'The number of partitions for the transaction topic (should not change after deployment).',
  },
  'transaction.state.log.replication.factor': {
    type: 'SHORT',
    default: '3',
    validator: atLeast(1),
    importance: 'high',
    effect: 'none',
    doc: 'The replication factor for the transaction topic (set higher to ensure availability). Internal topic creation will fail until the cluster size meets this replication factor requirement.',
  },
  'transaction.state.log.segment.bytes': {
    type: 'INT',
    default: '104857600',
    validator: atLeast(1),
    importance: 'high',
    doc: 'The transaction topic segment bytes should be kept relatively small in order to facilitate faster log compaction and cache loads',
  },
  'transaction.two.phase.commit.enable': {
    type: 'BOOLEAN',
    default: 'false',
    importance: 'low',
    effect: 'none',
    doc: 'Allow participation in Two-Phase Commit (2PC) transactions with an external transaction coordinator',
  },
  'transactional.id.expiration.ms': {
    type: 'INT',
    default: '604800000',
    validator: atLeast(1),
    importance: 'high',
    doc: 'The time in ms that the transaction coordinator will wait without receiving any transaction status updates for the current transaction before expiring its transactional id. Transactional IDs will not expire while a the transaction is still ongoing.',
  },
});
