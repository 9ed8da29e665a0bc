// The address a client should dial next, as Metadata, FindCoordinator and DescribeCluster tell it. Configured
// (`advertised.listeners`), or, when a listener has no entry, simply the address through which the client came in: it
// reached us there once, so it will again. A client from elsewhere that is told "localhost" would dial itself: that is said
// once per listener, with the way out.

import type { AdvertisedAddress } from './listener-settings.ts';

export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

export class AdvertisedEndpoints {
  readonly #advertised: ReadonlyMap<string, AdvertisedAddress>;
  readonly #report: (message: string) => void;
  readonly #warned = new Set<string>();

  constructor(
    advertised: ReadonlyMap<string, AdvertisedAddress>,
    report: (message: string) => void = () => {},
  ) {
    this.#advertised = advertised;
    this.#report = report;
  }

  endpointFor(connection: {
    readonly listenerName: string;
    readonly localAddress: string;
    readonly localPort: number;
    /** Of the client that is told; absent for this node itself. */
    readonly remoteAddress?: string;
  }): Endpoint {
    const configured = this.#advertised.get(connection.listenerName);
    if (configured === undefined) {
      return { host: withoutIPv4Mapping(connection.localAddress), port: connection.localPort };
    }
    if (connection.remoteAddress !== undefined) {
      this.#warnIfUnreachable(configured, { ...connection, remoteAddress: connection.remoteAddress });
    }
    // Port 0 in the configuration means "the one that was free".
    return { host: configured.host, port: configured.port === 0 ? connection.localPort : configured.port };
  }

  #warnIfUnreachable(
    { host, port }: AdvertisedAddress,
    client: { readonly listenerName: string; readonly localAddress: string; readonly remoteAddress: string },
  ): void {
    const { listenerName, localAddress, remoteAddress } = client;
    if (!isLoopback(host) || isLoopback(remoteAddress) || this.#warned.has(listenerName)) return;
    if (isGatewayOf(remoteAddress, localAddress)) return;
    this.#warned.add(listenerName);
    this.#report(
      `A client at ${withoutIPv4Mapping(remoteAddress)} came in through the listener ${listenerName} and is told to go on at ` +
        `${host}:${port}, which on its machine is that machine itself: it will not reach this broker. Nothing is lost. Give ` +
        `advertised.listeners an address that such clients can dial, for example ` +
        `advertised.listeners=${listenerName}://${withoutIPv4Mapping(localAddress)}:${port}, or a listener of their own.`,
    );
  }
}

function isLoopback(host: string): boolean {
  const plain = withoutIPv4Mapping(host).replace(/^\[|\]$/g, '');
  return plain === 'localhost' || plain === '::1' || /^127\./.test(plain);
}

/** Where a container's port is published, its host comes in as the gateway of the container's network, by convention
 * its first address. For the host "localhost" is right. */
function isGatewayOf(remoteAddress: string, localAddress: string): boolean {
  const remote = withoutIPv4Mapping(remoteAddress).split('.');
  const local = withoutIPv4Mapping(localAddress).split('.');
  return remote.length === 4 && remote[3] === '1' && remote[0] === local[0] && remote[1] === local[1];
}

/** A dual-stack socket names an IPv4 peer `::ffff:127.0.0.1`; clients with IPv4 only could not dial that. */
export function withoutIPv4Mapping(address: string): string {
  return address.startsWith('::ffff:') && address.includes('.') ? address.slice('::ffff:'.length) : address;
}
