// One listening socket. Failures to listen are a typed error with a sentence for the person who started the broker: a
// port that is taken is the most frequent first experience there is.

import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import process from 'node:process';

export class ListenError extends Error {
  override readonly name = 'ListenError';
  /** Node's code: EADDRINUSE, EADDRNOTAVAIL, EACCES … */
  readonly code: string;
  readonly host: string;
  readonly port: number;

  constructor(options: { code: string; host: string; port: number; detail: string }) {
    super(sentenceFor(options));
    this.code = options.code;
    this.host = options.host;
    this.port = options.port;
  }
}

export interface ListenerOptions {
  /** "" listens on every address. */
  readonly host: string;
  readonly port: number;
  /** Sockets arrive paused: nothing has been read from them. */
  readonly accept: (socket: Socket) => void;
  readonly report: (message: string) => void;
}

/** Connections the kernel keeps for us while the loop is busy. */
const BACKLOG = 511;

const IPV6_LOOPBACK = '::1';

type Lookup = (host: string, options: unknown, done: (error: null, found: object[]) => void) => void;

/**
 * `listen` asks dns.lookup what kind of address it was given, which compiles a large regular expression for the first
 * that is not IPv4: 5 ms of every start. For the one call that follows the answer is given here.
 */
function withLoopbackKnown(listen: () => void): void {
  const dns = process.getBuiltinModule('node:dns') as unknown as { lookup: Lookup };
  const { lookup } = dns;
  dns.lookup = (_host, _options, done) =>
    process.nextTick(done, null, [{ address: IPV6_LOOPBACK, family: 6 }]);
  listen();
  dns.lookup = lookup;
}

export class Listener {
  readonly #server: Server;
  readonly host: string;
  readonly port: number;

  private constructor(server: Server) {
    this.#server = server;
    const address = server.address() as AddressInfo;
    this.host = address.address;
    this.port = address.port;
  }

  static open(options: ListenerOptions): Promise<Listener> {
    const server = createServer({ pauseOnConnect: true, noDelay: true, keepAlive: true }, socket =>
      options.accept(socket),
    );
    return new Promise((resolve, reject) => {
      server.once('error', (error: NodeJS.ErrnoException) => {
        const { host, port } = options;
        reject(new ListenError({ code: error.code ?? 'UNKNOWN', host, port, detail: error.message }));
      });
      const where = options.host === '' ? {} : { host: options.host };
      // Only :: itself takes IPv4 clients too.
      const ipv6Only = options.host.includes(':') && options.host !== '::';
      const wanted = { ...where, port: options.port, backlog: BACKLOG, ipv6Only, exclusive: true };
      const listen = () =>
        server.listen(wanted, () => {
          server.removeAllListeners('error');
          server.on('error', error => options.report(`Accepting a connection failed: ${error.message}`));
          resolve(new Listener(server));
        });
      if (options.host === IPV6_LOOPBACK) withLoopbackKnown(listen);
      else listen();
    });
  }

  /** Accepts no further connection; those that are there are their owner's to close. */
  stopAccepting(): void {
    this.#server.close();
  }
}

function sentenceFor(options: { code: string; host: string; port: number; detail: string }): string {
  const place = `${options.host || 'every address'} port ${options.port}`;
  switch (options.code) {
    case 'EADDRINUSE':
      return (
        `Cannot listen on ${place}: another program listens there already (EADDRINUSE). It may be a second Millrace or ` +
        'an Apache Kafka. Stop it, or choose another port in `listeners`. Nothing was written to the data directory.'
      );
    case 'EADDRNOTAVAIL':
      return `Cannot listen on ${place}: this machine has no such address (EADDRNOTAVAIL). Choose one it has in \`listeners\`.`;
    case 'EACCES':
      return `Cannot listen on ${place}: not permitted (EACCES). Ports below 1024 need extra rights; choose a higher one in \`listeners\`.`;
    default:
      return `Cannot listen on ${place}: ${options.detail}`;
  }
}
