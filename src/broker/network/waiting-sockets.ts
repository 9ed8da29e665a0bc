// Accepted sockets that no connection may be made of yet, in the order they came, per listener: until a limit has room, or
// a rate is right again. Apache Kafka's acceptor stops accepting then, and they wait in the kernel; Node cannot stop, so they
// wait here, unread. To the client it is the same: it is connected, and nobody answers. The first of a listener holds
// back those behind it, but not other listeners'.

import type { Socket } from 'node:net';
import type { Clock, Timer, Timers } from '../runtime/clock.ts';
import type { ConnectionLimits } from './connection-limits.ts';
import type { RefusedSockets } from './refused-sockets.ts';

/** Each costs a file descriptor; as many as the kernel would keep for us (listener.ts). One more is closed. */
const WAITING_MAX = 511;

interface WaitingSocket {
  readonly socket: Socket;
  readonly address: string;
  /** Before it no connection is made of it; null until it is the first. */
  notBeforeMs: number | null;
}

interface Queue {
  readonly listenerName: string;
  readonly sockets: WaitingSocket[];
  timer: Timer | null;
}

export interface WaitingSocketsOptions {
  readonly limits: ConnectionLimits;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly refused: RefusedSockets;
  /** How long an address that comes too often is kept before it is closed; 0 to serve it. */
  readonly refusedForMs: (address: string) => number;
  /** The place is taken; it is the receiver's to give back. */
  readonly admit: (socket: Socket, listenerName: string, address: string) => void;
}

export class WaitingSockets {
  readonly #options: WaitingSocketsOptions;
  readonly #queues = new Map<string, Queue>();

  constructor(options: WaitingSocketsOptions) {
    this.#options = options;
  }

  add(socket: Socket, listenerName: string): void {
    const queue = this.#queueOf(listenerName);
    if (queue.sockets.length >= WAITING_MAX) {
      socket.destroy();
      return;
    }
    socket.on('error', ignore);
    queue.sockets.push({ socket, address: socket.remoteAddress ?? '', notBeforeMs: null });
    this.#advance(queue);
  }

  /** A place is free, or a limit changed. */
  advance(): void {
    for (const queue of this.#queues.values()) this.#advance(queue);
  }

  close(): void {
    for (const queue of this.#queues.values()) {
      queue.timer?.cancel();
      queue.timer = null;
      for (const { socket } of queue.sockets.splice(0)) socket.destroy();
    }
  }

  #advance(queue: Queue): void {
    const { limits, clock, timers } = this.#options;
    for (let first = queue.sockets[0]; first !== undefined; first = queue.sockets[0]) {
      const nowMs = clock.nowMs();
      first.notBeforeMs ??= nowMs + limits.throttleMs(queue.listenerName, nowMs);
      const leftMs = first.notBeforeMs - nowMs;
      if (leftMs > 0) {
        queue.timer ??= timers.schedule(leftMs, () => {
          queue.timer = null;
          this.#advance(queue);
        });
        return;
      }
      if (!limits.hasRoom(queue.listenerName)) return;
      queue.sockets.shift();
      this.#serve(first, queue.listenerName, nowMs);
    }
  }

  #serve({ socket, address }: WaitingSocket, listenerName: string, nowMs: number): void {
    const { limits, refused, refusedForMs, admit } = this.#options;
    // It may have gone while it waited.
    if (socket.destroyed) return;
    const keptMs = refusedForMs(address);
    if (keptMs > 0) {
      limits.unrecord(listenerName, nowMs);
      refused.keep(socket, keptMs);
    } else if (limits.take(listenerName, address)) {
      socket.removeListener('error', ignore);
      admit(socket, listenerName, address);
    } else {
      socket.destroy();
    }
  }

  #queueOf(listenerName: string): Queue {
    let queue = this.#queues.get(listenerName);
    if (queue === undefined) {
      queue = { listenerName, sockets: [], timer: null };
      this.#queues.set(listenerName, queue);
    }
    return queue;
  }
}

/** What happens to it while it waits is no concern of ours, but an error without a listener would end the process. */
function ignore(): void {}
