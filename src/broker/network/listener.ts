// One listening socket. Failures to listen are a typed error with a sentence for the person who started the broker: a
// port that is taken is the most frequent first experience there is.

import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';

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

/** What is listened on most: nobody has to be asked what it is. As for Java, localhost is an IPv4 address. */
const KNOWN: ReadonlyMap<string, readonly [address: string | null, kind: 4 | 6]> = new Map([
  ['localhost', ['127.0.0.1', 4]],
  ['127.0.0.1', ['127.0.0.1', 4]],
  ['0.0.0.0', ['0.0.0.0', 4]],
  ['::1', ['::1', 6]],
  ['::', ['::', 6]],
  ['', [null, 4]],
]);
/** UV_TCP_IPV6ONLY */
const IPV6_ONLY = 1;

/** `server.listen` behind its questions. Node keeps it under this name for programs older than `cluster`. */
interface WithListenNow {
  readonly _listen2?: (
    address: string | null,
    port: number,
    kind: 4 | 6,
    backlog: number,
    descriptor: undefined,
    flags: number,
  ) => void;
}

/**
 * `server.listen` asks dns what it was given, compiles large regular expressions for the answer, and loads `cluster`, with
 * it `child_process` and `dgram`: 10 ms of every start, and 2 MB. What it calls then is called here.
 */
function listen(server: Server, { host, port }: { readonly host: string; readonly port: number }): void {
  // Only :: itself takes IPv4 clients too.
  const ipv6Only = host.includes(':') && host !== '::';
  const known = KNOWN.get(host);
  const { _listen2: listenNow } = server as WithListenNow;
  if (known !== undefined && listenNow !== undefined) {
    const [address, kind] = known;
    listenNow.call(server, address, port, kind, BACKLOG, undefined, ipv6Only ? IPV6_ONLY : 0);
    return;
  }
  server.listen({ ...(host === '' ? {} : { host }), port, backlog: BACKLOG, ipv6Only, exclusive: true });
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
      server.once('listening', () => {
        server.removeAllListeners('error');
        server.on('error', error => options.report(`Accepting a connection failed: ${error.message}`));
        resolve(new Listener(server));
      });
      listen(server, options);
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
