// The keys of client metrics subscriptions (KIP-714), as Apache Kafka 4.3.1 declares them (ClientMetricsConfigs).

import { configTable } from '../config-key.ts';

export const clientMetricsKeys = configTable({
  'interval.ms': { type: 'INT', default: '300000', effect: 'none', doc: '' },
  match: { type: 'LIST', default: '', effect: 'none', doc: '' },
  metrics: { type: 'LIST', default: '', effect: 'none', doc: '' },
});
