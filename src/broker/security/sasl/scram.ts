// SCRAM-SHA-256 and SCRAM-SHA-512 (RFC 5802, RFC 7677; KIP-84), the server's half. Rules and words: ScramSaslServer and
// ScramMessages; names are not SASLprep'ed. Of a password the node knows only StoredKey and ServerKey. Beyond Apache Kafka:
// an unknown user goes through the whole exchange with a made-up salt, and fails where a wrong password fails; the
// channel binding that the client repeats is checked. Every comparison of secrets takes constant time.

import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { hideFromClient, type SaslOutcome, type SaslServer, tellClient } from './sasl-server.ts';

export type ScramHash = 'sha256' | 'sha512';

export interface ScramCredential {
  readonly salt: Buffer;
  readonly storedKey: Buffer;
  readonly serverKey: Buffer;
  readonly iterations: number;
}

export interface TokenCredential {
  readonly credential: ScramCredential;
  /** Whom the token stands for, without a type. */
  readonly owner: string;
  readonly expiresAtMs: number;
}

export interface ScramServerOptions {
  readonly hash: ScramHash;
  readonly credential: (name: string) => ScramCredential | undefined;
  /** Of a delegation token by its id (KIP-48), which a client names with the extension `tokenauth=true`. */
  readonly token?: (tokenId: string) => Promise<TokenCredential | undefined>;
  /** Printable, without a comma. */
  readonly newNonce?: () => string;
}

/** ScramMechanism.minIterations, for both. */
const ITERATIONS_MIN = 4096;
const SIZE = { sha256: 32, sha512: 64 } as const;
const NONCE_BYTES = 18;
const SALT_BYTES = 16;
/** An unknown user has the same salt whenever he is tried, as a known one has. */
const saltKey = randomBytes(32);

// [\x01-\x7F] without "," and, in names, without "=" (ScramMessages).
const SASL_NAME = String.raw`(?:[\x01-\x2b\x2d-\x3c\x3e-\x7f]|=2C|=3D)+`;
const VALUE = String.raw`[\x01-\x2b\x2d-\x7f]+`;
const PRINTABLE = String.raw`[\x21-\x2b\x2d-\x7e]+`;
const BASE64 = '(?:[a-zA-Z0-9/+]{4})*(?:[a-zA-Z0-9/+]{3}=|[a-zA-Z0-9/+]{2}==)?';
const EXTENSIONS = `(?:,[A-Za-z]+=${VALUE})*`;
const CLIENT_FIRST = new RegExp(
  `^(?<header>n,(?:a=(?<authorizationId>${SASL_NAME}))?,)(?<bare>(?:m=${VALUE},)?n=(?<name>${SASL_NAME}),r=(?<nonce>${PRINTABLE})(?<extensions>${EXTENSIONS}))$`,
);
const CLIENT_FINAL = new RegExp(
  `^(?<withoutProof>c=(?<channel>${BASE64}),r=(?<nonce>${PRINTABLE})${EXTENSIONS}),p=(?<proof>${BASE64})$`,
);

/** ScramExtensions.tokenAuthenticated: the value is read as Java reads a boolean. */
const TOKEN_AUTHENTICATION = /,tokenauth=[tT][rR][uU][eE](?:,|$)/;

/** What the client first says of itself. */
interface ClientFirst {
  readonly header: string;
  readonly bare: string;
  readonly clientNonce: string;
  readonly name: string;
  readonly authorizationId: string;
}

interface FirstStep {
  readonly header: string;
  readonly bare: string;
  readonly serverFirst: string;
  readonly nonce: string;
  readonly outcome: SaslOutcome;
  readonly credential: ScramCredential;
  readonly isKnown: boolean;
}

export class ScramServer implements SaslServer {
  outcome: SaslOutcome | null = null;
  readonly #options: ScramServerOptions;
  #first: FirstStep | null = null;

  constructor(options: ScramServerOptions) {
    this.#options = options;
  }

  evaluate(message: Buffer): Buffer | Promise<Buffer> {
    const text = message.toString('utf8');
    if (this.#first === null) return this.#begin(text);
    const answer = this.#finish(this.#first, text);
    this.outcome = this.#first.outcome;
    return answer;
  }

  #begin(text: string): Buffer | Promise<Buffer> {
    const found = CLIENT_FIRST.exec(text)?.groups;
    if (found === undefined) throw hideFromClient('invalid SCRAM client first message');
    const { header, bare, authorizationId = '', nonce: clientNonce, extensions } = found;
    const name = userNameOf(found['name']!);
    const first = { header: header!, bare: bare!, clientNonce: clientNonce!, name, authorizationId };
    return TOKEN_AUTHENTICATION.test(extensions!) ? this.#beginByToken(first) : this.#beginByPassword(first);
  }

  async #beginByToken(first: ClientFirst): Promise<Buffer> {
    const token = await this.#options.token?.(first.name);
    if (token === undefined) throw hideFromClient('no delegation token has this id');
    const { credential, owner, expiresAtMs } = token;
    refuseOtherIdentity(first);
    const outcome = { name: owner, expiresAtMs, isByToken: true };
    return this.#challenge(first, { credential, outcome, isKnown: true });
  }

  #beginByPassword(first: ClientFirst): Buffer {
    const { name, authorizationId } = first;
    const known = this.#options.credential(name);
    if (known === undefined && authorizationId !== '' && authorizationId !== name) {
      throw hideFromClient('unknown user');
    }
    refuseOtherIdentity(first);
    if (known !== undefined && known.iterations < ITERATIONS_MIN) {
      throw hideFromClient(
        `the stored credential has ${known.iterations} iterations, fewer than ${ITERATIONS_MIN}`,
      );
    }
    const credential = known ?? madeUpCredential(name, this.#options.hash);
    const outcome = { name, expiresAtMs: null };
    return this.#challenge(first, { credential, outcome, isKnown: known !== undefined });
  }

  #challenge(
    { header, bare, clientNonce }: ClientFirst,
    checked: Pick<FirstStep, 'credential' | 'outcome' | 'isKnown'>,
  ): Buffer {
    const { salt, iterations } = checked.credential;
    const nonce = clientNonce + (this.#options.newNonce ?? newNonce)();
    const serverFirst = `r=${nonce},s=${salt.toString('base64')},i=${iterations}`;
    this.#first = { header, bare, serverFirst, nonce, ...checked };
    return Buffer.from(serverFirst, 'utf8');
  }

  #finish({ header, bare, serverFirst, nonce, credential, isKnown }: FirstStep, text: string): Buffer {
    const { hash } = this.#options;
    const found = CLIENT_FINAL.exec(text)?.groups;
    if (found === undefined) throw hideFromClient('invalid SCRAM client final message');
    if (found['nonce'] !== nonce) throw hideFromClient('invalid client nonce in the final client message');
    if (found['channel'] !== Buffer.from(header, 'utf8').toString('base64')) {
      throw hideFromClient('the final client message repeats another channel binding');
    }
    const signed = `${bare},${serverFirst},${found['withoutProof']}`;
    const proof = Buffer.from(found['proof']!, 'base64');
    const signature = createHmac(hash, credential.storedKey).update(signed).digest();
    if (proof.length !== signature.length) throw hideFromClient('the proof has a wrong length');
    const clientKey = Buffer.from(proof.map((byte, index) => byte ^ signature[index]!));
    const storedKey = createHash(hash).update(clientKey).digest();
    const isEqual =
      storedKey.length === credential.storedKey.length && timingSafeEqual(storedKey, credential.storedKey);
    if (!isEqual || !isKnown) throw hideFromClient('invalid client credentials');
    const serverSignature = createHmac(hash, credential.serverKey).update(signed).digest();
    return Buffer.from(`v=${serverSignature.toString('base64')}`, 'utf8');
  }
}

function refuseOtherIdentity({ name, authorizationId }: ClientFirst): void {
  if (authorizationId === '' || authorizationId === name) return;
  throw tellClient(
    'Authentication failed: Client requested an authorization id that is different from username',
  );
}

/** ScramFormatter.username; the pattern has let no other "=" through. */
function userNameOf(saslName: string): string {
  return saslName.replaceAll('=2C', ',').replaceAll('=3D', '=');
}

function newNonce(): string {
  return randomBytes(NONCE_BYTES).toString('base64');
}

function madeUpCredential(name: string, hash: ScramHash): ScramCredential {
  const salt = createHmac('sha256', saltKey).update(name).digest().subarray(0, SALT_BYTES);
  return {
    salt,
    storedKey: randomBytes(SIZE[hash]),
    serverKey: randomBytes(SIZE[hash]),
    iterations: ITERATIONS_MIN,
  };
}
