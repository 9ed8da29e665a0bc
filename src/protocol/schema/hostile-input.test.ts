// Bytes from a peer that lies: whatever they are, decoding ends with a value or a DecodeError, soon and in little memory.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { declaredMessages, loadGoldenMessages } from '../../../test/support/golden-messages.ts';
import { fc } from '../../../test/support/properties.ts';
import { decodeRequestHeader } from '../messages/headers.ts';
import { decodeMetadataRecord, groupRecordCodec } from '../messages/records/framing.ts';
import { DecodeError } from '../wire/decode-error.ts';
import { Reader } from '../wire/reader.ts';
import { codecOf } from './codec.ts';
import type { Message } from './field.ts';

/** True if it decoded. Anything but a DecodeError fails the test. */
function decodes(decode: () => unknown): boolean {
  try {
    decode();
    return true;
  } catch (error) {
    if (error instanceof DecodeError) return false;
    throw error;
  }
}

/** Reproducible on every run: mulberry32. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const declared = declaredMessages();
const messages = [...declared.values()];

describe('hostile bytes', () => {
  it('every message, cut anywhere, is refused', () => {
    const random = randomFrom(1);
    for (const { name, cases } of loadGoldenMessages()) {
      const message = declared.get(name)!;
      for (const { version, hex } of cases) {
        const bytes = Buffer.from(hex, 'hex');
        for (let i = 0; i < 5 && bytes.length > 0; i++) {
          const cut = Math.floor(random() * bytes.length);
          const decoded = decodes(() => codecOf(message, version).decode(new Reader(bytes, 0, cut)));
          assert.equal(decoded, false, `${name} version ${version} of ${bytes.length} bytes, cut to ${cut}`);
        }
      }
    }
  });

  it('every message with changed bytes decodes or is refused', () => {
    const random = randomFrom(2);
    let refused = 0;
    for (const { name, cases } of loadGoldenMessages()) {
      const message = declared.get(name)!;
      for (const { version, hex } of cases) {
        const bytes = Buffer.from(hex, 'hex');
        if (bytes.length === 0) continue;
        for (let i = 0; i < 1 + random() * 3; i++) {
          bytes[Math.floor(random() * bytes.length)] = random() < 0.5 ? 0xff : Math.floor(random() * 256);
        }
        if (!decodes(() => codecOf(message, version).decode(new Reader(bytes)))) refused++;
      }
    }
    assert.ok(refused > 100);
  });

  it('random bytes are no message', () => {
    const anyMessage = fc
      .constantFrom(...messages)
      .chain((message: Message) =>
        fc.tuple(fc.constant(message), fc.integer({ min: message.versions.min, max: message.versions.max })),
      );
    fc.assert(
      fc.property(anyMessage, fc.uint8Array({ maxLength: 200 }), ([message, version], bytes) => {
        decodes(() => codecOf(message, version).decode(new Reader(Buffer.from(bytes))));
      }),
      { numRuns: 3000 },
    );
  });

  it('random bytes are no header and no record', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), fc.uint8Array({ maxLength: 60 }), (one, other) => {
        const [first, second] = [Buffer.from(one), Buffer.from(other)];
        decodes(() => decodeRequestHeader(new Reader(first)));
        decodes(() => decodeMetadataRecord(first));
        decodes(() => groupRecordCodec.decode(first, second));
      }),
      { numRuns: 1000 },
    );
  });

  it('lengths that lie cost no memory', () => {
    const before = process.memoryUsage();
    for (const message of messages) {
      for (let version = message.versions.min; version <= message.versions.max; version++) {
        for (const lie of ['7fffffff', 'ffffffff0f', 'feffffff0f', '7fff']) {
          const bytes = Buffer.from(lie.repeat(20), 'hex');
          for (let start = 0; start < 4; start++) {
            decodes(() => codecOf(message, version).decode(new Reader(bytes, start)));
          }
        }
      }
    }
    const after = process.memoryUsage();
    assert.ok(
      after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers < 128 * 1024 * 1024,
    );
  });
});
