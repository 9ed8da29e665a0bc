// The thread of LargeBatches: a batch comes as a message, what the validation says of it goes back. It knows no broker,
// holds no state, and what it throws ends it: its parent then answers for the batch and starts another.

import { parentPort } from 'node:worker_threads';
import { validateProducedRecords } from '../../protocol/records/validate.ts';
import type { LargeBatch } from './large-batches.ts';

if (parentPort === null) throw new Error('large-batches-thread.ts is started as a thread, not by itself');
const parent = parentPort;

parent.on('message', ({ records, rules }: LargeBatch) => {
  parent.postMessage(validateProducedRecords(Buffer.from(records.buffer), rules));
});
