// How one configuration key is described. The tables in keys/ are made of these, one entry per key of Apache Kafka; what
// DescribeConfigs shows, what AlterConfigs accepts and what the program reads all derive from them.

/** ConfigDef.Type, with the number DescribeConfigs v3+ gives it. */
export const ConfigTypeId = {
  UNKNOWN: 0,
  BOOLEAN: 1,
  STRING: 2,
  INT: 3,
  SHORT: 4,
  LONG: 5,
  DOUBLE: 6,
  LIST: 7,
  CLASS: 8,
  PASSWORD: 9,
} as const;

export type ConfigType = Exclude<keyof typeof ConfigTypeId, 'UNKNOWN'>;

/** A parsed value. LONG is a number: beyond 2^53 (Long.MAX_VALUE as "never") it only has to be very large. */
export type ValueOfType<Type extends ConfigType> = Type extends 'BOOLEAN'
  ? boolean
  : Type extends 'INT' | 'SHORT' | 'LONG' | 'DOUBLE'
    ? number
    : Type extends 'LIST'
      ? readonly string[]
      : string;

export type ConfigValue = boolean | number | string | readonly string[];

/** Says what is wrong with a value, in Apache Kafka's words, or null. `shown` is the value as the message quotes it. */
export interface Validator {
  (options: {
    readonly name: string;
    readonly value: ConfigValue | null;
    readonly shown: string;
  }): string | null;
  /** A list's repeated entries are dropped before it is judged (ConfigDef.parseValue, for ValidList). */
  readonly dropsDuplicates?: boolean;
}

/** A broker key that gives a topic or group key its default. */
export interface BrokerSynonym {
  readonly name: string;
  /** Its unit in that of the key: `log.roll.hours` to milliseconds is 3,600,000. */
  readonly factor?: number;
}

export interface ConfigKey {
  readonly type: ConfigType;
  /** As Apache Kafka prints it; null for none. */
  readonly default: string | null;
  readonly validator?: Validator;
  /** Topic and group keys: the broker keys behind it, by precedence. Broker keys: the family they stand in for. */
  readonly synonyms?: readonly BrokerSynonym[];
  /** Broker keys: where it may be changed while running. Absent: read-only. */
  readonly dynamic?: 'per-broker' | 'cluster-wide';
  /** `none`: accepted and shown, but nothing in Millrace acts on it. */
  readonly effect?: 'none';
  readonly importance?: 'high' | 'medium' | 'low';
  readonly doc: string;
}

export type ConfigTable = { readonly [name: string]: ConfigKey };

/** Keeps the names and types of a table's keys for the type checker. */
export function configTable<const Table extends ConfigTable>(table: Table): Table {
  return table;
}

/** The parsed value of a key: null only where its default is null. */
export type ValueOfKey<Key extends ConfigKey> =
  | ValueOfType<Key['type']>
  | (Key['default'] extends string ? never : null);

export function keyOf(table: ConfigTable, name: string): ConfigKey | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}
