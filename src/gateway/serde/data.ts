// What a caller may send as a key, a value or a header: text, or bytes in base64. Null and absent are null: a record
// without a key, a tombstone.

import { HttpError } from '../http-error.ts';

export type Data = string | { readonly text: string } | { readonly base64: string };

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

export function bytesOf(data: Data | null | undefined): Buffer | null {
  if (data === null || data === undefined) return null;
  if (typeof data === 'string') return Buffer.from(data, 'utf8');
  if ('text' in data) return Buffer.from(data.text, 'utf8');
  if (!BASE64.test(data.base64) || data.base64.length % 4 === 1) {
    throw new HttpError({ status: 400, code: 'INVALID_REQUEST', message: '"base64" does not hold base64.' });
  }
  return Buffer.from(data.base64, 'base64');
}
