// Whether this cluster has consumer groups (KIP-848) and streams groups (KIP-1071): a feature says so, and the list of
// protocols must not leave them out. Where it has not, their APIs are advertised all the same, and refused, as in Apache
// Kafka (KafkaApis.isConsumerGroupProtocolEnabled, isStreamsGroupProtocolEnabled).

import { KafkaError } from '../../protocol/errors.ts';
import { GROUP_VERSION, STREAMS_VERSION } from '../metadata/features.ts';
import type { RequestContext } from './handler.ts';

const FEATURES = { consumer: GROUP_VERSION, streams: STREAMS_VERSION } as const;

export function requireGroupProtocol(
  { node }: Pick<RequestContext, 'node'>,
  protocol: keyof typeof FEATURES,
): void {
  const isEnabled =
    node.settings.get('group.coordinator.rebalance.protocols').includes(protocol) &&
    (node.metadata.image.features.get(FEATURES[protocol]) ?? 0) > 0;
  if (!isEnabled) throw new KafkaError('UNSUPPORTED_VERSION');
}
