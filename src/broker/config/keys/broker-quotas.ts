// The keys of the broker of Apache Kafka 4.3.1: quotas and throttles.
// Types, defaults, validators and dynamic modes are those of its ConfigDef; `doc` is condensed from its documentation
// (Apache License 2.0). `effect: 'none'` marks what Millrace accepts and shows, but does not act on.

import { configTable } from '../config-key.ts';
import { atLeast } from '../config-value.ts';

export const quotasKeys = configTable({
  'alter.log.dirs.replication.quota.window.num': {
    type: 'INT',
    default: '11',
    validator: atLeast(1),
    importance: 'low',
    effect: 'none',
    doc: 'The number of samples to retain in memory for alter log dirs replication quotas',
  },
  'alter.log.dirs.replication.quota.window.size.seconds': {
    type: 'INT',
    default: '1',
    validator: atLeast(1),
    importance: 'low',
    effect: 'none',
    doc: 'The time span of each sample for alter log dirs replication quotas',
  },
  'client.quota.callback.class': {
    type: 'CLASS',
    default: null,
    importance: 'low',
    effect: 'none',
    doc: 'The fully qualified name of a class that implements the ClientQuotaCallback interface, which is used to determine quota limits applied to client requests. By default, the <user> and <client-id> quotas that are stored and applied.',
  },
  'controller.quota.window.num': {
    type: 'INT',
    default: '11',
    validator: atLeast(1),
    importance: 'low',
    doc: 'The number of samples to retain in memory for controller mutation quotas',
  },
  'controller.quota.window.size.seconds': {
    type: 'INT',
    default: '1',
    validator: atLeast(1),
    importance: 'low',
    doc: 'The time span of each sample for controller mutations quotas',
  },
  'quota.window.num': {
    type: 'INT',
    default: '11',
    validator: atLeast(1),
    importance: 'low',
    doc: 'The number of samples to retain in memory for client quotas',
  },
  'quota.window.size.seconds': {
    type: 'INT',
    default: '1',
    validator: atLeast(1),
    importance: 'low',
    doc: 'The time span of each sample for client quotas',
  },
  'replication.quota.window.num': {
    type: 'INT',
    default: '11',
    validator: atLeast(1),
    importance: 'low',
    effect: 'none',
    doc: 'The number of samples to retain in memory for replication quotas',
  },
  'replication.quota.window.size.seconds': {
    type: 'INT',
    default: '1',
    validator: atLeast(1),
    importance: 'low',
    effect: 'none',
    doc: 'The time span of each sample for replication quotas',
  },
});
