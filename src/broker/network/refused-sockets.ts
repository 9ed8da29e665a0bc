// Connections that came too fast: they are not served and not read, and closed only after a while. Closed at once, the
// client would be back at once (KIP-612, the acceptor's DelayedCloseSocket). Only so many are kept: each costs a file
// descriptor.

import type { Socket } from 'node:net';
import type { Timer, Timers } from '../runtime/clock.ts';

const KEPT_MAX = 1_000;

export class RefusedSockets {
  readonly #timers: Timers;
  readonly #kept = new Map<Socket, Timer>();

  constructor(timers: Timers) {
    this.#timers = timers;
  }

  keep(socket: Socket, durationMs: number): void {
    if (this.#kept.size >= KEPT_MAX) {
      socket.destroy();
      return;
    }
    // Whatever happens to it is no concern of ours, but an error without a listener would end the process.
    socket.on('error', () => {});
    socket.on('close', () => this.#forget(socket));
    this.#kept.set(
      socket,
      this.#timers.schedule(durationMs, () => socket.destroy()),
    );
  }

  close(): void {
    for (const socket of [...this.#kept.keys()]) {
      this.#forget(socket);
      socket.destroy();
    }
  }

  #forget(socket: Socket): void {
    this.#kept.get(socket)?.cancel();
    this.#kept.delete(socket);
  }
}
