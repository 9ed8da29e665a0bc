// What both generators of codec source share: a list of functions under construction, and the defaults of fields as
// source. Names of fields come from declarations only, never from outside, and are checked all the same.

import { ZERO_UUID } from '../wire/reader.ts';
import type { AnyField, Fields, VersionRange } from './field.ts';

/** One version of one message on its way to source. */
export interface Target {
  readonly version: number;
  readonly flexible: boolean;
}

export function isWithin(range: VersionRange, version: number): boolean {
  return version >= range.min && version <= range.max;
}

export function isPresent(field: AnyField, version: number): boolean {
  return isWithin(field.facts.versions, version);
}

export function isNullable(field: AnyField, version: number): boolean {
  return field.facts.nullable !== null && isWithin(field.facts.nullable, version);
}

/** Whether the field travels among the tags: in a version that has no tags such a field does not travel at all. */
export function isTagged(field: AnyField): boolean {
  return field.facts.tag !== null;
}

/** Fields without a place among the others in this version. */
export function isInline(field: AnyField, { version }: Target): boolean {
  return isPresent(field, version) && !isTagged(field);
}

export function taggedFields(fields: Fields): [string, AnyField][] {
  return Object.entries(fields)
    .filter(([, field]) => isTagged(field))
    .sort(([, a], [, b]) => a.facts.tag! - b.facts.tag!);
}

/** The value a field has when nothing was said; for structs, of their fields. */
export function defaultOf(field: AnyField): unknown {
  const { kind, defaultValue } = field.facts;
  if (defaultValue !== undefined) return defaultValue;
  switch (kind) {
    case 'bool':
      return false;
    case 'int64':
      return 0n;
    case 'string':
      return '';
    case 'uuid':
      return ZERO_UUID;
    default:
      return 0;
  }
}

/** Collects functions; later ones may call earlier ones by name. */
export class Source {
  readonly #functions: string[] = [];

  /** `body` stands between the braces; the function's name is returned. */
  define(parameters: string, body: string): string {
    const name = `f${this.#functions.length}`;
    this.#functions.push(`function ${name}(${parameters}){${body}}`);
    return name;
  }

  /** An expression that makes a field's default anew: what is mutable is never shared. */
  defaultExpression(field: AnyField): string {
    const { kind, defaultValue, fields } = field.facts;
    if (defaultValue === null) return 'null';
    if (kind === 'array') return '[]';
    if (kind === 'bytes' || kind === 'records') return 'EMPTY_BYTES';
    if (kind === 'struct') {
      const parts = Object.entries(fields!).map(
        ([name, inner]) => `${identifier(name)}:${this.defaultExpression(inner)}`,
      );
      return `{${parts.join(',')}}`;
    }
    return literal(defaultOf(field));
  }

  /** The body of a function that takes `support` by name and returns the function called `entry`. */
  text(entry: string): string {
    return `${this.#functions.join('\n')}\nreturn ${entry};`;
  }
}

export function build(text: string, support: Readonly<Record<string, unknown>>): unknown {
  return new Function(...Object.keys(support), `"use strict";${text}`)(...Object.values(support));
}

export function literal(value: unknown): string {
  return typeof value === 'bigint' ? `${value}n` : JSON.stringify(value);
}

/** Field names become property names in generated source. */
export function identifier(name: string): string {
  if (!/^[A-Za-z][A-Za-z0-9]*$/.test(name)) throw new Error(`"${name}" is no name for a field`);
  return name;
}
