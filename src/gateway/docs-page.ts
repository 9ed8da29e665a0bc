// The OpenAPI document as a page: plain HTML made on the server, one style sheet, no script, nothing from elsewhere, so
// that it works offline and under the strict content security policy.

import { type Html, html, page } from './html.ts';

interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly default?: unknown;
  readonly anyOf?: readonly JsonSchema[];
}

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly description?: string;
  readonly schema?: JsonSchema;
}

type Content = Readonly<Record<string, { readonly schema?: JsonSchema }>>;

interface Operation {
  readonly summary?: string;
  readonly description?: string;
  readonly tags?: readonly string[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content?: Content };
  readonly responses?: Readonly<
    Record<string, { readonly description?: string; readonly content?: Content }>
  >;
}

export interface OpenApiDocument {
  readonly openapi: string;
  readonly info: { readonly title: string; readonly version: string; readonly description?: string };
  readonly tags?: readonly { readonly name: string; readonly description?: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

interface Call {
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
}

/** Deeper than any schema here; a page is read by people. */
const DEPTH_MAX = 5;
/** An object up to this length stands on one line. */
const LINE_LENGTH_MAX = 72;

export function docsPage(document: OpenApiDocument): string {
  const { title, version, description } = document.info;
  const calls = Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({
      method: method.toUpperCase(),
      path,
      operation,
    })),
  );
  const sections = (document.tags ?? []).map(tag => {
    const own = calls.filter(call => call.operation.tags?.includes(tag.name));
    return html`<section><h2>${tag.name}</h2><p>${tag.description}</p>${own.map(callSection)}</section>`;
  });
  const body = html`<header><h1>${title} <small>${version}</small></h1>
<p>${description}</p>
<p>The same for programs: <a href="/openapi.json">/openapi.json</a> (OpenAPI ${document.openapi})</p></header>
<main>${sections}</main>`;
  return page({ title: `${title}: HTTP API`, body });
}

function callSection({ method, path, operation }: Call): Html {
  const body = schemaOf(operation.requestBody?.content);
  const parameters = operation.parameters ?? [];
  return html`<details><summary><b class="${method.toLowerCase()}">${method}</b> <code>${path}</code> <span>${operation.summary}</span></summary>
${operation.description !== undefined && html`<p>${operation.description}</p>`}
${parameters.length > 0 && html`<h3>Parameters</h3><ul>${parameters.map(parameterItem)}</ul>`}
${body !== undefined && html`<h3>Body (JSON)</h3><pre>${shapeOf(body, 0)}</pre>`}
<h3>Answers</h3>${answersOf(operation).map(
    ({ statuses, shape }) => html`<h4>${statuses}</h4>${shape !== '' && html`<pre>${shape}</pre>`}`,
  )}
</details>`;
}

/** Statuses whose answers look alike stand together. */
function answersOf(operation: Operation): { statuses: string; shape: string }[] {
  const answers = Object.entries(operation.responses ?? {}).map(([status, { content }]) => {
    const schema = schemaOf(content);
    return { status, shape: schema === undefined ? '' : shapeOf(schema, 0) };
  });
  const byShape = Map.groupBy(answers, ({ shape }) => shape);
  return [...byShape].map(([shape, alike]) => ({
    shape,
    statuses: alike.map(({ status }) => status).join(', '),
  }));
}

function parameterItem({ name, in: place, required, description, schema }: Parameter): Html {
  return html`<li><code>${name}</code> <em>${place}${required === true && ', required'}</em> <code>${shapeOf(schema ?? {}, 0)}</code> ${description ?? schema?.description}</li>`;
}

function schemaOf(content: Content | undefined): JsonSchema | undefined {
  return Object.values(content ?? {})[0]?.schema;
}

/** A schema as a person would sketch it: { name: string, partitions?: number }. */
function shapeOf(schema: JsonSchema, depth: number): string {
  if (depth > DEPTH_MAX) return '…';
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return schema.enum.map(value => JSON.stringify(value)).join(' | ');
  if (schema.anyOf !== undefined) return schema.anyOf.map(option => shapeOf(option, depth)).join(' | ');
  if (schema.items !== undefined) return `[${shapeOf(schema.items, depth)}, …]`;
  if (schema.properties !== undefined) return objectShape(schema, depth);
  const type = typeof schema.type === 'string' ? schema.type : (schema.type?.join(' | ') ?? 'any');
  return schema.default === undefined ? type : `${type} = ${JSON.stringify(schema.default)}`;
}

function objectShape(schema: JsonSchema, depth: number): string {
  const properties = Object.entries(schema.properties ?? {}).map(([name, property]) => {
    const mark = schema.required?.includes(name) === true ? '' : '?';
    const comment = property.description === undefined ? '' : `  // ${property.description}`;
    return { text: `${name}${mark}: ${shapeOf(property, depth + 1)}`, comment };
  });
  const line = `{ ${properties.map(({ text }) => text).join(', ')} }`;
  const isShort = line.length <= LINE_LENGTH_MAX && !line.includes('\n');
  if (isShort && properties.every(({ comment }) => comment === '')) return line;
  const indent = '  '.repeat(depth + 1);
  const lines = properties.map(({ text, comment }) => `${indent}${text}${comment}`);
  return `{\n${lines.join('\n')}\n${'  '.repeat(depth)}}`;
}
