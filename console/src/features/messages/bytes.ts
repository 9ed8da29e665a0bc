// Bytes that are no text, as people read them: hex with addresses and the printable characters beside it.

import type { Body } from '../../lib/api/types.ts';

export function bytesOfBase64(text: string): Uint8Array {
  // A preview may end inside a group of four characters.
  const whole = text.slice(0, text.length - (text.length % 4));
  return Uint8Array.from(atob(whole), character => character.charCodeAt(0));
}

export function bytesOf(body: Pick<Body, 'text' | 'encoding'>): Uint8Array {
  return body.encoding === 'base64' ? bytesOfBase64(body.text) : new TextEncoder().encode(body.text);
}

export function hexOf(bytes: Uint8Array, separator: string): string {
  return Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join(separator);
}

const BYTES_PER_LINE = 16;

/** `000010  63 61 66 c3 a9 …  caf..` */
export function hexDump(bytes: Uint8Array): string {
  const lines: string[] = [];
  for (let address = 0; address < bytes.length; address += BYTES_PER_LINE) {
    const line = bytes.subarray(address, address + BYTES_PER_LINE);
    const hex = `${hexOf(line.subarray(0, 8), ' ')}  ${hexOf(line.subarray(8), ' ')}`.padEnd(
      BYTES_PER_LINE * 3,
    );
    const text = Array.from(line, byte =>
      byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.',
    ).join('');
    lines.push(`${address.toString(16).padStart(6, '0')}  ${hex}  ${text}`);
  }
  return lines.join('\n');
}
