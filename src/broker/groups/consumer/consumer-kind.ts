// Consumer groups (KIP-848) as a kind of group: what a shard's state needs to hold them.

import type { GroupKind } from '../group-kinds.ts';
import { ConsumerGroup } from './consumer-group.ts';
import {
  type ConsumerGroupRecord,
  consumerGroupTombstones,
  replayConsumerRecord,
} from './consumer-records.ts';

export const consumerKind: GroupKind<ConsumerGroup, ConsumerGroupRecord> = {
  name: 'consumer',
  recordOfGroup: 'ConsumerGroupMetadata',
  create: groupId => new ConsumerGroup(groupId),
  replay: replayConsumerRecord,
  tombstones: consumerGroupTombstones,
};
