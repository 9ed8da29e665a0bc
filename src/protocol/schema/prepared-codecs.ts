// Codecs that were compiled when the program was built (scripts/start-codecs.ts): those that every start needs, because to
// generate and compile them is 8 ms of it. Here there are none, and in the bundle this file is another. They come from the
// same generators and take the same support, so it must never matter to anyone whether a codec is among them.

/** By direction, message and version, `decode FetchRequest 17`: what makes the codec, over the support of compiled ones. */
export function preparedCodecs(
  _support: Readonly<Record<string, unknown>>,
): ReadonlyMap<string, () => unknown> {
  return new Map();
}
