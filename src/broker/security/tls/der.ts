// DER (X.690), as much as a key store needs: one value after the other, each with its tag and its content. Lengths are held
// against the bytes that are there; the indefinite lengths of BER are refused.

export interface DerValue {
  readonly tag: number;
  readonly content: Buffer;
}

export const DerTag = {
  INTEGER: 0x02,
  OCTET_STRING: 0x04,
  OBJECT_ID: 0x06,
  SEQUENCE: 0x30,
  SET: 0x31,
  /** [0], holding a value. */
  CONTEXT_0: 0xa0,
  /** [0], in the place of an OCTET STRING. */
  IMPLICIT_0: 0x80,
} as const;

const LONG_FORM = 0x80;
/** Four bytes of length are more than any store has. */
const LENGTH_BYTES_MAX = 4;

export class DerError extends Error {
  override readonly name = 'DerError';
}

/** All values of a content, one after the other. Throws DerError. */
export function derValues(bytes: Buffer): DerValue[] {
  const values: DerValue[] = [];
  let offset = 0;
  while (offset < bytes.length) {
    const { value, end } = readValue(bytes, offset);
    values.push(value);
    offset = end;
  }
  return values;
}

/** The values inside one that must have this tag. */
export function inside(value: DerValue | undefined, tag: number): DerValue[] {
  return derValues(contentOf(value, tag));
}

export function contentOf(value: DerValue | undefined, tag: number): Buffer {
  if (value?.tag !== tag) throw new DerError('a value of another kind stands where one was due');
  return value.content;
}

/** Up to 48 bits; what counts something is no more. */
export function smallInteger(value: DerValue | undefined): number {
  const bytes = contentOf(value, DerTag.INTEGER);
  if (bytes.length === 0 || bytes.length > 6 || bytes[0]! >= 0x80)
    throw new DerError('a number is out of range');
  return bytes.readUIntBE(0, bytes.length);
}

function readValue(bytes: Buffer, offset: number): { readonly value: DerValue; readonly end: number } {
  const tag = bytes[offset];
  const first = bytes[offset + 1];
  if (tag === undefined || first === undefined) throw new DerError('it ends in the middle of a value');
  let start = offset + 2;
  let length = first;
  if (first >= LONG_FORM) {
    const count = first - LONG_FORM;
    if (count === 0 || count > LENGTH_BYTES_MAX) throw new DerError('a length is not that of DER');
    if (start + count > bytes.length) throw new DerError('it ends in the middle of a value');
    length = bytes.readUIntBE(start, count);
    start += count;
  }
  const end = start + length;
  if (end > bytes.length) throw new DerError('a value is longer than what it stands in');
  return { value: { tag, content: bytes.subarray(start, end) }, end };
}
