// What can go wrong between this client and a broker before any broker has answered. A broker's own answer is a
// KafkaError (protocol/errors.ts); this is silence: nobody there, a broken line, no answer in time. The message is for a
// person and says what it means for the request.

/** Whether a request that failed may nevertheless have been carried out. */
export type Outcome = 'not-sent' | 'unknown';

export class BrokerUnreachableError extends Error {
  override readonly name = 'BrokerUnreachableError';
  /** host:port, or the list that was tried. */
  readonly address: string;
  readonly outcome: Outcome;
  /** The system's code (ECONNREFUSED), as far as there is one. */
  readonly code: string | null;

  constructor(options: {
    readonly address: string;
    readonly reason: string;
    readonly outcome: Outcome;
    readonly code?: string | null;
    readonly cause?: unknown;
  }) {
    super(`${options.address} ${options.reason}`, { cause: options.cause });
    this.address = options.address;
    this.outcome = options.outcome;
    this.code = options.code ?? null;
  }
}

/** The broker was reached and refused the login, or offers no way to log in that this client knows. */
export class AuthenticationError extends Error {
  override readonly name = 'AuthenticationError';
}

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refused the connection: nothing listens there',
  ENOTFOUND: 'is unknown: the host name does not resolve',
  EAI_AGAIN: 'is unknown: the host name does not resolve just now',
  EHOSTUNREACH: 'cannot be reached: no route to the host',
  ENETUNREACH: 'cannot be reached: no route to the network',
  ECONNRESET: 'closed the connection',
  EPIPE: 'closed the connection',
  ETIMEDOUT: 'did not answer in time',
};

/** A socket's error in words: "localhost:9094 refused the connection: nothing listens there". */
export function unreachable(options: {
  readonly address: string;
  readonly error: unknown;
  readonly outcome: Outcome;
}): BrokerUnreachableError {
  const { address, outcome } = options;
  if (options.error instanceof BrokerUnreachableError) return options.error;
  const error = firstOf(options.error);
  const code = (error as NodeJS.ErrnoException).code ?? null;
  const reason = (code === null ? undefined : REASONS[code]) ?? `failed: ${error.message}`;
  return new BrokerUnreachableError({ address, reason, outcome, code, cause: error });
}

/** Node tries all addresses of a name and throws the failures together; the first says enough. */
function firstOf(error: unknown): Error {
  if (error instanceof AggregateError && error.errors[0] instanceof Error) return error.errors[0];
  return error instanceof Error ? error : new Error(String(error));
}
