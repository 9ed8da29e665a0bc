// The address a client should dial next, as Metadata, FindCoordinator and DescribeCluster tell it. Configured
// (`advertised.listeners`), or, when a listener has no entry, simply the address through which the client came in: it
// reached us there once, so it will again.

import type { AdvertisedAddress } from './listener-settings.ts';

export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

export class AdvertisedEndpoints {
  readonly #advertised: ReadonlyMap<string, AdvertisedAddress>;

  constructor(advertised: ReadonlyMap<string, AdvertisedAddress>) {
    this.#advertised = advertised;
  }

  endpointFor(connection: {
    readonly listenerName: string;
    readonly localAddress: string;
    readonly localPort: number;
  }): Endpoint {
    const configured = this.#advertised.get(connection.listenerName);
    if (configured === undefined) {
      return { host: withoutIPv4Mapping(connection.localAddress), port: connection.localPort };
    }
    // Port 0 in the configuration means "the one that was free".
    return { host: configured.host, port: configured.port === 0 ? connection.localPort : configured.port };
  }
}

/** A dual-stack socket names an IPv4 peer `::ffff:127.0.0.1`; clients with IPv4 only could not dial that. */
function withoutIPv4Mapping(address: string): string {
  return address.startsWith('::ffff:') && address.includes('.') ? address.slice('::ffff:'.length) : address;
}
