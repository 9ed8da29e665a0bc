// The TypeScript types of messages, inferred from their declarations. Two per message: what decoding gives (every field
// present, whatever the version) and the draft that encoding takes (a field with a default, a tag, `ignorable` or an end
// of life may be absent). Types only.

/** A tagged field this version of the schema does not know (KIP-482), kept so that it survives a round trip. */
export interface UnknownTag {
  readonly tag: number;
  readonly data: Buffer;
}

export interface UnknownTags {
  /** Present only where unknown tags came in. Encoded again, in order, in flexible versions. */
  unknownTags?: readonly UnknownTag[];
}

/** What a field declaration carries for the type checker; none of it exists at run time. */
export interface Typed {
  readonly $value: unknown;
  readonly $draft: unknown;
  readonly $optional: boolean;
}

export type Shape = { readonly [name: string]: Typed };

export type ValueOf<S extends Shape> = { -readonly [K in keyof S]: S[K]['$value'] } & UnknownTags;

type OptionalKeys<S extends Shape> = { [K in keyof S]: S[K]['$optional'] extends true ? K : never }[keyof S];

export type DraftOf<S extends Shape> = {
  readonly [K in Exclude<keyof S, OptionalKeys<S>>]: S[K]['$draft'];
} & {
  readonly [K in OptionalKeys<S>]?: S[K]['$draft'] | undefined;
} & Readonly<UnknownTags>;
