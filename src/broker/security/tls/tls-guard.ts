// TLS of one listener, by Node's own: key and certificates as Apache Kafka is given them (DefaultSslEngineFactory), asked
// for again when a file or a setting changed, so that certificates are renewed without a restart. The accepted socket is
// handed to a TLS server that listens nowhere itself. A client certificate names the principal (SslPrincipalMapper).

import type { Socket } from 'node:net';
import { createServer, type Server, type TLSSocket } from 'node:tls';
import type { BrokerSettings } from '../../config/settings.ts';
import type { ListenerGuard } from '../../network/listener-guard.ts';
import { ListenerSettingsError } from '../../network/listener-settings.ts';
import type { Clock } from '../../runtime/clock.ts';
import { ListenerValues } from '../listener-values.ts';
import { subjectOf } from './distinguished-name.ts';
import { principalMapper } from './principal-mapping.ts';
import { checkTlsChange } from './tls-change.ts';
import { type TlsMaterial, tlsMaterial } from './tls-material.ts';

export interface TlsGuardOptions {
  readonly name: string;
  readonly settings: BrokerSettings;
  readonly values: ListenerValues;
  readonly clock: Clock;
  readonly report: (message: string) => void;
}

/** How often, at most, a new connection makes the files be looked at. */
const LOOK_MS = 1000;
const HANDSHAKE_MS_MAX = 60_000;
const ANONYMOUS = 'User:ANONYMOUS';

type Ready = Parameters<NonNullable<ListenerGuard['secure']>>[1];

/** Throws ListenerSettingsError. */
export function tlsGuard(options: TlsGuardOptions): NonNullable<ListenerGuard['secure']> {
  const { name, values, report } = options;
  let material: TlsMaterial;
  try {
    material = tlsMaterial(values);
  } catch (error) {
    throw new ListenerSettingsError(`The listener ${name} cannot be opened: ${(error as Error).message}`);
  }
  options.settings.addCheck(settings =>
    checkTlsChange(material, { current: values, proposed: new ListenerValues(settings, name) }),
  );
  const handshakes = new WeakMap<Socket, Handshake>();
  const server = createServer({
    ...material.context,
    requestCert: values.get('ssl.client.auth') !== 'none',
    rejectUnauthorized: values.get('ssl.client.auth') === 'required',
    handshakeTimeout: HANDSHAKE_MS_MAX,
    pauseOnConnect: true,
  });
  const principalOf = principalMapper(values.get('ssl.principal.mapping.rules'));
  server.on('error', error => report(`TLS on the listener ${name}: ${error.message}`));
  const renewIfChanged = renewal(options, server, material);
  server.on('secureConnection', secured => {
    const principal = clientPrincipal(secured, principalOf);
    const handshake = handshakes.get(parentOf(secured)!);
    if (!(principal instanceof Error)) handshake?.done({ socket: secured, principal });
    else {
      handshake?.failed(principal);
      secured.destroy();
    }
  });
  server.on('tlsClientError', (error, secured) => {
    handshakes.get(parentOf(secured)!)?.failed(error);
    secured.destroy();
  });
  return (socket, ready) => {
    renewIfChanged();
    const handshake = handshakeOf(ready, error =>
      report(`A TLS handshake on the listener ${name} failed: ${error.message}`),
    );
    handshakes.set(socket, handshake);
    socket.once('close', () => handshake.done(null));
    server.emit('connection', socket);
  };
}

interface Handshake {
  done(secured: Parameters<Ready>[0]): void;
  failed(error: Error): void;
}

/** Ends once, whatever comes first. */
function handshakeOf(ready: Ready, report: (error: Error) => void): Handshake {
  let isDone = false;
  const done: Ready = secured => {
    if (isDone) return;
    isDone = true;
    ready(secured);
  };
  const failed = (error: Error) => {
    if (!isDone) report(error);
    done(null);
  };
  return { done, failed };
}

function parentOf(socket: TLSSocket): Socket | undefined {
  return (socket as unknown as { readonly _parent?: Socket })._parent;
}

/** Without a certificate, or with one that is not required and not trusted, nobody in particular. */
function clientPrincipal(socket: TLSSocket, principalOf: (subject: string) => string | null): string | Error {
  const certificate = socket.getPeerX509Certificate();
  if (certificate === undefined) return ANONYMOUS;
  // A certificate that was sent must be good, also when none had to be, as for a Java TLS engine.
  if (!socket.authorized)
    return new Error(`the client's certificate is not trusted (${socket.authorizationError})`);
  const subject = subjectOf(certificate.raw);
  const name = principalOf(subject);
  return name === null
    ? new Error(`no rule of ssl.principal.mapping.rules fits "${subject}"`)
    : `User:${name}`;
}

function renewal({ name, values, clock, report }: TlsGuardOptions, server: Server, first: TlsMaterial) {
  let current = first.version();
  let lookedAtMs = clock.nowMs();
  return () => {
    const nowMs = clock.nowMs();
    if (nowMs - lookedAtMs < LOOK_MS && nowMs >= lookedAtMs) return;
    lookedAtMs = nowMs;
    const version = first.version();
    if (version === current) return;
    current = version;
    try {
      server.setSecureContext(tlsMaterial(values, first.protocols).context);
      report(`TLS on the listener ${name}: the changed key and certificates are in use for new connections.`);
    } catch (error) {
      report(
        `TLS on the listener ${name}: the changed key or certificates cannot be used (${(error as Error).message}) ` +
          'The former ones stay in use. Correct them; they are looked at again when they change.',
      );
    }
  };
}
