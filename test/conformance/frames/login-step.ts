// One question asked after a login: by PLAIN as a user, or by SCRAM with a delegation token. Whoever logs in has a
// connection of its own for each question, as in frame-step.ts.

import { createHash, createHmac, pbkdf2Sync } from 'node:crypto';
import { SaslAuthenticate } from '../../../src/protocol/messages/apis/sasl-authenticate.ts';
import { SaslHandshake } from '../../../src/protocol/messages/apis/sasl-handshake.ts';
import type { Api, RequestDraft } from '../../../src/protocol/schema/field.ts';
import { decodeResponse, type RawConnection } from '../../support/raw-connection.ts';
import { type FrameStep, onConnection, type Peer } from './frame-step.ts';

export interface Token {
  readonly tokenId: string;
  readonly hmac: Buffer;
}

/** A cluster with a second listener, where one logs in, and the tokens it gave. */
export interface SecuredPeer extends Peer {
  readonly saslPort: number;
  readonly tokens: Map<string, Token>;
}

export interface TokenLogin {
  readonly tokenId: string;
  readonly password: string;
  readonly mechanism?: 'SCRAM-SHA-256' | 'SCRAM-SHA-512';
  readonly extensions?: string;
}

/** Everybody's, in these tests. */
const PASSWORD = 'secret';

export function askAs<A extends Api>(
  peer: SecuredPeer,
  user: string,
  question: { readonly api: A; readonly version: number; readonly body: RequestDraft<A> },
): Promise<unknown> {
  const { api, version, body } = question;
  return onConnection({ ...peer, port: peer.saslPort }, async connection => {
    await connection.request(SaslHandshake, 1, { mechanism: 'PLAIN' });
    const authBytes = Buffer.from(`\0${user}\0${PASSWORD}`);
    const { errorCode } = await connection.request(SaslAuthenticate, 2, { authBytes });
    if (errorCode !== 0) return `login refused: ${errorCode}`;
    connection.send(api, version, body);
    return decodeResponse(api, version, await connection.frame());
  });
}

/** What the login comes to, and what is answered behind it. */
export function askByToken(
  peer: SecuredPeer,
  login: TokenLogin,
  ask: (connection: RawConnection) => Promise<unknown>,
): Promise<unknown> {
  return onConnection({ ...peer, port: peer.saslPort }, async connection => {
    const outcome = await logIn(connection, login);
    return outcome.errorCode === 0 ? { ...outcome, answer: await ask(connection) } : outcome;
  });
}

/** SCRAM (RFC 5802) with extensions, which the gateway's own client has no use for. */
async function logIn(connection: RawConnection, login: TokenLogin) {
  const { tokenId, password, mechanism = 'SCRAM-SHA-256', extensions = ',tokenauth=true' } = login;
  await connection.request(SaslHandshake, 1, { mechanism });
  const firstBare = `n=${tokenId},r=abcdefgh${extensions}`;
  const first = await connection.request(SaslAuthenticate, 2, { authBytes: Buffer.from(`n,,${firstBare}`) });
  if (first.errorCode !== 0) return { errorCode: first.errorCode, errorMessage: first.errorMessage };
  const serverFirst = first.authBytes.toString();
  const [, nonce = '', salt = '', iterations = ''] = /^r=(.+),s=(.+),i=(\d+)$/.exec(serverFirst) ?? [];
  const hash = mechanism === 'SCRAM-SHA-256' ? 'sha256' : 'sha512';
  const size = hash === 'sha256' ? 32 : 64;
  const salted = pbkdf2Sync(password, Buffer.from(salt, 'base64'), Number(iterations), size, hash);
  const clientKey = createHmac(hash, salted).update('Client Key').digest();
  const storedKey = createHash(hash).update(clientKey).digest();
  const withoutProof = `c=biws,r=${nonce}`;
  const signature = createHmac(hash, storedKey)
    .update(`${firstBare},${serverFirst},${withoutProof}`)
    .digest();
  const proof = Buffer.from(clientKey.map((byte, index) => byte ^ signature[index]!)).toString('base64');
  const last = await connection.request(SaslAuthenticate, 2, {
    authBytes: Buffer.from(`${withoutProof},p=${proof}`),
  });
  const { errorCode, errorMessage, sessionLifetimeMs } = last;
  // Millrace lets an unknown user go through the exchange, and tells nobody that he is unknown.
  if (errorCode !== 0) return { errorCode, errorMessage };
  return { errorCode, errorMessage, hasLifetime: sessionLifetimeMs > 0n, iterations: Number(iterations) };
}

/** A step for clusters that are secured. */
export function securedStep(name: string, ask: (peer: SecuredPeer) => Promise<unknown>): FrameStep {
  return { name, ask: peer => ask(peer as SecuredPeer) };
}
