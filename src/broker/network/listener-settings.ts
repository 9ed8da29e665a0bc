// Kafka's three listener keys as values: `listeners`, `advertised.listeners`, `listener.security.protocol.map`. Rules of
// Apache Kafka's SocketServerConfigs and KafkaConfig (one name per listener, but one IPv4 and one IPv6 address may share
// name and port, KIP-797; names default to security protocols). What is not
// understood is refused with a sentence, never listened on in plain text by mistake. Parsing only; no socket.

export const SECURITY_PROTOCOLS = ['PLAINTEXT', 'SSL', 'SASL_PLAINTEXT', 'SASL_SSL'] as const;
/** The index is Kafka's number of it. */
export type SecurityProtocol = (typeof SECURITY_PROTOCOLS)[number];

export interface ListenerAddress {
  readonly name: string;
  /** "" and 0.0.0.0 listen on every address. */
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  readonly protocol: SecurityProtocol;
}

export interface AdvertisedAddress {
  readonly name: string;
  readonly host: string;
  readonly port: number;
}

export class ListenerSettingsError extends Error {
  override readonly name = 'ListenerSettingsError';
}

const EVERY_ADDRESS = ['', '0.0.0.0', '::'];
const PORT_MAX = 65_535;
/** More listeners than this is a mistake in the configuration, not a plan. */
const LISTENERS_MAX = 64;

export interface ListenerSettings {
  readonly listeners: readonly ListenerAddress[];
  /** By listener name; a listener without an entry advertises the address a client came in through. */
  readonly advertised: ReadonlyMap<string, AdvertisedAddress>;
}

/** The values as the keys have them. */
export function parseListenerSettings(keys: {
  readonly listeners: string;
  readonly advertisedListeners?: string | null;
  readonly securityProtocolMap?: string | null;
}): ListenerSettings {
  const protocols = parseProtocolMap(keys.securityProtocolMap ?? '');
  const listeners = parseAddresses('listeners', keys.listeners).map(address => ({
    ...address,
    protocol: protocolOf(address.name, protocols),
  }));
  if (listeners.length === 0)
    throw new ListenerSettingsError('listeners is empty: Millrace would listen nowhere.');
  refuseCollisions(listeners);
  const advertised = parseAddresses('advertised.listeners', keys.advertisedListeners ?? '');
  return { listeners, advertised: advertisedByName(advertised, listeners) };
}

function parseAddresses(key: string, text: string): AdvertisedAddress[] {
  const entries = splitList(text);
  if (entries.length > LISTENERS_MAX) {
    throw new ListenerSettingsError(
      `${key} has ${entries.length} entries; at most ${LISTENERS_MAX} are accepted.`,
    );
  }
  return entries.map(entry => parseAddress(key, entry));
}

function parseAddress(key: string, entry: string): AdvertisedAddress {
  const match = /^([^:/]+):\/\/(\[[^\]]*\]|[^:]*):(\d+)$/.exec(entry);
  const port = Number(match?.[3]);
  if (match === null || port > PORT_MAX) {
    throw new ListenerSettingsError(
      `${key} has the entry "${entry}", which is not NAME://host:port with a port from 0 to 65535 (an IPv6 address in brackets). ` +
        'Example: PLAINTEXT://127.0.0.1:9094',
    );
  }
  const host = match[2]!.replace(/^\[(.*)\]$/, '$1');
  return { name: match[1]!.toUpperCase(), host, port };
}

function parseProtocolMap(text: string): Map<string, string> {
  const protocols = new Map<string, string>();
  for (const entry of splitList(text)) {
    const [name, protocol, ...rest] = entry.split(':');
    if (!name || !protocol || rest.length > 0) {
      throw new ListenerSettingsError(
        `listener.security.protocol.map has the entry "${entry}", which is not NAME:PROTOCOL. Example: INTERNAL:PLAINTEXT`,
      );
    }
    protocols.set(name.trim().toUpperCase(), protocol.trim().toUpperCase());
  }
  return protocols;
}

function protocolOf(name: string, protocols: ReadonlyMap<string, string>): SecurityProtocol {
  const protocol = protocols.get(name) ?? name;
  const known = SECURITY_PROTOCOLS.find(one => one === protocol);
  if (known !== undefined) return known;
  throw new ListenerSettingsError(
    `No security protocol is known for the listener ${name}. Add it to listener.security.protocol.map, ` +
      `for example listener.security.protocol.map=${name}:PLAINTEXT`,
  );
}

/** Apache Kafka: names are unique and so are ports, but for one IPv4 and one IPv6 address under one name and port. */
function refuseCollisions(listeners: readonly ListenerAddress[]): void {
  listeners.forEach((listener, index) => {
    for (const other of listeners.slice(0, index)) {
      const sameName = other.name === listener.name;
      const samePort = other.port === listener.port && listener.port !== 0;
      const isPair = sameName && other.port === listener.port && isIPv6(other.host) !== isIPv6(listener.host);
      const samePlace =
        samePort && (other.host === listener.host || isEvery(other.host) || isEvery(listener.host));
      if (isPair) continue;
      if (sameName) {
        throw new ListenerSettingsError(
          `listeners names ${listener.name} twice. Give each listener a name of its own; only one IPv4 and one IPv6 address with the same port may share one.`,
        );
      }
      if (samePlace) {
        throw new ListenerSettingsError(
          `The listeners ${other.name} and ${listener.name} both want port ${listener.port} of ${listener.host || 'every address'}. Give one of them another port.`,
        );
      }
    }
  });
}

function advertisedByName(
  advertised: readonly AdvertisedAddress[],
  listeners: readonly ListenerAddress[],
): Map<string, AdvertisedAddress> {
  const byName = new Map<string, AdvertisedAddress>();
  for (const address of advertised) {
    if (EVERY_ADDRESS.includes(address.host)) {
      throw new ListenerSettingsError(
        `advertised.listeners gives ${address.name} the host "${address.host}", which no client can dial. Name the host as clients see it.`,
      );
    }
    if (!listeners.some(listener => listener.name === address.name)) {
      throw new ListenerSettingsError(
        `advertised.listeners names ${address.name}, which is not in listeners. Add it there, or remove it here.`,
      );
    }
    if (byName.has(address.name)) {
      throw new ListenerSettingsError(
        `advertised.listeners names ${address.name} twice; clients need one address.`,
      );
    }
    byName.set(address.name, address);
  }
  return byName;
}

function splitList(text: string): string[] {
  return text
    .split(',')
    .map(entry => entry.trim())
    .filter(entry => entry !== '');
}

function isIPv6(host: string): boolean {
  return host.includes(':');
}

function isEvery(host: string): boolean {
  return EVERY_ADDRESS.includes(host);
}
