// The keys of groups, as Apache Kafka 4.3.1 declares them (GroupConfig).

import { configTable } from '../config-key.ts';
import { atLeast } from '../config-value.ts';

export const groupKeys = configTable({
  'consumer.heartbeat.interval.ms': {
    type: 'INT',
    default: '5000',
    validator: atLeast(1),
    effect: 'none',
    doc: '',
  },
  'consumer.session.timeout.ms': {
    type: 'INT',
    default: '45000',
    validator: atLeast(1),
    effect: 'none',
    doc: '',
  },
  'share.auto.offset.reset': { type: 'STRING', default: 'latest', effect: 'none', doc: '' },
});
