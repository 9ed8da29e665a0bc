// What a pattern is made of once it is read, and the words of its errors: RE2/J's, which Apache Kafka passes on to the
// member.

export class RegexSyntaxError extends Error {}

export type CodePointTest = (codePoint: number) => boolean;

export type Assertion =
  | 'begin-text'
  | 'end-text'
  | 'begin-line'
  | 'end-line'
  | 'word-boundary'
  | 'no-word-boundary';

export type Node =
  | { readonly kind: 'empty' }
  | { readonly kind: 'one'; readonly test: CodePointTest }
  | { readonly kind: 'assert'; readonly assertion: Assertion }
  | { readonly kind: 'sequence'; readonly parts: readonly Node[] }
  | { readonly kind: 'choice'; readonly parts: readonly Node[] }
  /** `max` null: any number. */
  | { readonly kind: 'repeat'; readonly part: Node; readonly min: number; readonly max: number | null };
