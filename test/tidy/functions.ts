// Finds functions in TypeScript source and counts their lines, with the parser of the bundler (oxc).

import { parseAst } from 'rolldown/parseAst';

export interface FoundFunction {
  readonly name: string;
  readonly line: number;
  readonly lines: number;
}

interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [key: string]: unknown;
}

const FUNCTIONS = ['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression'];

function isNode(value: unknown): value is Node {
  return (
    typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string'
  );
}

function nameOf(node: Node, parent: Node | null): string {
  const named = [node['id'], parent?.['key'], parent?.['id']].find(isNode);
  return (named?.['name'] as string | undefined) ?? '(anonymous)';
}

export function functionsOf(text: string): FoundFunction[] {
  const lineStarts = [0, ...[...text.matchAll(/\n/g)].map(match => match.index + 1)];
  const lineAt = (offset: number) => lineStarts.findLastIndex(start => start <= offset) + 1;
  const found: FoundFunction[] = [];
  const visit = (node: Node, parent: Node | null): void => {
    if (FUNCTIONS.includes(node.type)) {
      const line = lineAt(node.start);
      found.push({ name: nameOf(node, parent), line, lines: lineAt(node.end - 1) - line + 1 });
    }
    for (const value of Object.values(node)) {
      for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) visit(child, node);
    }
  };
  visit(parseAst(text, { lang: 'ts' }) as unknown as Node, null);
  return found;
}
