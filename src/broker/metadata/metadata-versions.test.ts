// A new directory at every level it can begin with, beside what Apache Kafka 4.3.1 made of the same command
// (golden/metadata-versions.json: formatted with --release-version, started, one topic, stopped).

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { createTopic } from '../../../test/support/raw-client.ts';
import { decodeResponse } from '../../../test/support/raw-connection.ts';
import { openTestBroker } from '../../../test/support/test-broker.ts';
import { ApiVersions } from '../../protocol/messages/apis/api-versions.ts';
import { readWholeFile } from '../../storage/fs/whole-file.ts';
import { replayBatches } from '../runtime/log-replay.ts';
import { type MetadataRecord, metadataRecordCodec } from './metadata-record.ts';
import { metadataVersionOfText, nameOfMetadataVersion } from './metadata-versions.ts';

interface Recorded {
  readonly metadataVersion: number;
  readonly release: string;
  readonly bootstrapCheckpoint: string;
  readonly apiVersions3: string;
  readonly apiVersions4: string;
  readonly records: readonly string[];
}

const recorded = JSON.parse(
  readFileSync(new URL('../../../test/golden/metadata-versions.json', import.meta.url), 'utf8'),
) as readonly Recorded[];

/** Written every half second where nothing happens. */
const NOT_WRITTEN = new Set(['NoOpRecord']);

function recordsIn(bytes: Buffer): MetadataRecord[] {
  const records: MetadataRecord[] = [];
  const state = { replay: (record: MetadataRecord) => void records.push(record) };
  replayBatches(bytes, { codec: metadataRecordCodec, state, fromOffset: 0 });
  return records;
}

const byName = (a: { readonly name: string }, b: { readonly name: string }) => (a.name < b.name ? -1 : 1);

describe('metadata.version of a new directory', () => {
  for (const golden of recorded) {
    it(`${golden.metadataVersion} (${golden.release}): records and ApiVersions as Apache Kafka's`, async context => {
      const { metadataVersion } = golden;
      const test = await openTestBroker(context, { metadataVersion });
      const connection = await test.connect();
      for (const version of [3, 4] as const) {
        const software = { clientSoftwareName: 'raw', clientSoftwareVersion: '1.0' };
        const ours = await connection.request(ApiVersions, version, software);
        const bytes = Buffer.from(version === 3 ? golden.apiVersions3 : golden.apiVersions4, 'hex');
        const theirs = decodeResponse(ApiVersions, version, { correlationId: 0, bytes });
        assert.deepEqual(ours.apiKeys, theirs.apiKeys);
        assert.deepEqual(ours.supportedFeatures.toSorted(byName), theirs.supportedFeatures.toSorted(byName));
        assert.deepEqual(ours.finalizedFeatures.toSorted(byName), theirs.finalizedFeatures.toSorted(byName));
      }
      await createTopic(connection, { name: 'levels' });
      const checkpoint = readWholeFile(test.fileSystem, '/data/bootstrap.checkpoint')!;
      assert.deepEqual(recordsIn(checkpoint), recordsIn(Buffer.from(golden.bootstrapCheckpoint, 'hex')));
      await test.broker.stop();
      const log = readWholeFile(test.fileSystem, '/data/__cluster_metadata-0/00000000000000000000.log')!;
      const written = recordsIn(log).map(({ type, version }) => `${type} v${version}`);
      const kept = (text: string) => !NOT_WRITTEN.has(text.split(' ')[0]!);
      assert.deepEqual(written.filter(kept), golden.records.filter(kept));
    });
  }

  it('is named as Apache Kafka names it', () => {
    for (const { metadataVersion, release } of recorded) {
      assert.equal(metadataVersionOfText(String(metadataVersion)), metadataVersion);
      assert.equal(metadataVersionOfText(release), metadataVersion);
      assert.equal(nameOfMetadataVersion(metadataVersion), release);
    }
    assert.equal(metadataVersionOfText('4.1'), 27);
    assert.equal(metadataVersionOfText('4.3.1'), 30);
    assert.equal(metadataVersionOfText('4.0'), 25);
    for (const unknown of ['', '4', '24', '31', '3.9', '4.3-IV9', '4.', 'x']) {
      assert.match(String(metadataVersionOfText(unknown)), /is no metadata\.version/, unknown);
    }
  });
});
