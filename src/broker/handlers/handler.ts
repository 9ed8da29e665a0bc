// What a handler is: one API, the versions served, what an error looks like in its answer, and a function from request
// to answer. Dispatch, ApiVersions, docs and metrics labels derive from these values. A handler knows no socket and no
// other handler; time comes from the node's clock.

import type { Api, RequestOf, ResponseDraft } from '../../protocol/schema/field.ts';
import type { BrokerNode } from '../node.ts';
import type { Deferred } from '../runtime/deferred.ts';

/** The peer behind a request, as far as handlers may care. */
export interface ConnectionInfo {
  readonly id: number;
  readonly remoteAddress: string;
  readonly remotePort: number;
  readonly localAddress: string;
  readonly localPort: number;
  readonly listenerName: string;
  /** `User:ANONYMOUS` until the connection has authenticated. */
  readonly principal: string;
  /** From ApiVersions v3+ (KIP-511); empty before. */
  clientSoftwareName: string;
  clientSoftwareVersion: string;
}

export interface RequestContext {
  readonly node: BrokerNode;
  readonly connection: ConnectionInfo;
  readonly apiVersion: number;
  /** "" when the client sent null. */
  readonly clientId: string;
  /** Aborts when the connection closes: a waiting Fetch or Join gives up. Made on first use. */
  readonly signal: AbortSignal;
}

export type Answer<T> = T | Promise<T> | Deferred<T>;

export interface HandlerOptions<A extends Api> {
  /** Served versions, "3-13". */
  readonly versions: `${number}-${number}`;
  /** What ApiVersions says where it differs from what is served (Produce says 0-13). */
  readonly advertises?: `${number}-${number}`;
  /** The whole answer when the operation failed as one; called by the one catch in dispatch. */
  readonly failed: (request: RequestOf<A>, errorCode: number, message: string | null) => ResponseDraft<A>;
}

/** `null`: nothing is sent (Produce with acks=0). `'close'`: the connection is closed (acks=0 with an error). */
export type HandlerAnswer<A extends Api> = Answer<ResponseDraft<A> | null | 'close'>;

export interface Handler {
  readonly api: Api;
  readonly served: { readonly min: number; readonly max: number };
  readonly advertised: { readonly min: number; readonly max: number };
  readonly failed: (request: never, errorCode: number, message: string | null) => object;
  readonly handle: (request: never, context: RequestContext) => Answer<object | null | 'close'>;
}

export function handler<A extends Api>(
  api: A,
  options: HandlerOptions<A>,
  handle: (request: RequestOf<A>, context: RequestContext) => HandlerAnswer<A>,
): Handler {
  const served = rangeOf(options.versions);
  return {
    api,
    served,
    advertised: options.advertises === undefined ? served : rangeOf(options.advertises),
    failed: options.failed as unknown as Handler['failed'],
    handle: handle as unknown as Handler['handle'],
  };
}

function rangeOf(text: string): { min: number; max: number } {
  const [min, max] = text.split('-').map(Number) as [number, number];
  return { min, max };
}
