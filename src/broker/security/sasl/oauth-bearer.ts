// OAUTHBEARER (RFC 7628; KIP-255), the server's half. Rules and words: OAuthBearerSaslServer and
// OAuthBearerClientInitialResponse. Whether a token is good is the validator's business. A bad one is answered with a
// JSON status as a challenge; the client confirms with one %x01 and the login fails with that status as its message.

import { hideFromClient, type SaslOutcome, type SaslServer, tellClient } from './sasl-server.ts';

export interface BearerToken {
  readonly principalName: string;
  readonly expiresAtMs: number;
}

/** A token that is not accepted. The message is for the log: the client reads only the status and scope. */
export class TokenError extends Error {
  override readonly name = 'TokenError';
  /** The scope that was missing, when that is the reason. */
  readonly missingScope: string | null;

  constructor(message: string, missingScope: string | null = null) {
    super(message);
    this.missingScope = missingScope;
  }
}

/** Throws TokenError. */
export type TokenValidator = (token: string) => BearerToken | Promise<BearerToken>;

const SEPARATOR = '\x01';
const CONTROL_A = 0x01;
const NOTHING = Buffer.alloc(0);
const NAME = '[A-Za-z]+';
const VALUE = String.raw`[\x21-\x7E \t\r\n]+`;
const INITIAL_RESPONSE = new RegExp(
  `^n,(?:a=(?<authorizationId>(?:[\\x01-\\x2b\\x2d-\\x3c\\x3e-\\x7f]|=2C|=3D)+))?,\\x01(?<pairs>(?:${NAME}=${VALUE}\\x01)*)\\x01$`,
);
const AUTHORIZATION = /^(?<scheme>\w+) +(?<token>[-_~+/.a-zA-Z0-9]+=*)$/;

export class OAuthBearerServer implements SaslServer {
  outcome: SaslOutcome | null = null;
  readonly #validate: TokenValidator;
  readonly #report: (message: string) => void;
  #status: string | null = null;

  constructor(validate: TokenValidator, report: (message: string) => void) {
    this.#validate = validate;
    this.#report = report;
  }

  async evaluate(message: Buffer): Promise<Buffer> {
    if (message.length === 1 && message[0] === CONTROL_A && this.#status !== null) {
      throw tellClient(this.#status);
    }
    this.#status = null;
    const { token, authorizationId } = parseInitialResponse(message);
    let accepted: BearerToken;
    try {
      accepted = await this.#validate(token);
    } catch (error) {
      if (!(error instanceof TokenError)) throw error;
      this.#report(`Refused an OAUTHBEARER token: ${error.message}.`);
      this.#status = statusOf(error);
      return Buffer.from(this.#status, 'utf8');
    }
    const { principalName, expiresAtMs } = accepted;
    if (authorizationId !== '' && authorizationId !== principalName) {
      throw tellClient(
        `Authentication failed: Client requested an authorization id (${authorizationId}) that is different from the token's principal name (${principalName})`,
      );
    }
    this.outcome = { name: principalName, expiresAtMs };
    return NOTHING;
  }
}

function parseInitialResponse(message: Buffer): { token: string; authorizationId: string } {
  const found = INITIAL_RESPONSE.exec(message.toString('utf8'))?.groups;
  if (found === undefined) throw hideFromClient('invalid OAUTHBEARER client first message');
  const properties = new Map<string, string>();
  for (const pair of found['pairs']!.split(SEPARATOR)) {
    const equals = pair.indexOf('=');
    if (equals > 0) properties.set(pair.slice(0, equals), pair.slice(equals + 1));
  }
  const authorization = AUTHORIZATION.exec(properties.get('auth') ?? '')?.groups;
  if (authorization === undefined || authorization['scheme']!.toLowerCase() !== 'bearer') {
    throw hideFromClient('invalid OAUTHBEARER client first message: no bearer token');
  }
  return { token: authorization['token']!, authorizationId: found['authorizationId'] ?? '' };
}

function statusOf({ missingScope }: TokenError): string {
  if (missingScope === null) return '{"status":"invalid_token"}';
  return `{"status":"insufficient_scope", "scope":"${missingScope}"}`;
}
