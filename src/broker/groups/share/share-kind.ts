// Share groups (KIP-932) as a kind of group: what a shard's state needs to hold them.

import type { GroupKind } from '../group-kinds.ts';
import { ShareGroup } from './share-group.ts';
import { replayShareRecord, type ShareGroupRecord, shareGroupTombstones } from './share-records.ts';

export const shareKind: GroupKind<ShareGroup, ShareGroupRecord> = {
  name: 'share',
  recordOfGroup: 'ShareGroupMetadata',
  create: groupId => new ShareGroup(groupId),
  replay: replayShareRecord,
  tombstones: shareGroupTombstones,
};
