// Turns a message's declaration into an encoder for one version. It takes drafts: an absent field is its default, one
// that has none is an error that names it. A value that the version has no place for is refused, unless it is the
// default or the field is ignorable (Apache Kafka's rule, README of its message definitions, "Ignorable fields").

import type { Writer } from '../wire/writer.ts';
import { codecSupport } from './codec-support.ts';
import type { AnyField, Fields, Message } from './field.ts';
import {
  build,
  defaultOf,
  identifier,
  isInline,
  isNullable,
  isPresent,
  isTagged,
  literal,
  Source,
  type Target,
  taggedFields,
} from './source.ts';

export type Encode = (writer: Writer, draft: unknown) => void;

interface Place {
  readonly path: string;
  /** The expression that holds the value. */
  readonly value: string;
  readonly inTag?: boolean;
}

export function compileEncoder(message: Message, version: number): Encode {
  return build(encoderText(message, version), codecSupport) as Encode;
}

/** For the build, which compiles some beforehand. */
export function encoderText(message: Message, version: number): string {
  const target = { version, flexible: version >= message.flexibleSince };
  const generator = new EncoderSource(target);
  const entry = generator.struct(message.fields, message.name);
  return generator.source.text(entry);
}

class EncoderSource {
  readonly source = new Source();
  readonly #target: Target;

  constructor(target: Target) {
    this.#target = target;
  }

  struct(fields: Fields, path: string): string {
    let body = `if(x===null||x===undefined)nullWritten(${literal(path)});let v;`;
    for (const [name, field] of Object.entries(fields)) {
      identifier(name);
      const inner = { path: `${path}.${name}`, value: 'v' };
      if (isInline(field, this.#target)) body += this.#writeInline(name, field, inner);
      else if (!this.#travelsAsTag(field) && !field.facts.ignorable)
        body += this.#refuseValue(name, field, inner.path);
    }
    body += this.#target.flexible
      ? this.#writeTags(fields, path)
      : `if(tagCount(x)!==0)noPlace(${literal(`${path}.unknownTags`)});`;
    return this.source.define('w,x', body);
  }

  #travelsAsTag(field: AnyField): boolean {
    return isTagged(field) && this.#target.flexible && isPresent(field, this.#target.version);
  }

  #writeInline(name: string, field: AnyField, place: Place): string {
    const { defaultValue, ignorable } = field.facts;
    const absent =
      defaultValue !== undefined || ignorable
        ? `v=${this.source.defaultExpression(field)}`
        : `missing(${literal(place.path)})`;
    return `v=x.${name};if(v===undefined)${absent};${this.#write(field, place)}`;
  }

  #refuseValue(name: string, field: AnyField, path: string): string {
    return `v=x.${name};if(v!==undefined&&!(${this.#isDefault(field, 'v')}))noPlace(${literal(path)});`;
  }

  #writeTags(fields: Fields, path: string): string {
    const tagged = taggedFields(fields).filter(([, field]) => this.#travelsAsTag(field));
    let body = 'let n=tagCount(x);';
    for (const [name, field] of tagged) {
      const tag = field.facts.tag!;
      body += `const t${tag}=x.${name},h${tag}=t${tag}!==undefined&&!(${this.#isDefault(field, `t${tag}`)});if(h${tag})n++;`;
    }
    body += 'w.uvarint(n);if(n!==0){let i=0,m;';
    for (const [name, field] of tagged) {
      const tag = field.facts.tag!;
      const inner = { path: `${path}.${name}`, value: `t${tag}`, inTag: true };
      body += `if(h${tag}){i=writeTagsBefore(w,{tags:x.unknownTags,index:i,before:${tag}});w.uvarint(${tag});`;
      body += `m=w.mark();${this.#write(field, inner)}w.prefixWithSize(m);}`;
    }
    return `${body}writeTagsBefore(w,{tags:x.unknownTags,index:i,before:Infinity});}`;
  }

  #isDefault(field: AnyField, value: string): string {
    const { kind, defaultValue, fields } = field.facts;
    if (defaultValue === null) return `${value}===null`;
    if (kind === 'array' || kind === 'bytes' || kind === 'records')
      return `${value}!==null&&${value}.length===0`;
    if (kind === 'struct') return `${value}!==null&&${this.#isDefaultStruct(fields!)}(${value})`;
    return `${value}===${literal(defaultOf(field))}`;
  }

  #isDefaultStruct(fields: Fields): string {
    const tests = Object.entries(fields).map(([name, field]) => {
      return `(x.${name}===undefined||${this.#isDefault(field, `x.${name}`)})`;
    });
    return this.source.define('x', `return ${['tagCount(x)===0', ...tests].join('&&')};`);
  }

  #write(field: AnyField, place: Place): string {
    const { kind } = field.facts;
    const { value } = place;
    switch (kind) {
      case 'bool':
        return `w.int8(${value}?1:0);`;
      case 'offset':
        return `w.int64Number(${value});`;
      case 'string':
        return this.#orNull(field, place, this.#writeText(field, place));
      case 'bytes':
        return this.#orNull(field, place, `${this.#length(`${value}.length`)}w.bytes(${value});`);
      case 'records':
        return this.#orNull(field, place, `writeRecords(w,${value},${this.#target.flexible});`);
      case 'array':
        return this.#orNull(field, place, `${this.#array(field, place.path)}(w,${value});`);
      case 'struct':
        return this.#writeStruct(field, place);
      default:
        return `w.${kind}(${value});`;
    }
  }

  #isCompact(field: AnyField): boolean {
    return this.#target.flexible && !field.facts.neverCompact;
  }

  #writeText(field: AnyField, { path, value }: Place): string {
    return `${this.#isCompact(field) ? 'writeCompactText' : 'writeText'}(w,${value},${literal(path)});`;
  }

  #length(length: string): string {
    return this.#target.flexible ? `w.uvarint(${length}+1);` : `w.int32(${length});`;
  }

  #orNull(field: AnyField, { path, value }: Place, write: string): string {
    if (!isNullable(field, this.#target.version))
      return `if(${value}===null)nullWritten(${literal(path)});${write}`;
    const plain = field.facts.kind === 'string' ? 'w.int16(-1);' : 'w.int32(-1);';
    return `if(${value}===null){${this.#isCompact(field) ? 'w.uvarint(0);' : plain}}else{${write}}`;
  }

  #array(field: AnyField, path: string): string {
    const element = this.#write(field.facts.element!, { path, value: 'e' });
    return this.source.define(
      'w,a',
      `const n=a.length;${this.#length('n')}for(let i=0;i<n;i++){const e=a[i];${element}}`,
    );
  }

  #writeStruct(field: AnyField, { path, value, inTag }: Place): string {
    const call = `${this.struct(field.facts.fields!, path)}(w,${value});`;
    if (!isNullable(field, this.#target.version)) return call;
    const [absent, present] =
      inTag === true ? ['w.uvarint(0);', 'w.uvarint(1);'] : ['w.int8(-1);', 'w.int8(1);'];
    return `if(${value}===null){${absent}}else{${present}${call}}`;
  }
}
