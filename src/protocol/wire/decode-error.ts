// What every reader of foreign bytes throws when they cannot be what they claim to be: a length beyond the bytes left,
// a bad varint, null where none may be, a bound exceeded. Whoever handed the bytes in decides what it means (a closed
// connection, a refused request, a damaged file). Nothing else may escape from decoding, whatever the bytes.

export class DecodeError extends Error {
  override readonly name = 'DecodeError';
}
