// What stands between an accepted socket and its first request on a listener that is not PLAINTEXT: TLS, a login, or both.
// Types only, so that a broker with PLAINTEXT listeners loads nothing of security/.

import type { Socket } from 'node:net';
import type { Authentication } from '../handlers/handler.ts';
import type { Dispatcher } from './dispatch.ts';
import type { FrameDispatcher } from './exchange.ts';

/** The connection, as far as its login needs it. */
export interface GuardedPeer {
  authenticated(principal: string, frameBytesMax: number, isByToken: boolean): void;
  end(reason: string): void;
  report(message: string): void;
}

export interface OpenLogin {
  readonly authentication: Authentication;
  readonly dispatcher: FrameDispatcher;
  /** The largest frame before the login is done. */
  readonly frameBytesMax: number;
  attach(peer: GuardedPeer): void;
  /** The connection is gone. */
  closed(): void;
}

export interface ListenerGuard {
  /** Ends in one call: with a socket to read from and whom its certificate names, or with null, and the socket is gone. */
  readonly secure:
    | ((
        socket: Socket,
        ready: (secured: { readonly socket: Socket; readonly principal: string } | null) => void,
      ) => void)
    | null;
  readonly openLogin: ((dispatcher: Dispatcher) => OpenLogin) | null;
}
