// What the steps of share groups and of streams groups ask in the same words: heartbeats, which groups there are, and the
// settings of one. Groups that other steps left on the cluster are not told.

import { IncrementalAlterConfigs } from '../../../src/protocol/messages/apis/incremental-alter-configs.ts';
import { ListGroups } from '../../../src/protocol/messages/apis/list-groups.ts';
import type { RequestDraft, ResponseOf } from '../../../src/protocol/schema/field.ts';
import { settled } from '../settled.ts';
import { ask, type FrameStep, inAnyOrder, type Peer } from './frame-step.ts';
import { until, untilThere } from './until.ts';

export type GroupsDraft = RequestDraft<typeof ListGroups>;

interface Heartbeat<Draft, Answer> {
  /** Of the request. */
  readonly name: string;
  readonly once: (peer: Peer, more: Partial<Draft>) => Promise<Answer>;
  /** What is compared of an answer. */
  readonly told: (answer: Answer) => unknown;
}

export function heartbeatSteps<Draft, Answer extends { readonly errorCode: number }>({
  name: request,
  once,
  told,
}: Heartbeat<Draft, Answer>) {
  return {
    beat: (name: string, more: Partial<Draft>): FrameStep => ({
      name: `${request}: ${name}`,
      ask: async peer => {
        const beats = () => once(peer, more);
        return told(await untilThere(beats, ({ errorCode }) => [errorCode]));
      },
    }),
    /** Or until it is refused. */
    beatUntil: (name: string, more: Partial<Draft>, isDone: (answer: Answer) => boolean): FrameStep => ({
      name: `${request}: ${name}`,
      ask: async peer => {
        const beats = () => once(peer, more);
        return told(await until(beats, answer => answer.errorCode !== 0 || isDone(answer)));
      },
    }),
  };
}

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
