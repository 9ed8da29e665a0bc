// Streams groups (KIP-1071) as a kind of group: what a shard's state needs to hold them.

import type { GroupKind } from '../group-kinds.ts';
import { StreamsGroup } from './streams-group.ts';
import { replayStreamsRecord, type StreamsGroupRecord, streamsGroupTombstones } from './streams-records.ts';

export const streamsKind: GroupKind<StreamsGroup, StreamsGroupRecord> = {
  name: 'streams',
  recordOfGroup: 'StreamsGroupMetadata',
  create: groupId => new StreamsGroup(groupId),
  replay: replayStreamsRecord,
  tombstones: streamsGroupTombstones,
};
