// A message as JSON, the way Apache Kafka's generated JsonConverter classes write it: the fields that the version has, in
// the order of the declaration, tagged ones only when they are not their default; int64 as a number, bytes in base64.
// For people and tools that look at logs; nothing on the wire goes through here.

import type { AnyField, Fields, Message, VersionRange } from './field.ts';
import { defaultOf } from './source.ts';

export type Json = null | boolean | number | bigint | string | Json[] | { [name: string]: Json };

export function messageJson(message: Message, version: number, value: unknown): Json {
  return structJson(message.fields, version, value as Record<string, unknown>);
}

/** JSON text in which a bigint stands as a number, digit for digit. */
export function jsonText(value: unknown): string {
  return JSON.stringify(value, (_, item: unknown) => (typeof item === 'bigint' ? rawNumber(item) : item));
}

function rawNumber(value: bigint): unknown {
  return (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(String(value));
}

function structJson(fields: Fields, version: number, value: Record<string, unknown>): Json {
  const json: { [name: string]: Json } = {};
  for (const [name, field] of Object.entries(fields)) {
    if (!isWithin(field.facts.versions, version)) continue;
    if (field.facts.tag !== null && isDefault(field, value[name])) continue;
    json[name] = fieldJson(field, version, value[name]);
  }
  return json;
}

function fieldJson(field: AnyField, version: number, value: unknown): Json {
  if (value === null || value === undefined) return null;
  switch (field.facts.kind) {
    case 'bytes':
    case 'records':
      return Buffer.from(value as Uint8Array).toString('base64');
    case 'array':
      return (value as unknown[]).map(element => fieldJson(field.facts.element!, version, element));
    case 'struct':
      return structJson(field.facts.fields!, version, value as Record<string, unknown>);
    default:
      return value as Json;
  }
}

function isDefault(field: AnyField, value: unknown): boolean {
  const { kind, fields, defaultValue } = field.facts;
  if (kind === 'struct' && value !== null && defaultValue === undefined)
    return Object.entries(fields!).every(([name, inner]) =>
      isDefault(inner, (value as Record<string, unknown>)[name]),
    );
  if (Array.isArray(value) || value instanceof Uint8Array) return value.length === 0 && defaultValue !== null;
  return value === (defaultValue === undefined ? defaultOf(field) : defaultValue);
}

function isWithin({ min, max }: VersionRange, version: number): boolean {
  return version >= min && version <= max;
}
