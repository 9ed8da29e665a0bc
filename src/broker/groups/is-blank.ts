/** A field of a request that is given, but empty: Java's trim. */
export function isBlank(text: string | null): boolean {
  return text !== null && text.trim() === '';
}
