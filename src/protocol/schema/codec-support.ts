// What compiled codecs call: the reading and writing of strings, bytes, records and tags, with their bounds. Kept out of
// the generated source so that it can be read, stepped through and type-checked.
// Bounds and leniency are those of Apache Kafka's generated readers (MessageDataGenerator): any negative length is null,
// strings end at 32767 bytes, unknown tags are kept whatever their order.

import { DecodeError } from '../wire/decode-error.ts';
import { type Reader, ZERO_UUID } from '../wire/reader.ts';
import type { Writer } from '../wire/writer.ts';
import { EncodeError } from './encode-error.ts';
import type { UnknownTag } from './infer.ts';

/** Lengths of non-compact strings are int16; Kafka holds compact ones to the same bound. */
const STRING_BYTES_MAX = 32767;

/** From this size on a record set is handed on instead of copied: below it, a chunk of its own costs more. */
const EXTERNAL_BYTES_MIN = 4096;

/** Its number and its size: an unknown tag has at least these two bytes. */
const TAG_BYTES_MIN = 2;

const EMPTY_BYTES = Buffer.alloc(0);

function nullRead(path: string): never {
  throw new DecodeError(`non-nullable field ${path} was null`);
}

function readText(reader: Reader, length: number, path: string): string {
  if (length < 0) nullRead(path);
  if (length > STRING_BYTES_MAX)
    throw new DecodeError(`string ${path} of ${length} bytes is longer than ${STRING_BYTES_MAX}`);
  return reader.utf8(length);
}

function readTextOrNull(reader: Reader, length: number, path: string): string | null {
  return length < 0 ? null : readText(reader, length, path);
}

function readBytes(reader: Reader, length: number, path: string): Buffer {
  return length < 0 ? nullRead(path) : reader.copy(length);
}

function readBytesOrNull(reader: Reader, length: number): Buffer | null {
  return length < 0 ? null : reader.copy(length);
}

function readRecords(reader: Reader, length: number, path: string): Buffer {
  return length < 0 ? nullRead(path) : reader.slice(length);
}

function readRecordsOrNull(reader: Reader, length: number): Buffer | null {
  return length < 0 ? null : reader.slice(length);
}

function readTagCount(reader: Reader): number {
  const count = reader.uvarint();
  return count === 0 ? 0 : reader.elements(count, TAG_BYTES_MIN);
}

function readTagSize(reader: Reader): number {
  const size = reader.uvarint();
  if (size > reader.remaining) {
    throw new DecodeError(`a tagged field claims ${size} bytes, but only ${reader.remaining} are left`);
  }
  return size;
}

/** The tag is known, but this version of the message does not have it: Apache Kafka refuses that, too. */
function refuseTag(path: string): never {
  throw new DecodeError(`tagged field ${path} does not exist in this version`);
}

function keepTag(target: { unknownTags?: UnknownTag[] }, tag: number, data: Buffer): void {
  if (target.unknownTags === undefined) target.unknownTags = [{ tag, data }];
  else target.unknownTags.push({ tag, data });
}

/** Only for fields without a default: whoever leaves one out has forgotten it. */
function missing(path: string): never {
  throw new EncodeError(`required field ${path} is missing`);
}

function nullWritten(path: string): never {
  throw new EncodeError(`non-nullable field ${path} is null`);
}

function noPlace(path: string): never {
  throw new EncodeError(`${path} is set, but this version has no place for it`);
}

function writeText(writer: Writer, text: string, path: string): void {
  const length = textLength(text, path);
  writer.int16(length);
  writer.utf8(text, length);
}

function writeCompactText(writer: Writer, text: string, path: string): void {
  const length = textLength(text, path);
  writer.uvarint(length + 1);
  writer.utf8(text, length);
}

function textLength(text: string, path: string): number {
  if (typeof text !== 'string') throw new EncodeError(`${path} is no string`);
  const length = Buffer.byteLength(text);
  if (length > STRING_BYTES_MAX)
    throw new EncodeError(`string ${path} of ${length} bytes is longer than ${STRING_BYTES_MAX}`);
  return length;
}

function writeRecords(writer: Writer, value: Buffer | readonly Buffer[], compact: boolean): void {
  const buffers = Array.isArray(value) ? (value as readonly Buffer[]) : [value as Buffer];
  let length = 0;
  for (const buffer of buffers) length += buffer.length;
  if (compact) writer.uvarint(length + 1);
  else writer.int32(length);
  for (const buffer of buffers) {
    if (buffer.length < EXTERNAL_BYTES_MIN) writer.bytes(buffer);
    else writer.external(buffer);
  }
}

function tagCount(target: { unknownTags?: readonly UnknownTag[] }): number {
  return target.unknownTags === undefined ? 0 : target.unknownTags.length;
}

/** Writes the unknown tags from `index` on that belong in front of `before`; returns the index behind them. */
function writeTagsBefore(
  writer: Writer,
  options: {
    readonly tags: readonly UnknownTag[] | undefined;
    readonly index: number;
    readonly before: number;
  },
): number {
  const tags = options.tags ?? [];
  let index = options.index;
  for (; index < tags.length; index++) {
    const { tag, data } = tags[index]!;
    if (tag >= options.before) break;
    writer.uvarint(tag);
    writer.uvarint(data.length);
    writer.bytes(data);
  }
  return index;
}

/** By name, as generated source refers to them. */
export const codecSupport = {
  EMPTY_BYTES,
  ZERO_UUID,
  nullRead,
  readText,
  readTextOrNull,
  readBytes,
  readBytesOrNull,
  readRecords,
  readRecordsOrNull,
  readTagCount,
  readTagSize,
  refuseTag,
  keepTag,
  missing,
  nullWritten,
  noPlace,
  writeText,
  writeCompactText,
  writeRecords,
  tagCount,
  writeTagsBefore,
} as const;
