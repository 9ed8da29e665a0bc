// Reads .http files (VS Code REST Client): variables, requests between ### lines, names, query lines, headers, bodies.

export interface HttpRequest {
  readonly name: string;
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

const VARIABLE = /^@(\w+)\s*=\s*(.*)$/;
const NAME = /^#\s*@name\s+(\w+)/;
const COMMENT = /^(#|\/\/)/;

/** `variables` win over those of the file: a test has ports of its own. */
export function parseHttpFile(text: string, variables: Readonly<Record<string, string>>): HttpRequest[] {
  const values: Record<string, string> = {};
  for (const line of text.split('\n')) {
    const [, name, value] = VARIABLE.exec(line) ?? [];
    if (name !== undefined) values[name] = value!.trim();
  }
  Object.assign(values, variables);
  const filled = text.replace(/\{\{(\w+)\}\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`the file uses {{${name}}} and does not define it`);
    return value;
  });
  return filled
    .split(/^###.*$/m)
    .map(requestOf)
    .filter(request => request !== null);
}

function requestOf(block: string): HttpRequest | null {
  const lines = block.split('\n');
  const name = lines.map(line => NAME.exec(line)?.[1]).find(found => found !== undefined) ?? '';
  const rest = lines.filter(line => !COMMENT.test(line) && !VARIABLE.test(line));
  while (rest[0]?.trim() === '') rest.shift();
  const first = rest.shift();
  if (first === undefined) return null;
  let [method, url] = first.trim().split(/\s+/) as [string, string];
  // A query may go on over indented lines.
  while (/^\s+[?&]/.test(rest[0] ?? '')) url += rest.shift()!.trim();
  const end = rest.findIndex(line => line.trim() === '');
  const headerLines = rest.slice(0, end < 0 ? rest.length : end);
  const body = end < 0 ? '' : rest.slice(end).join('\n').trim();
  const headers = Object.fromEntries(headerLines.map(line => line.split(/:\s*/, 2) as [string, string]));
  return { name, method, url, headers, body: body === '' ? undefined : body };
}
