// The entry of the gateway's thread. Its options come as workerData; it starts the servers, says where they listen (or
// why they do not), and stops when told. Everything it says goes to its parent as messages (options.ts); it writes to no
// console.

import { parentPort, workerData } from 'node:worker_threads';
import { ListenError } from './listen.ts';
import type { GatewayMessage, GatewayOptions, StopMessage } from './options.ts';
import { startGateway } from './server.ts';

if (parentPort === null) throw new Error('worker.ts is started as a thread (thread.ts), not by itself');
const parent = parentPort;
const say = (message: GatewayMessage) => parent.postMessage(message);

const starting = startGateway(workerData as GatewayOptions, (level, message) =>
  say({ type: 'log', level, message }),
);

parent.on('message', async (message: StopMessage) => {
  if (message.type !== 'stop') return;
  try {
    await (await starting).close();
  } finally {
    say({ type: 'stopped' });
    parent.close();
  }
});

starting.then(
  gateway => say({ type: 'listening', console: gateway.console, api: gateway.api }),
  error => {
    const known = error instanceof ListenError ? error : null;
    say({ type: 'failed', message: error.message, code: known?.code ?? null, port: known?.port ?? null });
    parent.close();
  },
);
