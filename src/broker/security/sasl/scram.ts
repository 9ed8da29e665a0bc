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

export interface ScramServerOptions {
  readonly hash: ScramHash;
  readonly credential: (name: string) => ScramCredential | undefined;
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

interface FirstStep {
  readonly header: string;
  readonly bare: string;
  readonly serverFirst: string;
  readonly nonce: string;
  readonly name: string;
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

  evaluate(message: Buffer): Buffer {
    const text = message.toString('utf8');
    if (this.#first === null) {
      this.#first = this.#begin(text);
      return Buffer.from(this.#first.serverFirst, 'utf8');
    }
    const answer = this.#finish(this.#first, text);
    this.outcome = { name: this.#first.name, expiresAtMs: null };
    return answer;
  }

  #begin(text: string): FirstStep {
    const found = CLIENT_FIRST.exec(text)?.groups;
    if (found === undefined) throw hideFromClient('invalid SCRAM client first message');
    const { header, bare, authorizationId = '', nonce: clientNonce, extensions } = found;
    if (/,tokenauth=true(?:,|$)/i.test(extensions!)) {
      throw hideFromClient('delegation tokens are not supported');
    }
    const name = userNameOf(found['name']!);
    const known = this.#options.credential(name);
    if (authorizationId !== '' && authorizationId !== name) {
      throw known === undefined
        ? hideFromClient('unknown user')
        : tellClient(
            'Authentication failed: Client requested an authorization id that is different from username',
          );
    }
    if (known !== undefined && known.iterations < ITERATIONS_MIN) {
      throw hideFromClient(
        `the stored credential has ${known.iterations} iterations, fewer than ${ITERATIONS_MIN}`,
      );
    }
    const credential = known ?? madeUpCredential(name, this.#options.hash);
    const nonce = clientNonce + (this.#options.newNonce ?? newNonce)();
    const serverFirst = `r=${nonce},s=${credential.salt.toString('base64')},i=${credential.iterations}`;
    return {
      header: header!,
      bare: bare!,
      serverFirst,
      nonce,
      name,
      credential,
      isKnown: known !== undefined,
    };
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
