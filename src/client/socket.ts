// Opens a socket to a broker, plain or TLS, within a deadline. Nothing of Kafka's protocol is known here.

import { connect as connectPlain, isIP, type Socket } from 'node:net';
import type { connect as ConnectTls } from 'node:tls';
import { type BrokerAddress, formatAddress } from './bootstrap-servers.ts';
import { BrokerUnreachableError, unreachable } from './errors.ts';
import type { TlsSettings } from './options.ts';

export interface DialOptions extends BrokerAddress {
  readonly tls?: TlsSettings | undefined;
  readonly timeoutMs: number;
}

export async function dial(options: DialOptions): Promise<Socket> {
  if (options.tls === undefined) return connected(connectPlain(plainOptions(options)), options);
  // Costs 4 MB: loaded only for a cluster that wants it.
  const { connect } = await import('node:tls');
  return connected(dialTls(connect, options, options.tls), options);
}

function connected(socket: Socket, options: DialOptions): Promise<Socket> {
  const address = formatAddress(options);
  return new Promise((resolve, reject) => {
    const deadline = setTimeout(() => {
      const reason = `did not answer within ${options.timeoutMs} ms`;
      socket.destroy(new BrokerUnreachableError({ address, reason, outcome: 'not-sent', code: 'ETIMEDOUT' }));
    }, options.timeoutMs);
    const onError = (error: Error) => {
      clearTimeout(deadline);
      reject(unreachable({ address, error, outcome: 'not-sent' }));
    };
    const onClose = () =>
      onError(Object.assign(new Error('the connection was closed'), { code: 'ECONNRESET' }));
    socket.once('error', onError);
    socket.once('close', onClose);
    socket.once(options.tls === undefined ? 'connect' : 'secureConnect', () => {
      clearTimeout(deadline);
      socket.removeListener('close', onClose);
      socket.removeListener('error', onError);
      resolve(socket);
    });
  });
}

function plainOptions({ host, port }: BrokerAddress) {
  return { host, port, noDelay: true, keepAlive: true };
}

function dialTls(connect: typeof ConnectTls, options: DialOptions, tls: TlsSettings): Socket {
  const { serverName, ...rest } = tls;
  // A server name must be a name: an IP address is not sent (RFC 6066), the certificate is checked against it all the same.
  const name = serverName ?? (isIP(options.host) === 0 ? options.host : undefined);
  return connect({
    ...plainOptions(options),
    ...rest,
    ...(name === undefined ? {} : { servername: name }),
  });
}
