// The entry of the gateway's thread. It is given its options and one MessagePort, starts the servers, says where they
// listen (or why they do not), and stops when told. Everything it says goes through the port; it writes to no console.

import { type MessagePort, workerData } from 'node:worker_threads';
import type { GatewayMessage, GatewayOptions, StopMessage } from './options.ts';
import { ListenError, startGateway } from './server.ts';

export interface GatewayWorkerData {
  readonly options: GatewayOptions;
  readonly port: MessagePort;
}

const { options, port } = workerData as GatewayWorkerData;
const say = (message: GatewayMessage) => port.postMessage(message);

const starting = startGateway(options, (level, message) => say({ type: 'log', level, message }));

port.on('message', async (message: StopMessage) => {
  if (message.type !== 'stop') return;
  try {
    await (await starting).close();
  } finally {
    say({ type: 'stopped' });
    port.close();
  }
});

try {
  const gateway = await starting;
  say({ type: 'listening', console: gateway.console, api: gateway.api });
} catch (error) {
  const { message } = error as Error;
  const known = error instanceof ListenError ? error : null;
  say({ type: 'failed', message, code: known?.code ?? null, port: known?.port ?? null });
  port.close();
}
