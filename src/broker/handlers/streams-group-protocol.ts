// Whether this cluster has streams groups (KIP-1071): the feature streams.version says so, and the list of protocols must
// not leave them out. Where it has not, both APIs are advertised all the same, and refused, as in Apache Kafka.

import { KafkaError } from '../../protocol/errors.ts';
import { STREAMS_VERSION } from '../metadata/features.ts';
import type { RequestContext } from './handler.ts';

export function requireStreamsGroups({ node }: Pick<RequestContext, 'node'>): void {
  const isEnabled =
    node.settings.get('group.coordinator.rebalance.protocols').includes('streams') &&
    (node.metadata.image.features.get(STREAMS_VERSION) ?? 0) > 0;
  if (!isEnabled) throw new KafkaError('UNSUPPORTED_VERSION');
}
