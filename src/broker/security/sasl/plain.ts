// PLAIN (RFC 4616) with the users of a JAAS entry: `user_NAME="password"`. Rules and words: PlainSaslServer and
// PlainServerCallbackHandler. An unknown user costs the same comparison as a known one, and the answer is the same.
// Passwords never appear in an error.

import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { type SaslOutcome, type SaslServer, tellClient } from './sasl-server.ts';

/** The password of a user, or undefined. */
export type PlainPasswords = (name: string) => string | undefined;

const NOTHING = Buffer.alloc(0);
const comparisonKey = randomBytes(32);

export class PlainServer implements SaslServer {
  outcome: SaslOutcome | null = null;
  readonly #passwords: PlainPasswords;

  constructor(passwords: PlainPasswords) {
    this.#passwords = passwords;
  }

  evaluate(message: Buffer): Buffer {
    const [authorizationId, name, password] = tokensOf(message);
    if (name === '') throw tellClient('Authentication failed: username not specified');
    if (password === '') throw tellClient('Authentication failed: password not specified');
    const expected = this.#passwords(name);
    const isEqual = isSameText(password, expected ?? '');
    if (expected === undefined || !isEqual) {
      throw tellClient('Authentication failed: Invalid username or password');
    }
    if (authorizationId !== '' && authorizationId !== name) {
      throw tellClient(
        'Authentication failed: Client requested an authorization id that is different from username',
      );
    }
    this.outcome = { name, expiresAtMs: null };
    return NOTHING;
  }
}

/** authzid NUL authcid NUL passwd; after four parts nothing more is looked at. */
function tokensOf(message: Buffer): [string, string, string] {
  const tokens = message.toString('utf8').split('\0', 4);
  if (tokens.length !== 3) {
    throw tellClient(`Invalid SASL/PLAIN response: expected 3 tokens, got ${tokens.length}`);
  }
  return tokens as [string, string, string];
}

/** Takes the same time wherever the texts differ: their keyed digests are compared, which have one length. */
function isSameText(left: string, right: string): boolean {
  const digest = (text: string) => createHmac('sha256', comparisonKey).update(text, 'utf8').digest();
  return timingSafeEqual(digest(left), digest(right));
}
