// Every message of Apache Kafka 4.3.1 in every version, against bytes that Kafka made: decoding gives what its JSON says,
// encoding gives its bytes, from full objects and from drafts.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  declaredMessages,
  expectedValue,
  type GoldenCase,
  loadGoldenMessages,
  loadSchemas,
  type Schema,
  withWideOffsets,
} from '../../../test/support/golden-messages.ts';
import { DecodeError } from '../wire/decode-error.ts';
import { Reader } from '../wire/reader.ts';
import { Writer } from '../wire/writer.ts';
import { codecOf } from './codec.ts';
import type { Message } from './field.ts';

const declared = declaredMessages();
const schemas = new Map(loadSchemas().map(schema => [schema.name, schema]));

function encoded(message: Message, version: number, draft: unknown): string {
  const writer = new Writer();
  codecOf(message, version).encode(writer, draft);
  return writer.toBuffer().toString('hex');
}

function decoded(message: Message, golden: GoldenCase): unknown {
  const reader = new Reader(Buffer.from(golden.hex, 'hex'));
  const value = codecOf(message, golden.version).decode(reader);
  assert.equal(reader.remaining, 0, 'all bytes are read');
  return value;
}

function checkCase(options: { message: Message; wide: Message; schema: Schema; golden: GoldenCase }): void {
  const { message, wide, schema, golden } = options;
  const expected = expectedValue({ schema, message, golden, filled: true, wideOffsets: true });
  const draft = expectedValue({ schema, message, golden, filled: false, wideOffsets: true });
  assert.deepStrictEqual(decoded(wide, golden), expected);
  assert.equal(encoded(wide, golden.version, expected), golden.hex);
  assert.equal(encoded(wide, golden.version, draft), golden.hex);
  const narrow = expectedValue({ schema, message, golden, filled: true, wideOffsets: false });
  if (hasSafeOffsets(expected, narrow)) {
    assert.deepStrictEqual(decoded(message, golden), narrow);
    assert.equal(encoded(message, golden.version, narrow), golden.hex);
  } else {
    assert.throws(() => decoded(message, golden), DecodeError);
  }
}

/** Where the wide value has a bigint and the narrow one a number, there is an offset. */
function hasSafeOffsets(wide: unknown, narrow: unknown): boolean {
  if (typeof wide === 'bigint') return typeof narrow === 'bigint' || BigInt(narrow as number) === safe(wide);
  if (typeof wide !== 'object' || wide === null || Buffer.isBuffer(wide)) return true;
  return Object.entries(wide).every(([key, value]) =>
    hasSafeOffsets(value, (narrow as Record<string, unknown>)[key]),
  );
}

function safe(value: bigint): bigint | null {
  return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? value : null;
}

describe('messages as Apache Kafka writes them', () => {
  for (const { name, cases } of loadGoldenMessages()) {
    it(name, () => {
      const message = declared.get(name)!;
      const wide = withWideOffsets(message);
      for (const golden of cases) {
        try {
          checkCase({ message, wide, schema: schemas.get(name)!, golden });
        } catch (error) {
          throw new Error(`version ${golden.version}, case ${golden.kind}: ${(error as Error).message}`, {
            cause: error,
          });
        }
      }
    });
  }
});
