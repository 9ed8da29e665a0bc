// The shortest conversation there is: connect, ask ApiVersions version 0, read one frame. The bytes are written by
// hand, so that nothing of the product is measured on this side.

import { createConnection } from 'node:net';

/** length 10, api key 18, version 0, correlation id 1, client id null */
const REQUEST = Buffer.from('0000000a' + '0012' + '0000' + '00000001' + 'ffff', 'hex');

/** Resolves true once an answer to ApiVersions has arrived, false when nobody answers. */
export function answersApiVersions(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const socket = createConnection({ host: '127.0.0.1', port });
    const end = (answered: boolean) => {
      socket.destroy();
      resolve(answered);
    };
    socket.on('connect', () => socket.write(REQUEST));
    socket.on('data', () => end(true));
    socket.on('error', () => end(false));
    socket.on('close', () => end(false));
  });
}

export function pause(ms: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, ms));
}

export async function until(
  condition: () => Promise<boolean>,
  options: { everyMs: number; timeoutMs: number },
): Promise<number> {
  const startMs = performance.now();
  while (performance.now() - startMs < options.timeoutMs) {
    if (await condition()) return performance.now() - startMs;
    await pause(options.everyMs);
  }
  throw new Error(`nothing answered within ${options.timeoutMs} ms`);
}
