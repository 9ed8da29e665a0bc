// Logins by the clients of other languages: librdkafka, kafkajs and franz-go, over SASL_PLAINTEXT, SASL_SSL and SSL, with good
// and bad credentials. Each program reads a list of logins and prints one line for each: the topics it saw, or that it was
// refused. How a library words a refusal is its own affair.

import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { legs } from '../legs.ts';

const here = resolve(fileURLToPath(import.meta.url), '..');
const run = promisify(execFile);
const RUN_TIMEOUT_MS = 120_000;

export interface Login {
  readonly name: string;
  readonly address: string;
  /** PEM files; null without TLS. */
  readonly tls: { readonly ca: string | null; readonly key: string | null } | null;
  readonly sasl: { readonly mechanism: string; readonly username: string; readonly password: string } | null;
}

export interface LoginPorts {
  readonly SASL: number;
  readonly BOTH: number;
  readonly TLS: number;
  readonly MUTUAL: number;
}

/** alice by PLAIN; bob by SCRAM. `certificates`: the folder of ca.pem and client-store.pem. */
export function loginsOf(ports: LoginPorts, certificates: string): Login[] {
  const ca = join(certificates, 'ca.pem');
  const key = join(certificates, 'client-store.pem');
  const login = (
    name: string,
    listener: keyof LoginPorts,
    { tls = null, sasl = null }: Partial<Pick<Login, 'tls' | 'sasl'>>,
  ): Login => ({ name, address: `127.0.0.1:${ports[listener]}`, tls, sasl });
  const trusting = { ca, key: null };
  const as = (mechanism: string, username: string, password: string) => ({ mechanism, username, password });
  const good = [
    as('PLAIN', 'alice', 'secret'),
    as('SCRAM-SHA-256', 'bob', 'pencil'),
    as('SCRAM-SHA-512', 'bob', 'pencil'),
  ];
  return [
    ...good.flatMap(sasl => [
      login(`${sasl.mechanism} in plain text`, 'SASL', { sasl }),
      login(`${sasl.mechanism} over TLS`, 'BOTH', { sasl, tls: trusting }),
      login(`${sasl.mechanism} with a wrong password`, 'BOTH', {
        sasl: { ...sasl, password: 'x' },
        tls: trusting,
      }),
    ]),
    login('SCRAM-SHA-256 of an unknown user', 'SASL', { sasl: as('SCRAM-SHA-256', 'nobody', 'pencil') }),
    login('TLS', 'TLS', { tls: trusting }),
    login('TLS without the authority', 'TLS', { tls: { ca: null, key: null } }),
    login('a certificate', 'MUTUAL', { tls: { ca, key } }),
    login('no certificate where one is required', 'MUTUAL', { tls: trusting }),
    login('plain text where TLS is spoken', 'TLS', {}),
    login('TLS where plain text is spoken', 'SASL', { sasl: good[0]!, tls: trusting }),
  ];
}

interface Client {
  readonly name: string;
  readonly missing: () => string | null;
  readonly command: () => readonly string[];
}

function legOf(name: string) {
  return legs.find(leg => leg.name.startsWith(name))!;
}

export const clients: readonly Client[] = [
  {
    name: 'kafkajs',
    missing: () => null,
    command: () => [process.execPath, join(here, 'login-kafkajs.ts')],
  },
  {
    name: 'librdkafka',
    missing: () => legOf('librdkafka').missing(),
    command: () => [legOf('librdkafka').prepare()[0]!, join(here, 'login_confluent.py')],
  },
  {
    name: 'franz-go',
    missing: () => legOf('franz-go').missing(),
    command: () => [legOf('franz-go').prepare()[0]!, 'logins'],
  },
];

/** What the client prints of each. */
export async function linesOf(
  { command }: Client,
  logins: readonly Login[],
  file: string,
): Promise<string[]> {
  writeFileSync(file, JSON.stringify(logins));
  const [program, ...words] = command() as [string, ...string[]];
  const { stdout } = await run(program, [...words, file], { timeout: RUN_TIMEOUT_MS });
  return stdout.trim().split('\n');
}
