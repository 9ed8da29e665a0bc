// What a handler is: one API, the versions served, what an error looks like in its answer, and a function from request
// to answer. Dispatch, ApiVersions, docs and metrics labels derive from these values. A handler knows no socket and no
// other handler; time comes from the node's clock.

import { KafkaError } from '../../protocol/errors.ts';
import type { Api, RequestOf, ResponseDraft } from '../../protocol/schema/field.ts';
import type { BrokerNode } from '../node.ts';
import type { RequestThrottle } from '../quotas/request-throttle.ts';
import type { Deferred } from '../runtime/deferred.ts';
import { type AclOperationName, type AclResourceName, CLUSTER_NAME } from '../security/acl/acl-names.ts';
import { isAuthorized } from './authorize.ts';

/** The login of a connection, as the three handlers that take part in it see it. */
export interface Authentication {
  /** ApiVersions was answered. */
  versionsTold(): void;
  handshake(mechanism: string, version: number): Answer<HandshakeAnswer>;
  authenticate(message: Buffer, version: number): Answer<AuthenticateAnswer>;
}

export interface HandshakeAnswer {
  readonly errorCode: number;
  readonly mechanisms: string[];
}

export interface AuthenticateAnswer {
  readonly errorCode: number;
  readonly errorMessage: string | null;
  readonly authBytes: Buffer;
  readonly sessionLifetimeMs?: bigint;
}

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
  /** It is the owner of the delegation token that somebody logged in with. */
  readonly isTokenAuthenticated?: boolean;
  /** Null (or absent) on a listener without SASL. */
  readonly authentication?: Authentication | null;
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
  /** What quotas make of this request; undefined while none is set. */
  readonly throttle: RequestThrottle | undefined;
  /** Tells the person who runs the broker; the line names the client. Not for what a client can cause at will. */
  report(message: string): void;
  /** Calls back once, when the answer has left or never will: then its buffers may be given back. */
  whenSent(callback: () => void): void;
}

export type Answer<T> = T | Promise<T> | Deferred<T>;

/** `null`: nothing is sent (Produce with acks=0). `'close'`: the connection is closed (acks=0 with an error). */
export type Outcome<T> = T | null | 'close';

export interface VersionRange {
  readonly min: number;
  readonly max: number;
}

/** What a principal needs, asked before `handle`: one operation on one resource, or the whole request fails. */
export type AclRule<A extends Api> =
  | { readonly operation: AclOperationName; readonly on: 'CLUSTER' }
  | {
      readonly operation: AclOperationName;
      readonly on: 'GROUP' | 'TRANSACTIONAL_ID';
      readonly named: (request: RequestOf<A>) => string;
    }
  /** Asked in `handle`, because it differs by what the request names. The text says what, for the docs. */
  | { readonly perResource: string }
  /** Nobody is asked; the text says why. */
  | { readonly none: string };

export interface HandlerOptions<A extends Api> {
  /** Who may ask. There is no default: a handler says it, or does not compile. */
  readonly acl: AclRule<A>;
  /** Served versions, "3-13". */
  readonly versions: `${number}-${number}`;
  /** What ApiVersions says where it differs from what is served (Produce says 0-13; telemetry is not mentioned). */
  readonly advertises?: `${number}-${number}` | 'never';
  /** May start while earlier requests of the same API wait for the disk. Its `handle` must do all that order
   * depends on before it returns, or return a promise: then nothing of the connection begins before the answer. */
  readonly pipelined?: boolean;
  /** The answer, in version 0, to a version that is not served. Without it the connection is closed. */
  readonly versionUnknown?: () => ResponseDraft<A>;
  /** The whole answer when the operation failed as one; called by the one catch in dispatch. */
  readonly failed: (
    request: RequestOf<A>,
    errorCode: number,
    message: string | null,
    apiVersion: number,
  ) => Outcome<ResponseDraft<A>>;
}

export type HandlerAnswer<A extends Api> = Answer<Outcome<ResponseDraft<A>>>;

export interface Handler {
  readonly api: Api;
  readonly served: VersionRange;
  /** null: ApiVersions does not mention it. */
  readonly advertised: VersionRange | null;
  readonly pipelined: boolean;
  /** What `acl` asks, in words. */
  readonly acl: string;
  readonly versionUnknown: (() => object) | null;
  readonly failed: (
    request: never,
    errorCode: number,
    message: string | null,
    apiVersion: number,
  ) => Outcome<object>;
  readonly handle: (request: never, context: RequestContext) => Answer<Outcome<object>>;
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
    advertised: advertisedBy(options.advertises, served),
    pipelined: options.pipelined ?? false,
    acl: textOfRule(options.acl),
    versionUnknown: (options.versionUnknown as (() => object) | undefined) ?? null,
    failed: options.failed as unknown as Handler['failed'],
    handle: guarded(options.acl, handle) as unknown as Handler['handle'],
  };
}

const REFUSALS = {
  CLUSTER: 'CLUSTER_AUTHORIZATION_FAILED',
  GROUP: 'GROUP_AUTHORIZATION_FAILED',
  TRANSACTIONAL_ID: 'TRANSACTIONAL_ID_AUTHORIZATION_FAILED',
} as const satisfies Partial<Record<AclResourceName, string>>;

function guarded<A extends Api>(
  rule: AclRule<A>,
  handle: (request: RequestOf<A>, context: RequestContext) => HandlerAnswer<A>,
) {
  if (!('on' in rule)) return handle;
  return (request: RequestOf<A>, context: RequestContext) => {
    if (context.node.authorizer !== undefined) {
      const name = rule.on === 'CLUSTER' ? CLUSTER_NAME : rule.named(request);
      if (!isAuthorized(context, rule.operation, rule.on, name)) throw new KafkaError(REFUSALS[rule.on]);
    }
    return handle(request, context);
  };
}

function textOfRule<A extends Api>(rule: AclRule<A>): string {
  if ('on' in rule) return `${rule.operation} on ${rule.on}`;
  return 'none' in rule ? `none: ${rule.none}` : rule.perResource;
}

function advertisedBy(advertises: string | undefined, served: VersionRange): VersionRange | null {
  if (advertises === undefined) return served;
  return advertises === 'never' ? null : rangeOf(advertises);
}

function rangeOf(text: string): VersionRange {
  const [min, max] = text.split('-').map(Number) as [number, number];
  return { min, max };
}
