// Writes and commits without a pause until the broker is gone: what was acknowledged up to then must be there after.

import { KafkaError } from '../../../src/protocol/errors.ts';
import { clientOf } from './asking.ts';
import { commit } from './fill-groups.ts';
import { plainRecord } from './fill-topics.ts';
import type { World } from './world.ts';
import { write } from './writing.ts';

export interface BusyWriter {
  /** Resolves once this many batches more are acknowledged. */
  acknowledged(count: number): Promise<void>;
  /** Resolves when the broker no longer answers. */
  readonly ended: Promise<void>;
}

export function startBusyWriter(bootstrapServers: string, world: World): BusyWriter {
  const client = clientOf(bootstrapServers);
  const { topic, group } = world.busy;
  let count = 0;
  const waiting: { readonly count: number; readonly resolve: () => void }[] = [];
  const run = async (): Promise<void> => {
    for (;;) {
      const value = Buffer.from(`busy ${world.round} ${count}`);
      const { baseOffset } = await write(client, world, { topic, records: [plainRecord(world, value)] });
      if (count % 5 === 0) {
        await commit(client, { group, topic, offset: baseOffset + 1, metadata: '' });
        world.busy.committed = baseOffset + 1;
      }
      count += 1;
      for (const each of waiting.splice(0)) {
        if (each.count <= count) each.resolve();
        else waiting.push(each);
      }
    }
  };
  const ended = run().catch(error => {
    client.close();
    if (error instanceof KafkaError) throw error;
  });
  return {
    acknowledged: more =>
      Promise.race([new Promise<void>(resolve => waiting.push({ count: count + more, resolve })), ended]),
    ended,
  };
}
