// Turns a message of the catalogs into the form Lingui's runtime reads, so that Lingui's own compiler (a full ICU
// parser) need not be shipped. Understands what the catalogs use: text, {name}, and {count, plural, one {…} other {…}}
// with # inside. The test compares it with Lingui's compiler over every message.

export type CompiledMessage = (string | [name: string, type?: string, format?: unknown])[];

const PLURAL = /^\s*(\w+)\s*,\s*plural\s*,\s*/;
const CASE = /^\s*(=\d+|\w+)\s*\{/;

export function compileMessage(message: string): CompiledMessage {
  return compileText(message, false);
}

function compileText(text: string, insidePlural: boolean): CompiledMessage {
  const tokens: CompiledMessage = [];
  let position = 0;
  while (position < text.length) {
    const open = text.indexOf('{', position);
    const end = open === -1 ? text.length : open;
    tokens.push(...plainTokens(text.slice(position, end), insidePlural));
    if (open === -1) break;
    const close = closingBrace(text, open);
    tokens.push(compileArgument(text.slice(open + 1, close)));
    position = close + 1;
  }
  return tokens;
}

function plainTokens(text: string, insidePlural: boolean): string[] {
  const parts = insidePlural ? text.split(/(#)/) : [text];
  return parts.filter(part => part !== '');
}

function compileArgument(text: string): [name: string, type?: string, format?: unknown] {
  const plural = PLURAL.exec(text);
  if (plural === null) return [text.trim()];
  const cases: Record<string, unknown> = { offset: undefined };
  let rest = text.slice(plural[0].length);
  for (let match = CASE.exec(rest); match !== null; match = CASE.exec(rest)) {
    const open = match[0].length - 1;
    const close = closingBrace(rest, open);
    cases[match[1]!.replace('=', '')] = compileText(rest.slice(open + 1, close), true);
    rest = rest.slice(close + 1);
  }
  return [plural[1]!, 'plural', cases];
}

function closingBrace(text: string, open: number): number {
  let depth = 0;
  for (let position = open; position < text.length; position += 1) {
    if (text[position] === '{') depth += 1;
    if (text[position] === '}') depth -= 1;
    if (depth === 0) return position;
  }
  throw new Error(`Unbalanced braces: ${text}`);
}
