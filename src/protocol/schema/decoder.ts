// Turns a message's declaration into a decoder for one version. Each struct becomes one function that returns one object
// literal with all fields in order of declaration, absent ones at their default: objects of one message have one hidden
// class, and no version is tested while decoding.

import type { Reader } from '../wire/reader.ts';
import { codecSupport } from './codec-support.ts';
import type { AnyField, Fields, Message } from './field.ts';
import {
  build,
  identifier,
  isInline,
  isNullable,
  isPresent,
  literal,
  Source,
  type Target,
  taggedFields,
} from './source.ts';

export type Decode = (reader: Reader) => unknown;

/** Where an expression stands: its path for error messages, and whether inside a tag (nullable structs differ there). */
interface Place {
  readonly path: string;
  readonly inTag?: boolean;
}

export function compileDecoder(message: Message, version: number): Decode {
  return build(decoderText(message, version), codecSupport) as Decode;
}

/** For the build, which compiles some beforehand. */
export function decoderText(message: Message, version: number): string {
  const target = { version, flexible: version >= message.flexibleSince };
  const generator = new DecoderSource(target);
  const entry = generator.struct(message.fields, message.name);
  return generator.source.text(entry);
}

class DecoderSource {
  readonly source = new Source();
  readonly #target: Target;

  constructor(target: Target) {
    this.#target = target;
  }

  struct(fields: Fields, path: string): string {
    const properties = Object.entries(fields).map(([name, field]) => {
      const value = isInline(field, this.#target)
        ? this.#read(field, { path: `${path}.${name}` })
        : this.source.defaultExpression(field);
      return `${identifier(name)}:${value}`;
    });
    const tags = this.#target.flexible ? this.#readTags(fields, path) : '';
    return this.source.define('r', `const o={${properties.join(',')}};${tags}return o;`);
  }

  #readTags(fields: Fields, path: string): string {
    const cases = taggedFields(fields).map(([name, field]) => {
      const inner = { path: `${path}.${name}`, inTag: true };
      const action = isPresent(field, this.#target.version)
        ? `o.${name}=${this.#read(field, inner)};break;`
        : `refuseTag(${literal(inner.path)});`;
      return `case ${field.facts.tag}:${action}`;
    });
    const loop = `const tag=r.uvarint(),size=readTagSize(r);switch(tag){${cases.join('')}default:keepTag(o,tag,r.copy(size));}`;
    return `for(let n=readTagCount(r);n>0;n--){${loop}}`;
  }

  #read(field: AnyField, place: Place): string {
    const { kind } = field.facts;
    const orNull = isNullable(field, this.#target.version) ? 'OrNull' : '';
    const path = literal(place.path);
    switch (kind) {
      case 'bool':
        return 'r.int8()!==0';
      case 'offset':
        return 'r.int64Number()';
      case 'string':
        return `readText${orNull}(r,${this.#length(field, 'r.int16()')},${path})`;
      case 'bytes':
        return `readBytes${orNull}(r,${this.#length(field, 'r.int32()')},${path})`;
      case 'records':
        return `readRecords${orNull}(r,${this.#length(field, 'r.int32()')},${path})`;
      case 'array':
        return this.#readArray(field, place);
      case 'struct':
        return this.#readStruct(field, place);
      default:
        return `r.${kind}()`;
    }
  }

  #length(field: AnyField, plain: string): string {
    return this.#target.flexible && !field.facts.neverCompact ? 'r.compactLength()' : plain;
  }

  #readArray(field: AnyField, { path }: Place): string {
    const element = field.facts.element!;
    const whenNull = isNullable(field, this.#target.version) ? 'return null;' : `nullRead(${literal(path)});`;
    const least = Math.max(1, this.#minimumSizeInBytes(element));
    const name = this.source.define(
      'r',
      `const n=${this.#length(field, 'r.int32()')};if(n<0)${whenNull}r.elements(n,${least});const a=new Array(n);` +
        `for(let i=0;i<n;i++)a[i]=${this.#read(element, { path })};return a;`,
    );
    return `${name}(r)`;
  }

  #readStruct(field: AnyField, { path, inTag }: Place): string {
    const call = `${this.struct(field.facts.fields!, path)}(r)`;
    if (!isNullable(field, this.#target.version)) return call;
    return inTag === true ? `(r.uvarint()===0?null:${call})` : `(r.int8()<0?null:${call})`;
  }

  /** What an element takes at least: an array cannot have more elements than the bytes left allow. */
  #minimumSizeInBytes(field: AnyField): number {
    const compact = this.#target.flexible;
    switch (field.facts.kind) {
      case 'int16':
      case 'uint16':
        return 2;
      case 'int32':
      case 'uint32':
        return 4;
      case 'int64':
      case 'offset':
      case 'float64':
        return 8;
      case 'uuid':
        return 16;
      case 'string':
        return compact ? 1 : 2;
      case 'bytes':
      case 'records':
      case 'array':
        return compact ? 1 : 4;
      case 'struct':
        return isNullable(field, this.#target.version) ? 1 : this.#minimumSizeOf(field.facts.fields!);
      default:
        return 1;
    }
  }

  #minimumSizeOf(fields: Fields): number {
    let size = this.#target.flexible ? 1 : 0;
    for (const field of Object.values(fields)) {
      if (isInline(field, this.#target)) size += this.#minimumSizeInBytes(field);
    }
    return size;
  }
}
