import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { KafkaError } from '../protocol/errors.ts';
import { ListOffsets } from '../protocol/messages/apis/list-offsets.ts';
import { commonVersion, versionTableOf } from './versions.ts';

const serving = (minVersion: number, maxVersion: number) =>
  versionTableOf([{ apiKey: ListOffsets.key, minVersion, maxVersion }]);

describe('the version of an API', () => {
  it('is the highest that both know', () => {
    assert.equal(commonVersion(ListOffsets, serving(0, 5)), 5);
    assert.equal(commonVersion(ListOffsets, serving(0, 99)), ListOffsets.latestStableVersion);
  });

  it('is an error that names both ranges when there is none', () => {
    const isUnsupported = (error: unknown) =>
      error instanceof KafkaError &&
      error.errorName === 'UNSUPPORTED_VERSION' &&
      /0 to 0/.test(error.message);
    assert.throws(() => commonVersion(ListOffsets, serving(0, 0)), isUnsupported);
    assert.throws(() => commonVersion(ListOffsets, serving(50, 60)), KafkaError);
    assert.throws(() => commonVersion(ListOffsets, versionTableOf([])), /does not serve ListOffsets/);
  });
});
