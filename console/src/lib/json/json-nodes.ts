// Reads JSON text into a flat list of nodes for the tree view. It keeps every literal as it was written: a number is
// never turned into a JavaScript number (64-bit ids would be rounded), order and repeated keys stay, escapes stay.
// Grammar: RFC 8259. Iterative, so that deep nesting cannot exhaust the stack.

export type JsonKind = 'object' | 'array' | 'string' | 'number' | 'word';

export interface JsonNode {
  readonly depth: number;
  /** The member's name (decoded), the element's index, or null at the root. */
  readonly key: string | number | null;
  readonly kind: JsonKind;
  /** The literal as written; empty for objects and arrays. */
  readonly literal: string;
  /** Members or elements directly inside. */
  count: number;
  /** Index of the first node after this one's subtree. */
  end: number;
}

/** More nodes than this are shown as text: a tree of that size helps nobody and costs 100 MB. */
export const JSON_NODES_MAX = 200_000;

const SCALAR = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;
const SPACE = /[ \t\r\n]*/y;

class JsonSyntaxError extends Error {}

class Cursor {
  readonly text: string;
  position = 0;

  constructor(text: string) {
    this.text = text;
  }

  /** Skips white space and returns the next character, '' at the end. */
  peek(): string {
    SPACE.lastIndex = this.position;
    SPACE.test(this.text);
    this.position = SPACE.lastIndex;
    return this.text[this.position] ?? '';
  }

  expect(character: string): void {
    if (this.peek() !== character) throw new JsonSyntaxError();
    this.position += 1;
  }

  /** The string literal at the position, quotes included. */
  string(): string {
    const start = this.position;
    let end = start;
    do {
      end = this.text.indexOf('"', end + 1);
      if (end === -1) throw new JsonSyntaxError();
    } while (isEscaped(this.text, end));
    this.position = end + 1;
    return this.text.slice(start, this.position);
  }

  scalar(): string {
    SCALAR.lastIndex = this.position;
    const match = SCALAR.exec(this.text);
    if (match === null) throw new JsonSyntaxError();
    this.position = SCALAR.lastIndex;
    return match[0];
  }
}

function isEscaped(text: string, position: number): boolean {
  let backslashes = 0;
  while (text[position - 1 - backslashes] === '\\') backslashes += 1;
  return backslashes % 2 === 1;
}

function decodeString(literal: string): string {
  try {
    return JSON.parse(literal) as string;
  } catch {
    throw new JsonSyntaxError();
  }
}

function kindOf(first: string): JsonKind {
  if (first === '{') return 'object';
  if (first === '[') return 'array';
  if (first === '"') return 'string';
  return first === 't' || first === 'f' || first === 'n' ? 'word' : 'number';
}

/** The nodes in the order they are written, or null when the text is not JSON (or has too many nodes for a tree). */
export function parseJsonNodes(text: string): JsonNode[] | null {
  try {
    return parse(text);
  } catch (error) {
    if (error instanceof JsonSyntaxError) return null;
    throw error;
  }
}

function parse(text: string): JsonNode[] {
  const cursor = new Cursor(text);
  const nodes: JsonNode[] = [];
  const open: JsonNode[] = [];
  readValue(cursor, nodes, open, null);
  while (open.length > 0) {
    const parent = open.at(-1)!;
    const closing = parent.kind === 'object' ? '}' : ']';
    if (cursor.peek() === closing) {
      cursor.position += 1;
      parent.end = nodes.length;
      open.pop();
      continue;
    }
    if (parent.count > 0) cursor.expect(',');
    readValue(cursor, nodes, open, parent.kind === 'object' ? readKey(cursor) : parent.count);
    parent.count += 1;
    if (nodes.length > JSON_NODES_MAX) throw new JsonSyntaxError();
  }
  if (cursor.peek() !== '') throw new JsonSyntaxError();
  return nodes;
}

function readKey(cursor: Cursor): string {
  if (cursor.peek() !== '"') throw new JsonSyntaxError();
  const key = decodeString(cursor.string());
  cursor.expect(':');
  return key;
}

function readValue(cursor: Cursor, nodes: JsonNode[], open: JsonNode[], key: JsonNode['key']): void {
  const kind = kindOf(cursor.peek());
  const depth = open.length;
  if (kind === 'object' || kind === 'array') {
    cursor.position += 1;
    const node: JsonNode = { depth, key, kind, literal: '', count: 0, end: nodes.length + 1 };
    nodes.push(node);
    open.push(node);
    return;
  }
  const literal = kind === 'string' ? cursor.string() : cursor.scalar();
  if (kind === 'string') decodeString(literal);
  nodes.push({ depth, key, kind, literal, count: 0, end: nodes.length + 1 });
}

/** The same JSON over many lines, every literal untouched. */
export function formatJson(nodes: readonly JsonNode[]): string {
  const lines: string[] = [];
  const closing: { at: number; text: string }[] = [];
  nodes.forEach((node, index) => {
    const name = typeof node.key === 'string' ? `${JSON.stringify(node.key)}: ` : '';
    const indent = '  '.repeat(node.depth);
    if (node.count > 0) {
      lines.push(`${indent}${name}${node.kind === 'object' ? '{' : '['}`);
      closing.push({ at: node.end, text: `${indent}${node.kind === 'object' ? '}' : ']'}` });
    } else {
      const empty = node.kind === 'object' ? '{}' : '[]';
      lines.push(`${indent}${name}${node.literal === '' ? empty : node.literal}`);
    }
    while (closing.at(-1)?.at === index + 1) lines.push(closing.pop()!.text);
    const next = nodes[index + 1];
    if (next !== undefined && next.depth <= node.depth) lines[lines.length - 1] += ',';
  });
  return lines.join('\n');
}

/** Indexes of the nodes to show when the containers in `collapsed` are closed. */
export function visibleNodes(nodes: readonly JsonNode[], collapsed: ReadonlySet<number>): number[] {
  const visible: number[] = [];
  for (let index = 0; index < nodes.length; ) {
    visible.push(index);
    index = collapsed.has(index) ? nodes[index]!.end : index + 1;
  }
  return visible;
}
