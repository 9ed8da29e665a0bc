// A port that is taken is the most frequent reason why a broker does not start, so it is found out before a data directory
// is touched: each port is listened on for a moment. Whether it is still free later, the real listeners find out.

import { ListenError, Listener } from './listener.ts';
import type { ListenerAddress } from './listener-settings.ts';

/** Other failures (no IPv6, say) are judged by the network, which may do without an address. */
const FINAL_CODES: ReadonlySet<string> = new Set(['EADDRINUSE', 'EACCES']);

/** Throws ListenError for a port that cannot be had. */
export async function probeListeners(addresses: readonly ListenerAddress[]): Promise<void> {
  for (const { host, port } of addresses) {
    if (port === 0) continue;
    try {
      const accept = (socket: { destroy(): void }) => socket.destroy();
      const listener = await Listener.open({ host, port, accept, report: () => {} });
      listener.stopAccepting();
    } catch (error) {
      if (error instanceof ListenError && FINAL_CODES.has(error.code)) throw error;
    }
  }
}
