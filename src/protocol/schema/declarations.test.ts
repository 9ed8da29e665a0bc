// The declarations say what Apache Kafka 4.3.1's message definitions say: names, order, types, versions, nullability,
// defaults, tags and ignorability, in every valid version. Our tables cannot drift from test/golden/schema.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  declaredMessages,
  elementTypeOf,
  fieldsOfType,
  intersect,
  loadGolden,
  loadSchemas,
  lowerFirst,
  type Range,
  rangeOf,
  type Schema,
  type SchemaField,
} from '../../../test/support/golden-messages.ts';
import { apis } from '../messages/apis/index.ts';
import {
  groupRecords,
  metadataRecords,
  shareRecords,
  transactionRecords,
} from '../messages/records/index.ts';
import type { AnyField, Fields } from './field.ts';

const declared = declaredMessages();
const schemas = loadSchemas();

/** An int64 that is an offset by its name is declared `offset`. One is not: its default lies beyond 2^53. */
function isOffset(name: string, path: string): boolean {
  if (path === 'FetchRequest.topics.partitions.highWatermark') return false;
  return /offset$/i.test(name) || name === 'highWatermark' || name === 'lowWatermark';
}

interface FieldFacts {
  readonly name: string;
  readonly kind: string;
  readonly element: string | null;
  readonly versions: Range | null;
  readonly nullable: Range | null;
  readonly defaultValue: unknown;
  readonly tag: number | null;
  readonly ignorable: boolean;
  readonly neverCompact: boolean;
  readonly fields: readonly FieldFacts[];
}

function factsOfSchema(
  schema: Schema,
  place: { fields: readonly SchemaField[]; range: Range; path: string },
): FieldFacts[] {
  return place.fields.flatMap(field => {
    const versions = intersect(rangeOf(field.versions ?? field.taggedVersions), place.range);
    if (versions === null) return [];
    const name = lowerFirst(field.name);
    const path = `${place.path}.${name}`;
    const kindOf = (type: string) => {
      if (/^[A-Z]/.test(type)) return 'struct';
      return type === 'int64' && isOffset(name, path) ? 'offset' : type;
    };
    const element = elementTypeOf(field.type);
    return {
      name,
      kind: element === null ? kindOf(field.type) : 'array',
      element: element === null ? null : kindOf(element),
      versions,
      nullable: intersect(rangeOf(field.nullableVersions), versions),
      defaultValue: defaultOfSchema(field, path),
      tag: field.tag ?? null,
      ignorable: field.ignorable ?? false,
      neverCompact: field.flexibleVersions === 'none',
      fields: factsOfSchema(schema, { fields: fieldsOfType(schema, field), range: versions, path }),
    };
  });
}

function defaultOfSchema(field: SchemaField, path: string): unknown {
  const text = field.default;
  // A null without quotes is no default at all; with quotes it is null.
  if (text === undefined || text === null) return undefined;
  if (text === 'null') return null;
  if (field.type === 'bool') return String(text) === 'true';
  if (field.type === 'string') return text;
  const isBigint = field.type === 'int64' && !isOffset(lowerFirst(field.name), path);
  return isBigint ? BigInt(String(text)) : Number(text);
}

function factsOfDeclaration(fields: Fields, range: Range): FieldFacts[] {
  return Object.entries(fields).map(([name, field]: [string, AnyField]) => {
    const { kind, element, nullable, defaultValue, tag, ignorable, neverCompact } = field.facts;
    const versions = intersect(field.facts.versions, range);
    return {
      name,
      kind,
      element: element?.facts.kind ?? null,
      versions,
      nullable: intersect(nullable, versions),
      defaultValue,
      tag,
      ignorable,
      neverCompact,
      fields: factsOfDeclaration(field.facts.fields ?? element?.facts.fields ?? {}, versions ?? range),
    };
  });
}

describe('declarations against the message definitions of Apache Kafka 4.3.1', () => {
  it('are complete', () => {
    assert.deepEqual([...declared.keys()].sort(), schemas.map(schema => schema.name).sort());
  });

  for (const schema of schemas) {
    it(schema.name, () => {
      const message = declared.get(schema.name)!;
      const range = rangeOf(schema.validVersions)!;
      assert.deepEqual({ ...message.versions }, range);
      assert.equal(message.flexibleSince, rangeOf(schema.flexibleVersions)?.min ?? Number.POSITIVE_INFINITY);
      const path = schema.name;
      assert.deepEqual(
        factsOfDeclaration(message.fields, range),
        factsOfSchema(schema, { fields: schema.fields, range, path }),
      );
    });
  }
});

describe('tables', () => {
  it('have the keys, versions and stability of Kafka’s APIs', () => {
    const known = loadGolden('schema/apis.json') as {
      key: number;
      name: string;
      hasValidVersion: boolean;
      oldest: number;
      latest: number;
      latestStable: number;
    }[];
    const expected = known
      .filter(api => api.hasValidVersion)
      .map(({ key, name, oldest, latest, latestStable }) => ({ key, name, oldest, latest, latestStable }));
    const actual = [...apis.values()].map(api => ({
      key: api.key,
      name: api.name,
      oldest: api.versions.min,
      latest: api.versions.max,
      latestStable: api.latestStableVersion,
    }));
    assert.deepEqual(actual, expected);
  });

  it('have the record types of Kafka’s logs', () => {
    const typeOf = new Map(schemas.map(schema => [schema.name, schema.apiKey]));
    const pairs = [...groupRecords, ...transactionRecords, ...shareRecords];
    for (const record of [...metadataRecords, ...pairs.flatMap(pair => [pair.key, pair.value])]) {
      assert.equal(record.type, typeOf.get(record.name), record.name);
    }
    for (const { name, key, value } of pairs)
      assert.deepEqual([key.name, value.name], [`${name}Key`, `${name}Value`]);
  });
});
