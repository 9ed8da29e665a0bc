// Reads a list of broker addresses as Kafka writes it: `host:port,host:port`, IPv6 in brackets, an optional listener
// name in front (PLAINTEXT://). A port is required, as in Apache Kafka's ClientUtils.

export interface BrokerAddress {
  readonly host: string;
  readonly port: number;
}

/** More addresses than any honest list has. */
const SERVERS_MAX = 100;
const ENTRY = /^(?:[A-Za-z][A-Za-z0-9_+.-]*:\/\/)?(?:\[([^\]]+)\]|([^:[\]/\s]+)):(\d{1,5})$/;

export function parseBootstrapServers(text: string): BrokerAddress[] {
  const entries = text
    .split(',')
    .map(entry => entry.trim())
    .filter(entry => entry !== '');
  if (entries.length === 0)
    throw new Error('no broker address is given; write host:port, for example localhost:9094');
  if (entries.length > SERVERS_MAX) throw new Error(`more than ${SERVERS_MAX} broker addresses are given`);
  return entries.map(parseEntry);
}

function parseEntry(entry: string): BrokerAddress {
  const match = ENTRY.exec(entry);
  const port = Number(match?.[3]);
  if (match === null || port < 1 || port > 65535) {
    throw new Error(`"${entry}" is not a broker address; write host:port, for example localhost:9094`);
  }
  return { host: (match[1] ?? match[2])!, port };
}

export function formatAddress({ host, port }: BrokerAddress): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
