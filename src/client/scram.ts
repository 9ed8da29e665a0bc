// The client's half of SCRAM (RFC 5802; Kafka's SCRAM-SHA-256 and -512, KIP-84). Kafka does not apply SASLprep: names
// and passwords are their UTF-8 bytes (ScramFormatter.normalize). The server's nonce must extend ours and its signature
// must match, else somebody else is answering.

import { createHash, createHmac, pbkdf2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { AuthenticationError } from './errors.ts';

const deriveKey = promisify(pbkdf2);
const NONCE_BYTES = 24;
/** Kafka refuses to store fewer. */
const ITERATIONS_MIN = 4096;
/** A server that asks for more wants our processor, not our proof. */
const ITERATIONS_MAX = 1_000_000;
/** "n,," in base64: no channel binding. */
const CHANNEL_BINDING = 'biws';

export type ScramHash = 'sha256' | 'sha512';

export interface ScramKeys {
  readonly clientKey: Buffer;
  readonly storedKey: Buffer;
  readonly serverKey: Buffer;
}

export async function scramKeys(options: {
  readonly hash: ScramHash;
  readonly password: string;
  readonly salt: Buffer;
  readonly iterations: number;
}): Promise<ScramKeys> {
  const { hash, password, salt, iterations } = options;
  const size = hash === 'sha256' ? 32 : 64;
  const salted = await deriveKey(Buffer.from(password, 'utf8'), salt, iterations, size, hash);
  const clientKey = createHmac(hash, salted).update('Client Key').digest();
  return {
    clientKey,
    storedKey: createHash(hash).update(clientKey).digest(),
    serverKey: createHmac(hash, salted).update('Server Key').digest(),
  };
}

export class ScramExchange {
  readonly #hash: ScramHash;
  readonly #password: string;
  readonly #nonce: string;
  readonly #firstBare: string;
  #serverSignature: Buffer | null = null;

  constructor(options: {
    readonly hash: ScramHash;
    readonly username: string;
    readonly password: string;
    readonly nonce?: string;
  }) {
    this.#hash = options.hash;
    this.#password = options.password;
    this.#nonce = options.nonce ?? randomBytes(NONCE_BYTES).toString('base64');
    const name = options.username.replaceAll('=', '=3D').replaceAll(',', '=2C');
    this.#firstBare = `n=${name},r=${this.#nonce}`;
  }

  first(): string {
    return `n,,${this.#firstBare}`;
  }

  async final(serverFirst: string): Promise<string> {
    const { nonce, salt, iterations } = this.#readServerFirst(serverFirst);
    const keys = await scramKeys({ hash: this.#hash, password: this.#password, salt, iterations });
    const withoutProof = `c=${CHANNEL_BINDING},r=${nonce}`;
    const signed = `${this.#firstBare},${serverFirst},${withoutProof}`;
    const signature = createHmac(this.#hash, keys.storedKey).update(signed).digest();
    const proof = Buffer.from(keys.clientKey.map((byte, index) => byte ^ signature[index]!));
    this.#serverSignature = createHmac(this.#hash, keys.serverKey).update(signed).digest();
    return `${withoutProof},p=${proof.toString('base64')}`;
  }

  /** Throws unless the server has proved that it knows the password's verifier. */
  verify(serverFinal: string): void {
    const fields = fieldsOf(serverFinal);
    const error = fields.get('e');
    if (error !== undefined) throw new AuthenticationError(`The broker refused the login: ${error}.`);
    const signature = Buffer.from(fields.get('v') ?? '', 'base64');
    const expected = this.#serverSignature;
    if (expected === null || signature.length !== expected.length || !timingSafeEqual(signature, expected)) {
      throw new AuthenticationError(
        'The broker could not prove who it is (wrong SCRAM signature). Nothing was sent to it.',
      );
    }
  }

  #readServerFirst(text: string): { nonce: string; salt: Buffer; iterations: number } {
    const fields = fieldsOf(text);
    const nonce = fields.get('r') ?? '';
    const salt = Buffer.from(fields.get('s') ?? '', 'base64');
    const iterations = Number(fields.get('i'));
    if (!nonce.startsWith(this.#nonce) || nonce.length === this.#nonce.length || salt.length === 0) {
      throw new AuthenticationError('The broker sent a SCRAM challenge that does not belong to this login.');
    }
    if (!Number.isInteger(iterations) || iterations < ITERATIONS_MIN || iterations > ITERATIONS_MAX) {
      throw new AuthenticationError(
        `The broker asks for ${fields.get('i')} SCRAM iterations; ${ITERATIONS_MIN} to ${ITERATIONS_MAX} are accepted.`,
      );
    }
    return { nonce, salt, iterations };
  }
}

function fieldsOf(text: string): Map<string, string> {
  return new Map(text.split(',').map(field => [field.slice(0, 1), field.slice(2)]));
}
