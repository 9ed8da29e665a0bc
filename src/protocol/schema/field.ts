// The language messages are declared in. One declaration describes all versions of a message: the order of its fields is
// their order on the wire, and each field says since and until which version it exists. The TypeScript types follow from
// the declaration (infer.ts), the codec of a version is compiled from it on first use (codec.ts).
// The rules are those of Apache Kafka's message definitions (clients/src/main/resources/common/message/README.md).
//
// Only values here: no version is ever tested outside codec.ts.

import type { DraftOf, Shape, Typed, ValueOf } from './infer.ts';

export interface VersionRange {
  readonly min: number;
  readonly max: number;
}

/** Versions are int16. */
const VERSION_MAX = 32767;
const ALWAYS: VersionRange = { min: 0, max: VERSION_MAX };

export type Kind =
  | 'bool'
  | 'int8'
  | 'int16'
  | 'uint16'
  | 'int32'
  | 'uint32'
  | 'int64'
  | 'offset'
  | 'float64'
  | 'string'
  | 'bytes'
  | 'records'
  | 'uuid'
  | 'array'
  | 'struct';

interface Facts {
  readonly kind: Kind;
  /** The versions that have the field. */
  readonly versions: VersionRange;
  /** The versions in which it may be null. */
  readonly nullable: VersionRange | null;
  /** Undefined: the zero of its type (0, "", no elements, a struct of defaults). */
  readonly defaultValue: unknown;
  readonly tag: number | null;
  /** A value that a version cannot carry is dropped instead of refused. */
  readonly ignorable: boolean;
  /** Written in the old form also in flexible versions; only the request header's client id is. */
  readonly neverCompact: boolean;
  readonly element: AnyField | null;
  readonly fields: Fields | null;
}

export type AnyField = Field<unknown, unknown, boolean>;
export type Fields = { readonly [name: string]: AnyField };

export class Field<Value, Draft, Optional extends boolean = false> implements Typed {
  declare readonly $value: Value;
  declare readonly $draft: Draft;
  declare readonly $optional: Optional;
  readonly facts: Facts;

  constructor(facts: Facts) {
    this.facts = facts;
  }

  /** Exists from this version on. */
  since(version: number): Field<Value, Draft, Optional> {
    return this.#with({ versions: { min: version, max: this.facts.versions.max } });
  }

  /** Exists up to this version, inclusive. A draft need not have it. */
  until(version: number): Field<Value, Draft, true> {
    return this.#with({ versions: { min: this.facts.versions.min, max: version } });
  }

  /** May be null: in all versions that have it, or in some of them. */
  nullable(
    range: { readonly since?: number; readonly until?: number } = {},
  ): Field<Value | null, Draft | null, Optional> {
    return this.#with({ nullable: { min: range.since ?? 0, max: range.until ?? VERSION_MAX } });
  }

  /** What decoding gives where a version lacks the field, and encoding writes where a draft does. */
  default(value: Value): Field<Value, Draft, true> {
    return this.#with({ defaultValue: value });
  }

  /** A tagged field (KIP-482): behind the others, in flexible versions, and only when it is not its default. */
  tag(tag: number): Field<Value, Draft, true> {
    return this.#with({ tag });
  }

  /** May be dropped silently for versions that lack the field; others refuse a value that is not the default. */
  ignorable(): Field<Value, Draft, true> {
    return this.#with({ ignorable: true });
  }

  neverCompact(): Field<Value, Draft, Optional> {
    return this.#with({ neverCompact: true });
  }

  #with<V, D, O extends boolean>(facts: Partial<Facts>): Field<V, D, O> {
    return new Field({ ...this.facts, ...facts });
  }
}

const PLAIN: Omit<Facts, 'kind'> = {
  versions: ALWAYS,
  nullable: null,
  defaultValue: undefined,
  tag: null,
  ignorable: false,
  neverCompact: false,
  element: null,
  fields: null,
};

export const bool = new Field<boolean, boolean>({ ...PLAIN, kind: 'bool' });
export const int8 = new Field<number, number>({ ...PLAIN, kind: 'int8' });
export const int16 = new Field<number, number>({ ...PLAIN, kind: 'int16' });
export const uint16 = new Field<number, number>({ ...PLAIN, kind: 'uint16' });
export const int32 = new Field<number, number>({ ...PLAIN, kind: 'int32' });
export const uint32 = new Field<number, number>({ ...PLAIN, kind: 'uint32' });
export const int64 = new Field<bigint, bigint>({ ...PLAIN, kind: 'int64' });
/** An int64 that is an offset of a log: a number, checked to lie within ±2^53. */
export const offset = new Field<number, number>({ ...PLAIN, kind: 'offset' });
export const float64 = new Field<number, number>({ ...PLAIN, kind: 'float64' });
/** UTF-8, at most 32767 bytes. */
export const string = new Field<string, string>({ ...PLAIN, kind: 'string' });
/** Copied on decode. */
export const bytes = new Field<Buffer, Uint8Array>({ ...PLAIN, kind: 'bytes' });
/** Record batches. A view of the request's bytes on decode; one buffer or several, in order, on encode. */
export const records = new Field<Buffer, Buffer | readonly Buffer[]>({ ...PLAIN, kind: 'records' });
/** 22 characters of base64url, as Kafka prints it; the zero uuid is ZERO_UUID. */
export const uuid = new Field<string, string>({ ...PLAIN, kind: 'uuid' });

export function array<V, D>(element: Field<V, D, boolean>): Field<V[], readonly D[]> {
  return new Field({ ...PLAIN, kind: 'array', element: element as AnyField });
}

export function struct<S extends Shape>(fields: S): Field<ValueOf<S>, DraftOf<S>> {
  return new Field({ ...PLAIN, kind: 'struct', fields: fields as unknown as Fields });
}

/** A message: a name, its versions, its fields. What codecOf() compiles. */
export class Message<Value = unknown, Draft = unknown> {
  declare readonly $value: Value;
  declare readonly $draft: Draft;
  readonly name: string;
  readonly versions: VersionRange;
  /** The first version with compact lengths and tagged fields (KIP-482); Infinity if none has them. */
  readonly flexibleSince: number;
  readonly fields: Fields;

  constructor(options: {
    readonly name: string;
    readonly versions: VersionRange;
    readonly flexibleSince: number;
    readonly fields: Fields;
  }) {
    this.name = options.name;
    this.versions = options.versions;
    this.flexibleSince = options.flexibleSince;
    this.fields = options.fields;
  }
}

/** "3" or "3-13". */
export type Versions = `${number}` | `${number}-${number}`;
/** "9+", or "none" when no version is flexible. */
export type FlexibleVersions = `${number}+` | 'none';

export interface MessageOptions<S extends Shape> {
  readonly name: string;
  readonly versions: Versions;
  readonly flexible: FlexibleVersions;
  readonly fields: S;
}

/** A message that stands alone: a header, a control record's value, the consumer protocol. */
export function message<S extends Shape>(options: MessageOptions<S>): Message<ValueOf<S>, DraftOf<S>> {
  return new Message({
    name: options.name,
    versions: versionRangeOf(options.versions),
    flexibleSince: flexibleSinceOf(options.flexible),
    fields: options.fields as unknown as Fields,
  });
}

/** One API: its request and its response in all versions. */
export interface Api<Request extends Message = Message, Response extends Message = Message> {
  readonly key: number;
  readonly name: string;
  readonly versions: VersionRange;
  /** Below versions.max where the newest version is not final yet: clients must not rely on it. */
  readonly latestStableVersion: number;
  readonly flexibleSince: number;
  readonly request: Request;
  readonly response: Response;
}

export interface ApiOptions<Q extends Shape, R extends Shape> {
  readonly key: number;
  readonly name: string;
  readonly versions: Versions;
  /** Default: the newest of `versions`. */
  readonly latestStable?: number;
  readonly flexible: FlexibleVersions;
  readonly request: Q;
  readonly response: R;
}

export function api<Q extends Shape, R extends Shape>(
  options: ApiOptions<Q, R>,
): Api<Message<ValueOf<Q>, DraftOf<Q>>, Message<ValueOf<R>, DraftOf<R>>> {
  const { key, name, versions, flexible } = options;
  const range = versionRangeOf(versions);
  return {
    key,
    name,
    versions: range,
    latestStableVersion: options.latestStable ?? range.max,
    flexibleSince: flexibleSinceOf(flexible),
    request: message({ name: `${name}Request`, versions, flexible, fields: options.request }),
    response: message({ name: `${name}Response`, versions, flexible, fields: options.response }),
  };
}

export type RequestOf<A extends Api> = A['request']['$value'];
export type ResponseOf<A extends Api> = A['response']['$value'];
export type RequestDraft<A extends Api> = A['request']['$draft'];
export type ResponseDraft<A extends Api> = A['response']['$draft'];

/** A record of one of Kafka's logs, or its key. `type` is the number that frames it (framing.ts). */
export interface LogRecord<Name extends string = string, Value = unknown, Draft = unknown>
  extends Message<Value, Draft> {
  readonly name: Name;
  readonly type: number;
}

export interface LogRecordOptions<Name extends string, S extends Shape> extends MessageOptions<S> {
  readonly name: Name;
  readonly type: number;
}

export function logRecord<const Name extends string, S extends Shape>(
  options: LogRecordOptions<Name, S>,
): LogRecord<Name, ValueOf<S>, DraftOf<S>> {
  return Object.assign(message(options), { name: options.name, type: options.type });
}

export type RecordOf<M extends Message> = M['$value'];
export type RecordDraft<M extends Message> = M['$draft'];

function versionRangeOf(versions: Versions): VersionRange {
  const [min, max] = versions.split('-').map(Number) as [number, number | undefined];
  return { min, max: max ?? min };
}

function flexibleSinceOf(flexible: FlexibleVersions): number {
  return flexible === 'none' ? Number.POSITIVE_INFINITY : Number.parseInt(flexible, 10);
}
