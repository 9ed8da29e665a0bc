import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ArrivalEstimate } from './arrival-estimate.ts';

function log() {
  return {
    sizeInBytes: 1_000,
    logStartOffset: 0,
    logEndOffset: 10,
    highWatermark: 10,
    lastStableOffset: 10,
    offlineReason: null as string | null,
  };
}

test('growth of all logs together decides whether to look again', () => {
  const logs = [log(), log()];
  const estimate = new ArrivalEstimate(logs, 500);
  estimate.lookedInVain(100);
  assert.equal(estimate.mayBeEnough(), false);
  logs[0]!.sizeInBytes += 200;
  assert.equal(estimate.mayBeEnough(), false);
  logs[1]!.sizeInBytes += 200;
  assert.equal(estimate.mayBeEnough(), true);
});

test('bytes that were there but not readable, and a moved log start, make it look', () => {
  const waiting = { ...log(), highWatermark: 8 };
  const first = new ArrivalEstimate([waiting], 500);
  first.lookedInVain(0);
  assert.equal(first.mayBeEnough(), true);

  const cut = log();
  const second = new ArrivalEstimate([cut], 500);
  second.lookedInVain(0);
  cut.logStartOffset = 5;
  cut.sizeInBytes -= 500;
  assert.equal(second.mayBeEnough(), true);
});

test('a log that went offline makes it look', () => {
  const gone = log();
  const estimate = new ArrivalEstimate([gone], 500);
  estimate.lookedInVain(0);
  gone.offlineReason = 'orders-0 was deleted.';
  assert.equal(estimate.mayBeEnough(), true);
});
