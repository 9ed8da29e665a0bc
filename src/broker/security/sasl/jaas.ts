// JAAS login configuration as Apache Kafka reads it: the value of `sasl.jaas.config` (JaasConfig) is
//   ModuleClass controlFlag name=value "name"="value" … ;
// and a whole file (`java.security.auth.login.config`) is contexts of such entries: `KafkaServer { … };`. The words are
// those of Java's StreamTokenizer. Nothing of a module is ever loaded or run: only its options are read. Errors never quote
// a value, which may be a password.

export interface JaasEntry {
  readonly module: string;
  readonly options: ReadonlyMap<string, string>;
}

export class JaasError extends Error {
  override readonly name = 'JaasError';
}

const FLAGS = ['required', 'requisite', 'sufficient', 'optional'];
const SPACE_OR_COMMENT = /(?:\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\/)*/y;
const WORD = /[\w.$\-\u00a0-\uffff]+/y;
const QUOTED = /"((?:\\[\s\S]|[^"\\\n])*)"|'((?:\\[\s\S]|[^'\\\n])*)'/y;
const ESCAPES: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

/** One word of the text, or one sign. */
interface Token {
  readonly text: string;
  readonly isWord: boolean;
}

/** The entries of a `sasl.jaas.config` value. Throws JaasError. */
export function parseJaasConfig(text: string): JaasEntry[] {
  const tokens = tokensOf(text);
  const entries: JaasEntry[] = [];
  while (tokens.length > 0) entries.push(parseEntry(tokens));
  if (entries.length === 0) throw new JaasError('Login module not specified in JAAS config');
  return entries;
}

/** The contexts of a login configuration file, by name. Throws JaasError. */
export function parseJaasFile(text: string): Map<string, JaasEntry[]> {
  const tokens = tokensOf(text);
  const contexts = new Map<string, JaasEntry[]>();
  while (tokens.length > 0) {
    const name = takeWord(tokens, 'the name of a login context');
    takeSign(tokens, '{', `context ${name}`);
    const entries: JaasEntry[] = [];
    while (tokens[0] !== undefined && tokens[0].text !== '}') entries.push(parseEntry(tokens));
    takeSign(tokens, '}', `context ${name}`);
    takeSign(tokens, ';', `context ${name}`);
    contexts.set(name, entries);
  }
  return contexts;
}

function parseEntry(tokens: Token[]): JaasEntry {
  const module = takeWord(tokens, 'a login module');
  const flag = takeWord(tokens, `the control flag of ${module}`);
  if (!FLAGS.includes(flag.toLowerCase())) {
    throw new JaasError(`Invalid login module control flag '${flag}' in JAAS config`);
  }
  const options = new Map<string, string>();
  while (tokens[0] !== undefined && tokens[0].text !== ';') {
    const name = takeWord(tokens, `an option of ${module}`);
    if (!isSign(tokens[0], '=') || tokens[1]?.isWord !== true) {
      throw new JaasError(`Value not specified for key '${name}' in JAAS config`);
    }
    options.set(name, tokens[1].text);
    tokens.splice(0, 2);
  }
  if (tokens.shift() === undefined) throw new JaasError('JAAS config entry not terminated by semi-colon');
  return { module, options };
}

function isSign(token: Token | undefined, sign: string): boolean {
  return token !== undefined && !token.isWord && token.text === sign;
}

function takeWord(tokens: Token[], what: string): string {
  const token = tokens.shift();
  if (token?.isWord !== true) throw new JaasError(`JAAS config: ${what} is missing`);
  return token.text;
}

function takeSign(tokens: Token[], sign: string, where: string): void {
  if (!isSign(tokens.shift(), sign)) throw new JaasError(`JAAS config: "${sign}" is missing in ${where}`);
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let position = 0;
  const match = (pattern: RegExp) => {
    pattern.lastIndex = position;
    const found = pattern.exec(text);
    if (found !== null) position = pattern.lastIndex;
    return found;
  };
  for (;;) {
    match(SPACE_OR_COMMENT);
    if (position >= text.length) return tokens;
    const quoted = match(QUOTED);
    const word = quoted === null ? match(WORD) : null;
    if (quoted !== null) tokens.push({ text: unescaped(quoted[1] ?? quoted[2] ?? ''), isWord: true });
    else if (word !== null) tokens.push({ text: word[0], isWord: true });
    else tokens.push({ text: text[position++]!, isWord: false });
  }
}

function unescaped(text: string): string {
  return text.replaceAll(/\\([0-3]?[0-7]{1,2}|[\s\S])/g, (_all, code: string) =>
    /^[0-7]/.test(code) ? String.fromCharCode(Number.parseInt(code, 8)) : (ESCAPES[code] ?? code),
  );
}
