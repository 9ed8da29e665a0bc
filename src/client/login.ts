// Logs a fresh connection in: SaslHandshake names the mechanism, SaslAuthenticate carries its messages (KIP-43, KIP-152).
// Passwords never appear in an error.

import { errorOf } from '../protocol/errors.ts';
import { SaslAuthenticate } from '../protocol/messages/apis/sasl-authenticate.ts';
import { SaslHandshake } from '../protocol/messages/apis/sasl-handshake.ts';
import type { Connection } from './connection.ts';
import { AuthenticationError } from './errors.ts';
import type { SaslSettings } from './options.ts';
import { ScramExchange } from './scram.ts';

/** Returns after how many milliseconds the broker wants a new login (KIP-368), 0 for never. */
export async function logIn(connection: Connection, sasl: SaslSettings): Promise<number> {
  const { errorCode, mechanisms } = await connection.request(SaslHandshake, { mechanism: sasl.mechanism });
  if (errorCode !== 0) {
    const offered = mechanisms.length === 0 ? 'none' : mechanisms.join(', ');
    throw new AuthenticationError(`The broker does not accept ${sasl.mechanism}; it offers: ${offered}.`);
  }
  if (sasl.mechanism === 'PLAIN') {
    const answer = await step(connection, `\0${sasl.username}\0${sasl.password}`);
    return answer.sessionLifetimeMs;
  }
  const hash = sasl.mechanism === 'SCRAM-SHA-256' ? 'sha256' : 'sha512';
  const exchange = new ScramExchange({ hash, username: sasl.username, password: sasl.password });
  const challenge = await step(connection, exchange.first());
  const proof = await step(connection, await exchange.final(challenge.text));
  exchange.verify(proof.text);
  return proof.sessionLifetimeMs;
}

async function step(
  connection: Connection,
  message: string,
): Promise<{ text: string; sessionLifetimeMs: number }> {
  const answer = await connection.request(SaslAuthenticate, { authBytes: Buffer.from(message, 'utf8') });
  if (answer.errorCode !== 0) {
    throw new AuthenticationError(
      `The broker refused the login: ${answer.errorMessage ?? errorOf(answer.errorCode).text}`,
    );
  }
  return { text: answer.authBytes.toString('utf8'), sessionLifetimeMs: Number(answer.sessionLifetimeMs) };
}
