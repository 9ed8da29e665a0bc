// Keys, values and headers as the HTTP API shows them: text as it is, never parsed and written again (a number of 20
// digits stays one), bytes that are no text in base64. Null is not empty. A preview is cut between characters.

import { isUtf8 } from 'node:buffer';

export interface Body {
  readonly text: string;
  readonly encoding: 'utf8' | 'base64';
  /** `json`: an object or an array. A lone number or word is text. */
  readonly format: 'json' | 'text' | 'bytes';
  /** Of the whole, in bytes. */
  readonly size: number;
  readonly truncated: boolean;
}

/** Larger values are called JSON by their brackets: parsing them for a list of previews would cost more than it tells. */
const PARSED_BYTES_MAX = 64 * 1024;
const UTF8_SEQUENCE_MAX = 4;

export function bodyOf(bytes: Buffer | null, bytesMax: number): Body | null {
  if (bytes === null) return null;
  const size = bytes.length;
  const truncated = size > bytesMax;
  if (!isText(bytes)) {
    const shown = truncated ? bytes.subarray(0, bytesMax) : bytes;
    return { text: shown.toString('base64'), encoding: 'base64', format: 'bytes', size, truncated };
  }
  const format = isJson(bytes) ? 'json' : 'text';
  const shown = truncated ? bytes.subarray(0, characterBorder(bytes, bytesMax)) : bytes;
  return { text: shown.toString('utf8'), encoding: 'utf8', format, size, truncated };
}

/** UTF-8 without NUL: bytes that count something (an int32 key) are valid UTF-8 by accident only. */
function isText(bytes: Buffer): boolean {
  return !bytes.includes(0) && isUtf8(bytes);
}

/** The last border between two characters at or before the position, in valid UTF-8. */
export function characterBorder(bytes: Buffer, position: number): number {
  if (position >= bytes.length) return bytes.length;
  for (let border = position; border > position - UTF8_SEQUENCE_MAX && border > 0; border -= 1) {
    if ((bytes[border]! & 0xc0) !== 0x80) return border;
  }
  return 0;
}

function isJson(bytes: Buffer): boolean {
  const pair = `${firstOf(bytes)}${lastOf(bytes)}`;
  if (pair !== '{}' && pair !== '[]') return false;
  if (bytes.length > PARSED_BYTES_MAX) return true;
  try {
    JSON.parse(bytes.toString('utf8'));
    return true;
  } catch {
    return false;
  }
}

function firstOf(bytes: Buffer): string {
  let position = 0;
  while (position < bytes.length && isSpace(bytes[position]!)) position += 1;
  return position < bytes.length ? String.fromCharCode(bytes[position]!) : '';
}

function lastOf(bytes: Buffer): string {
  let position = bytes.length - 1;
  while (position >= 0 && isSpace(bytes[position]!)) position -= 1;
  return position >= 0 ? String.fromCharCode(bytes[position]!) : '';
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}
