// From a configured text to a value and back, with Apache Kafka's rules and words (ConfigDef.parseType, ConfigException).

import type { ConfigKey, ConfigType, ConfigValue, Validator } from './config-key.ts';

/** A value that is not acceptable; its message is what Apache Kafka would say. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

const INTEGER_RANGES: { readonly [Type in ConfigType]?: { readonly min: bigint; readonly max: bigint } } = {
  SHORT: { min: -(2n ** 15n), max: 2n ** 15n - 1n },
  INT: { min: -(2n ** 31n), max: 2n ** 31n - 1n },
  LONG: { min: -(2n ** 63n), max: 2n ** 63n - 1n },
};

/** Parses and validates. `text` null means that nothing is configured and there is no default. */
export function parseConfigValue(name: string, key: ConfigKey, text: string | null): ConfigValue | null {
  const value = text === null ? null : withoutDuplicates(key, parseByType(name, key.type, text));
  // A default of null is not held against its own validator when nothing was given (ConfigDef.parseValue).
  if (text === null && key.default === null) return null;
  const problem = key.validator?.({ name, value, shown: shownValue(key, value, text) });
  if (problem != null) throw new ConfigError(problem);
  return value;
}

function withoutDuplicates(key: ConfigKey, value: ConfigValue): ConfigValue {
  return key.validator?.dropsDuplicates && Array.isArray(value) ? [...new Set(value as string[])] : value;
}

function parseByType(name: string, type: ConfigType, text: string): ConfigValue {
  const trimmed = text.trim();
  switch (type) {
    case 'BOOLEAN': {
      const lower = trimmed.toLowerCase();
      if (lower === 'true' || lower === 'false') return lower === 'true';
      throw invalid(name, text, 'Expected value to be either true or false');
    }
    case 'INT':
    case 'SHORT':
    case 'LONG': {
      const { min, max } = INTEGER_RANGES[type]!;
      if (!/^[+-]?\d{1,20}$/.test(trimmed)) throw invalid(name, text, `Not a number of type ${type}`);
      const value = BigInt(trimmed.replace(/^\+/, ''));
      if (value < min || value > max) throw invalid(name, text, `Not a number of type ${type}`);
      return Number(value);
    }
    case 'DOUBLE': {
      const value = parseDouble(trimmed);
      if (trimmed === '' || (Number.isNaN(value) && trimmed !== 'NaN')) {
        throw invalid(name, text, `Not a number of type ${type}`);
      }
      return value;
    }
    case 'LIST':
      return trimmed === '' ? [] : trimmed.split(/\s*,\s*/);
    default:
      return trimmed;
  }
}

/** Java's text of a parsed value inside a message: lists in brackets, the others as they are printed. */
function shownValue(key: ConfigKey, value: ConfigValue | null, text: string | null): string {
  if (Array.isArray(value)) return `[${value.join(', ')}]`;
  return text === null ? 'null' : printConfigValue(key, text);
}

/** How DescribeConfigs prints a configured text (ConfigDef.convertToString of the parsed value). */
export function printConfigValue(key: ConfigKey | undefined, text: string): string {
  if (key === undefined) return text;
  const trimmed = text.trim();
  switch (key.type) {
    case 'BOOLEAN':
      return trimmed.toLowerCase();
    case 'LIST':
      return trimmed === '' ? '' : (withoutDuplicates(key, trimmed.split(/\s*,\s*/)) as string[]).join(',');
    case 'INT':
    case 'SHORT':
    case 'LONG':
      return /^[+-]?\d+$/.test(trimmed) ? BigInt(trimmed.replace(/^\+/, '')).toString() : trimmed;
    case 'DOUBLE':
      return printDouble(parseDouble(trimmed));
    default:
      return trimmed;
  }
}

function parseDouble(trimmed: string): number {
  return Number(trimmed.replace(/[dDfF]$/, ''));
}

/** Double.toString: always a fraction, and an exponent below 10^-3 and from 10^7 on. */
function printDouble(value: number): string {
  const size = Math.abs(value);
  if (!Number.isFinite(value) || value === 0)
    return Object.is(value, -0) ? '-0.0' : value === 0 ? '0.0' : String(value);
  if (size >= 1e-3 && size < 1e7) return Number.isInteger(value) ? `${value}.0` : String(value);
  const [digits, exponent] = value.toExponential().split('e') as [string, string];
  return `${digits.includes('.') ? digits : `${digits}.0`}E${Number(exponent)}`;
}

export function invalid(name: string, shown: string, why: string): ConfigError {
  return new ConfigError(invalidText(name, shown, why));
}

export function invalidText(name: string, shown: string, why: string): string {
  return `Invalid value ${shown} for configuration ${name}: ${why}`;
}

/** ConfigDef.Range.atLeast. */
export function atLeast(min: number): Validator {
  return between(min, Number.POSITIVE_INFINITY);
}

/** ConfigDef.Range.between. */
export function between(min: number, max: number): Validator {
  return ({ name, value, shown }) => {
    if (value === null) return invalidText(name, 'null', 'Value must be non-null');
    if (Number(value) < min) return invalidText(name, shown, `Value must be at least ${min}`);
    if (Number(value) > max) return invalidText(name, shown, `Value must be no more than ${max}`);
    return null;
  };
}

/** ConfigDef.ValidString.in. */
export function oneOf(...allowed: readonly string[]): Validator {
  return ({ name, value, shown }) =>
    allowed.includes(String(value))
      ? null
      : invalidText(name, shown, `String must be one of: ${allowed.join(', ')}`);
}

/** ConfigDef.ValidList.in: no duplicates, no empty entries, only these (any, when none is named). */
export function listOf(
  options: { readonly allowed?: readonly string[]; readonly emptyAllowed?: boolean } = {},
): Validator {
  const { allowed = [], emptyAllowed = true } = options;
  const validator: Validator = ({ name, value }) => {
    const values = (value ?? []) as readonly string[];
    if (!emptyAllowed && values.length === 0) {
      const valid = allowed.length === 0 ? 'any non-empty value' : `[${allowed.join(', ')}]`;
      return `Configuration '${name}' must not be empty. Valid values include: ${valid}`;
    }
    if (new Set(values).size !== values.length)
      return `Configuration '${name}' values must not be duplicated.`;
    for (const entry of values) {
      if (entry === '') return `Configuration '${name}' values must not be empty.`;
      if (allowed.length > 0 && !allowed.includes(entry)) {
        return invalidText(name, entry, `String must be one of: ${allowed.join(', ')}`);
      }
    }
    return null;
  };
  return Object.assign(validator, { dropsDuplicates: true });
}
