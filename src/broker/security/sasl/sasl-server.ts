// The server's half of one SASL mechanism for one login: messages in, messages out, until it is complete or has failed.
// It knows no socket, no request and no delay; those belong to sasl-session.ts. A failure says whether the client may
// read its reason: of wrong credentials it must not learn more than that they are wrong (SaslServerAuthenticator).

export interface SaslOutcome {
  /** The principal's name, without `User:`. */
  readonly name: string;
  /** When the credential itself ends (a token's expiry), or null. */
  readonly expiresAtMs: number | null;
  /** A delegation token was the credential. */
  readonly isByToken?: boolean;
}

export interface SaslServer {
  /** The answer to the client's message. Throws SaslFailure. */
  evaluate(message: Buffer): Buffer | Promise<Buffer>;
  /** Null until the exchange is complete. */
  readonly outcome: SaslOutcome | null;
}

/** The login is refused. */
export class SaslFailure extends Error {
  override readonly name = 'SaslFailure';
  /** True: the message is for the client (Kafka's SaslAuthenticationException). False: for the log only. */
  readonly isForClient: boolean;

  constructor(message: string, options: { readonly isForClient: boolean }) {
    super(message);
    this.isForClient = options.isForClient;
  }
}

export function tellClient(message: string): SaslFailure {
  return new SaslFailure(message, { isForClient: true });
}

export function hideFromClient(message: string): SaslFailure {
  return new SaslFailure(message, { isForClient: false });
}
