// What the steps of share groups and of streams groups ask in the same words: which groups there are, and the settings of
// one. Groups that other steps left on the cluster are not told.

import { IncrementalAlterConfigs } from '../../../src/protocol/messages/apis/incremental-alter-configs.ts';
import { ListGroups } from '../../../src/protocol/messages/apis/list-groups.ts';
import type { RequestDraft, ResponseOf } from '../../../src/protocol/schema/field.ts';
import { settled } from '../settled.ts';
import { ask, type FrameStep, inAnyOrder } from './frame-step.ts';

export type GroupsDraft = RequestDraft<typeof ListGroups>;

/** Of those whose names begin so. */
export function listGroups(name: string, prefix: string, body: GroupsDraft): FrameStep {
  return inAnyOrder({
    name: `ListGroups: ${name}`,
    ask: async peer => {
      const answer = (await ask(peer, { api: ListGroups, version: 5, body })) as ResponseOf<
        typeof ListGroups
      >;
      return answer.groups.filter(({ groupId }) => groupId.startsWith(prefix));
    },
  });
}

/** Null: the setting is taken back. */
export const setConfig = (groupId: string, name: string, value: string | null): FrameStep => ({
  name: `${groupId}: ${name} = ${value}`,
  ask: async peer => {
    const configs = [{ name, configOperation: value === null ? 1 : 0, value }];
    const body = { resources: [{ resourceType: 32, resourceName: groupId, configs }], validateOnly: false };
    const answer = await ask(peer, { api: IncrementalAlterConfigs, version: 1, body });
    await settled(peer.port);
    return answer;
  },
});
