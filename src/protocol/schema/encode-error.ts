// A message that cannot be written as it is: a required field is missing, a value does not fit its type, or the version
// has no place for it. Always a mistake of the program, never of a peer.

export class EncodeError extends Error {
  override readonly name = 'EncodeError';
}
