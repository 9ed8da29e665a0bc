// The keys of client metrics subscriptions of Apache Kafka 4.3.1 (KIP-714, ClientMetricsConfigs).
// Types, defaults, validators and dynamic modes are those of its ConfigDef; `doc` is condensed from its documentation
// (Apache License 2.0). `effect: 'none'` marks what Millrace accepts and shows, but does not act on.

import { configTable } from '../config-key.ts';
import { listOf } from '../config-value.ts';

export const clientMetricsKeys = configTable({
  'interval.ms': {
    type: 'INT',
    default: '300000',
    importance: 'medium',
    effect: 'none',
    doc: 'Metrics push interval in milliseconds',
  },
  match: {
    type: 'LIST',
    default: '',
    validator: listOf(),
    importance: 'medium',
    effect: 'none',
    doc: 'Client match criteria',
  },
  metrics: {
    type: 'LIST',
    default: '',
    validator: listOf(),
    importance: 'medium',
    effect: 'none',
    doc: 'Telemetry metric name prefix list',
  },
});
