// The keys of the broker of Apache Kafka 4.3.1: metrics and telemetry.
// Types, defaults, validators and dynamic modes are those of its ConfigDef; `doc` is condensed from its documentation
// (Apache License 2.0). `effect: 'none'` marks what Millrace accepts and shows, but does not act on.

import { configTable } from '../config-key.ts';
import { atLeast, listOf } from '../config-value.ts';

export const metricsKeys = configTable({
  'kafka.metrics.polling.interval.secs': {
    type: 'INT',
    default: '10',
    validator: atLeast(1),
    importance: 'low',
    effect: 'none',
    doc: 'The metrics polling interval (in seconds) which can be used in kafka.metrics.reporters implementations.',
  },
  'kafka.metrics.reporters': {
    type: 'LIST',
    default: '',
    validator: listOf(),
    importance: 'low',
    effect: 'none',
    doc: 'A list of classes to use as Yammer metrics custom reporters. The reporters should implement kafka.metrics.KafkaMetricsReporter trait.',
  },
  'metric.reporters': {
    type: 'LIST',
    default: 'org.apache.kafka.common.metrics.JmxReporter',
    validator: listOf(),
    dynamic: 'cluster-wide',
    importance: 'low',
    effect: 'none',
    doc: 'A list of classes to use as metrics reporters. Implementing the org.apache.kafka.common.metrics.MetricsReporter interface allows plugging in classes that will be notified of new metric creation.',
  },
  'metrics.num.samples': {
    type: 'INT',
    default: '2',
    validator: atLeast(1),
    importance: 'low',
    effect: 'none',
    doc: 'The number of samples maintained to compute metrics.',
  },
  'metrics.recording.level': {
    type: 'STRING',
    default: 'INFO',
    importance: 'low',
    effect: 'none',
    doc: 'The highest recording level for metrics. It has three levels for recording metrics - info, debug, and trace. INFO level records only essential metrics necessary for monitoring system performance and health.',
  },
  'metrics.sample.window.ms': {
    type: 'LONG',
    default: '30000',
    validator: atLeast(1),
    importance: 'low',
    effect: 'none',
    doc: 'The window of time a metrics sample is computed over.',
  },
  'telemetry.max.bytes': {
    type: 'INT',
    default: '1048576',
    validator: atLeast(1),
    importance: 'low',
    doc: 'The maximum size (after compression if compression is used) of telemetry metrics pushed from a client to the broker. The default value is 1048576 (1 MB).',
  },
});
