// Every input of test/golden/batches that a real node answered is answered likewise: error code, texts, stored bytes.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type GoldenBatchCase, loadGoldenBatches } from '../../../test/support/golden-batches.ts';
import { errorOf } from '../errors.ts';
import * as header from './batch-header.ts';
import { readRecords } from './read-records.ts';
import { type ProduceRules, validateProducedRecords } from './validate.ts';

const cases = loadGoldenBatches();
const HOUR_MS = 3_600_000;

/** The node's time when it answered, as far as its answer shows it. */
function nowMsOf({ produce }: GoldenBatchCase): number {
  const upper = /, (\d+)\]$/.exec(produce!.recordErrors[0]?.batchIndexErrorMessage ?? '')?.[1];
  if (upper !== undefined) return Number(upper) - HOUR_MS;
  return produce!.logAppendTimeMs === -1 ? 1_795_522_552_675 : produce!.logAppendTimeMs;
}

function rulesOf(golden: GoldenBatchCase): ProduceRules {
  const produce = golden.produce!;
  const config = new Map(
    (produce.topicConfig ?? '').split(',').map(pair => pair.split('=') as [string, string]),
  );
  return {
    apiVersion: produce.apiVersion,
    maxMessageBytes: Number(config.get('max.message.bytes') ?? 1_048_588),
    compacted: config.get('cleanup.policy') === 'compact',
    timestampType: (config.get('message.timestamp.type') ?? 'CreateTime') as 'CreateTime',
    timestampBeforeMaxMs: Number(2n ** 63n - 1n),
    timestampAfterMaxMs: HOUR_MS,
    nowMs: nowMsOf(golden),
    compressionType: (config.get('compression.type') ?? 'producer') as 'producer',
    topicPartition: `golden-${golden.name}-0`,
    transactionalIdPresent: false,
  };
}

/** What the log does to an accepted batch. */
function stored(batch: Buffer): Buffer {
  header.setBaseOffset(batch, 0, 0);
  header.setPartitionLeaderEpoch(batch, 0, 0);
  return batch;
}

function expectedBytes(golden: GoldenBatchCase): Buffer {
  if (golden.produce!.storedHex !== undefined) return Buffer.from(golden.produce!.storedHex, 'hex');
  return stored(Buffer.from(golden.bytes));
}

describe('produced records', () => {
  for (const golden of cases.filter(({ produce }) => produce !== undefined)) {
    const { produce, name, note } = golden;
    it(`${name}: ${produce!.error} (${note})`, () => {
      const outcome = validateProducedRecords(Buffer.from(golden.bytes), rulesOf(golden));
      const answer = outcome.ok
        ? { error: 'NONE', errorMessage: null, recordErrors: [], atStart: true }
        : {
            error: outcome.error,
            errorMessage: outcome.message,
            recordErrors: outcome.recordErrors.map(({ index, message }) => ({
              batchIndex: index,
              batchIndexErrorMessage: message,
            })),
            atStart: outcome.isAppendStage,
          };
      assert.deepEqual(answer, {
        error: produce!.error,
        errorMessage: produce!.errorMessage,
        recordErrors: produce!.recordErrors,
        atStart: produce!.logStartOffset !== -1,
      });
      assert.equal(errorOf(produce!.errorCode).name, answer.error);
      if (!outcome.ok) return;
      assert.equal(outcome.logAppendTimeMs, produce!.logAppendTimeMs);
      const expected = expectedBytes(golden);
      const actual = stored(outcome.batch);
      // Two gzip libraries write different bytes for the same records.
      if (produce!.topicConfig === 'compression.type=gzip') {
        assert.deepEqual(readRecords(actual), readRecords(expected));
        assert.ok(header.verifyCrc(actual, 0));
        const withoutSizeAndCrc = (batch: Buffer) => batch.toString('hex', 21, header.BATCH_OVERHEAD);
        assert.equal(withoutSizeAndCrc(actual), withoutSizeAndCrc(expected));
      } else assert.equal(actual.toString('hex'), expected.toString('hex'));
    });
  }
});
