// npm run test:conformance: the same raw frames are sent to Apache Kafka 4.3.1 and to Millrace, and both must answer the
// same, field for field: versions, limits and errors that no client library would ask for. A step in which Millrace
// differs on purpose says why and is skipped.

import { after, before, describe } from 'node:test';
import { type Both, startBoth } from './both.ts';
import { accessSteps } from './frames/access-steps.ts';
import { featureSteps } from './frames/feature-steps.ts';
import { fetchSteps } from './frames/fetch-steps.ts';
import { onceSettled, type Peer, peerAt } from './frames/frame-step.ts';
import { hostileSteps } from './frames/hostile-steps.ts';
import { layoutSteps } from './frames/layout-steps.ts';
import { logSettingSteps } from './frames/log-setting-steps.ts';
import { offsetDeleteSteps } from './frames/offset-delete-steps.ts';
import { offsetSteps } from './frames/offset-steps.ts';
import { produceSteps } from './frames/produce-steps.ts';
import { quotaSteps } from './frames/quota-steps.ts';
import { scramSteps } from './frames/scram-steps.ts';
import { settingSteps } from './frames/setting-steps.ts';
import { shareStateSteps } from './frames/share-state-steps.ts';
import { telemetrySteps } from './frames/telemetry-steps.ts';
import { timeoutSteps } from './frames/timeout-steps.ts';
import { transactionRequests } from './frames/transaction-requests.ts';
import { missingJavaToolchain } from './reference.ts';
import { testSteps } from './same.ts';

const noReference = missingJavaToolchain();
const steps = [
  ...produceSteps,
  ...fetchSteps,
  ...offsetSteps,
  ...hostileSteps,
  ...transactionRequests,
  ...shareStateSteps,
  ...timeoutSteps,
  ...logSettingSteps,
  // What changes metadata and looks at them again.
  ...[
    ...accessSteps,
    ...scramSteps,
    ...layoutSteps,
    ...offsetDeleteSteps,
    ...settingSteps,
    ...telemetrySteps,
    ...quotaSteps,
    ...featureSteps,
  ].map(onceSettled),
];

describe('raw frames, beside Apache Kafka 4.3.1', { skip: noReference ?? false }, () => {
  let both: Both;
  let there: Peer;
  let here: Peer;

  before(async () => {
    both = await startBoth();
    there = peerAt(both.theirs);
    here = peerAt(both.ours);
  });
  after(() => both?.stop());

  testSteps(steps, () => ({ there, here }));
});
