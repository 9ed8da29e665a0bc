// Which value of a draft does not fit its field: asked only after encoding has failed, so that the error can name the
// place although the encoder itself spends nothing on knowing it.

import type { AnyField, Fields, Kind } from './field.ts';
import { isPresent } from './source.ts';

const INTEGERS: Partial<Record<Kind, { readonly min: number; readonly max: number }>> = {
  int8: { min: -(2 ** 7), max: 2 ** 7 - 1 },
  int16: { min: -(2 ** 15), max: 2 ** 15 - 1 },
  uint16: { min: 0, max: 2 ** 16 - 1 },
  int32: { min: -(2 ** 31), max: 2 ** 31 - 1 },
  uint32: { min: 0, max: 2 ** 32 - 1 },
  offset: { min: Number.MIN_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER },
};

/** The path of the first misfit, with array indexes: "topics.0.partitions.3.errorCode". Null if there is none. */
export function pathOfMisfit(
  fields: Fields,
  options: { readonly draft: unknown; readonly version: number },
): string | null {
  const draft = options.draft as Readonly<Record<string, unknown>>;
  for (const [name, field] of Object.entries(fields)) {
    const value = draft[name];
    if (value === undefined || value === null || !isPresent(field, options.version)) continue;
    const path = misfitWithin(field, { value, version: options.version });
    if (path !== null) return path === '' ? name : `${name}.${path}`;
  }
  return null;
}

/** "" if the value itself does not fit. */
function misfitWithin(
  field: AnyField,
  options: { readonly value: unknown; readonly version: number },
): string | null {
  const { value, version } = options;
  const { kind, element, fields } = field.facts;
  if (kind === 'struct') return isObject(value) ? pathOfMisfit(fields!, { draft: value, version }) : '';
  if (kind !== 'array') return fits(kind, value) ? null : '';
  if (!Array.isArray(value)) return '';
  for (const [index, item] of value.entries()) {
    const path = misfitWithin(element!, { value: item, version });
    if (path !== null) return path === '' ? String(index) : `${index}.${path}`;
  }
  return null;
}

function fits(kind: Kind, value: unknown): boolean {
  const range = INTEGERS[kind];
  if (range !== undefined)
    return Number.isInteger(value) && (value as number) >= range.min && (value as number) <= range.max;
  switch (kind) {
    case 'int64':
      return typeof value === 'bigint' && BigInt.asIntN(64, value) === value;
    case 'float64':
      return typeof value === 'number';
    case 'string':
      return typeof value === 'string';
    case 'uuid':
      return typeof value === 'string' && Buffer.from(value, 'base64url').length === 16;
    case 'bytes':
    case 'records':
      return isObject(value);
    default:
      return true;
  }
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}
