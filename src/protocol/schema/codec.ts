// codecOf(message, version): how a version of a message is read and written. Compiled from the declaration on first use
// and kept. Generated functions rather than a tree of closures: bench/codec.ts shows why.
//
// decode() throws only DecodeError, whatever the bytes; it checks every length before it allocates, copies everything but
// `records`, keeps unknown tags as `unknownTags`, and leaves bytes behind the message unread (Apache Kafka ignores them).
// encode() throws EncodeError; what was written before it then stays in the writer.

import type { Reader } from '../wire/reader.ts';
import type { Writer } from '../wire/writer.ts';
import { codecSupport } from './codec-support.ts';
import { compileDecoder, type Decode } from './decoder.ts';
import { EncodeError } from './encode-error.ts';
import { compileEncoder, type Encode } from './encoder.ts';
import type { Message } from './field.ts';
import { pathOfMisfit } from './misfit.ts';
import { preparedCodecs } from './prepared-codecs.ts';
import { isWithin } from './source.ts';

const prepared = preparedCodecs(codecSupport);

export class Codec<Value = unknown, Draft = unknown> {
  readonly message: Message<Value, Draft>;
  readonly version: number;
  // Apart, because most messages are only ever read here, or only ever written.
  #decode: Decode | null = null;
  #encode: Encode | null = null;

  constructor(message: Message<Value, Draft>, version: number) {
    this.message = message;
    this.version = version;
  }

  decode(reader: Reader): Value {
    this.#decode ??= (this.#prepared('decode') as Decode) ?? compileDecoder(this.message, this.version);
    return this.#decode(reader) as Value;
  }

  encode(writer: Writer, draft: Draft): void {
    this.#encode ??= (this.#prepared('encode') as Encode) ?? compileEncoder(this.message, this.version);
    try {
      this.#encode(writer, draft);
    } catch (error) {
      throw this.#explain(error, draft);
    }
  }

  #prepared(direction: 'decode' | 'encode'): unknown {
    return prepared.get(`${direction} ${this.message.name} ${this.version}`)?.();
  }

  #explain(error: unknown, draft: Draft): EncodeError {
    const { name, fields } = this.message;
    const reason = error instanceof Error ? error.message : String(error);
    const misfit =
      error instanceof EncodeError ? null : pathOfMisfit(fields, { draft, version: this.version });
    const place = misfit === null ? '' : ` at ${misfit}`;
    return new EncodeError(`${name} version ${this.version}${place}: ${reason}`, { cause: error });
  }
}

const codecs = new WeakMap<Message, (Codec | undefined)[]>();

/** Throws RangeError for a version the message does not have: ask the message's `versions` first. */
export function codecOf<Value, Draft>(message: Message<Value, Draft>, version: number): Codec<Value, Draft> {
  let versions = codecs.get(message as Message);
  if (versions === undefined) {
    versions = [];
    codecs.set(message as Message, versions);
  }
  const known = versions[version];
  if (known !== undefined) return known as Codec<Value, Draft>;
  if (!Number.isInteger(version) || !isWithin(message.versions, version)) {
    const { min, max } = message.versions;
    throw new RangeError(`${message.name} has versions ${min} to ${max}, not ${version}`);
  }
  const codec = new Codec(message, version);
  versions[version] = codec as Codec;
  return codec;
}
