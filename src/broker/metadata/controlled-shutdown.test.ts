// The records by which leaders step down at a clean stop, beside those that Apache Kafka's controller wrote when a broker
// of its own stopped (golden/disk), with eligible leader replicas and without.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type GoldenTree, loadGoldenDisk } from '../../../test/support/golden-disk.ts';
import { DataDirectory } from '../../storage/data-dir/data-directory.ts';
import { LogStore } from '../../storage/log/log-store.ts';
import { ManualTime } from '../runtime/clock.ts';
import { replayLog } from '../runtime/log-replay.ts';
import type { ControlRecord, RecordPosition } from '../runtime/record-codec.ts';
import { enterControlledShutdown, fenceBroker } from './brokers.ts';
import { hasEligibleLeaderReplicas } from './features.ts';
import { type MetadataRecord, metadataRecordCodec } from './metadata-record.ts';
import { MetadataState } from './metadata-state.ts';
import { giveUpLeadership } from './topics.ts';

const NODE_ID = 1;

interface Written {
  readonly record: MetadataRecord;
  readonly position: RecordPosition;
}

/** The state before the broker's last controlled shutdown, and all that followed. */
function lastStop(tree: GoldenTree): { before: MetadataState; stop: readonly MetadataRecord[] } {
  const time = new ManualTime();
  const report = () => {};
  const fileSystem = loadGoldenDisk(tree, { onlyPartition: '__cluster_metadata-0' });
  const directory = DataDirectory.open({ fileSystem, path: '/data', nodeId: NODE_ID });
  const store = LogStore.open({
    fileSystem,
    directory,
    durability: 'always',
    clock: time,
    timers: time,
    report,
  });
  const before = new MetadataState();
  const written: Written[] = [];
  const state = {
    replay: (record: MetadataRecord, position: RecordPosition) => void written.push({ record, position }),
    replayControl: (record: ControlRecord, position: RecordPosition) =>
      before.replayControl(record, position),
  };
  replayLog({
    log: store.metadataLog(),
    codec: metadataRecordCodec,
    state,
    fromOffset: 0,
    isolation: 'log_end',
  });
  const start = written.findLastIndex(
    ({ record }) =>
      record.type === 'BrokerRegistrationChangeRecord' && record.data.inControlledShutdown === 1,
  );
  assert.ok(start > 0, `${tree} was stopped cleanly`);
  for (const { record, position } of written.slice(0, start)) before.replay(record, position);
  const stop = written.slice(start).map(({ record }) => record);
  return { before, stop: stop.filter(({ type }) => type !== 'NoOpRecord') };
}

/** Apache Kafka goes through them in the order of a hash map. */
function sorted(records: readonly MetadataRecord[]): readonly MetadataRecord[] {
  const key = ({ data }: MetadataRecord) =>
    'partitionId' in data ? `${data.topicId}-${data.partitionId}` : '';
  return records.toSorted((one, other) => (key(one) < key(other) ? -1 : 1));
}

describe('a clean stop', () => {
  for (const tree of ['clean-static', 'rich-static', 'rich-standalone'] as const) {
    it(`${tree}: the records Apache Kafka wrote`, () => {
      const { before, stop } = lastStop(tree);
      const broker = before.image.brokers.get(NODE_ID)!;
      const leaders = giveUpLeadership(before.image, NODE_ID);
      assert.ok(leaders.length > 0, 'there is something to give up');
      assert.deepEqual(stop.at(0), enterControlledShutdown(broker));
      assert.deepEqual(sorted(stop.slice(1, -1)), sorted(leaders));
      assert.deepEqual(stop.at(-1), fenceBroker(broker));
    });
  }

  it('is read from directories of both kinds', () => {
    assert.equal(hasEligibleLeaderReplicas(lastStop('clean-static').before.image), false);
    assert.equal(hasEligibleLeaderReplicas(lastStop('rich-standalone').before.image), true);
  });
});
