// Java's .properties format, as far as Kafka's server.properties uses it: comments with # or !, key and value separated
// by =, : or blanks, a backslash at the end continues the line, \t \n \r \f and \uXXXX are escapes
// (java.util.Properties#load).

export function parseProperties(text: string): Map<string, string> {
  const properties = new Map<string, string>();
  for (const line of logicalLines(text)) {
    const { key, value } = splitLine(line);
    properties.set(unescapeText(key), unescapeText(value));
  }
  return properties;
}

function logicalLines(text: string): string[] {
  const lines: string[] = [];
  let pending = '';
  for (const raw of text.split(/\r\n|\n|\r/)) {
    const line = pending + raw.trimStart();
    if (pending === '' && (line === '' || line.startsWith('#') || line.startsWith('!'))) continue;
    const backslashes = /\\*$/.exec(line)![0].length;
    if (backslashes % 2 === 1) {
      pending = line.slice(0, -1);
      continue;
    }
    lines.push(line);
    pending = '';
  }
  if (pending !== '') lines.push(pending);
  return lines;
}

function splitLine(line: string): { key: string; value: string } {
  const match = /^((?:\\.|[^\\=:\s])*)(?:\s*[=:]\s*|\s+|$)([\s\S]*)$/.exec(line);
  return { key: match?.[1] ?? line, value: match?.[2] ?? '' };
}

const ESCAPES: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', f: '\f' };

function unescapeText(text: string): string {
  return text.replace(/\\(?:u([0-9a-fA-F]{4})|([\s\S]))/g, (_, hex: string | undefined, character: string) =>
    hex === undefined ? (ESCAPES[character] ?? character) : String.fromCharCode(Number.parseInt(hex, 16)),
  );
}
