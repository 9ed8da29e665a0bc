// Reads a pattern in RE2's syntax (https://github.com/google/re2/wiki/Syntax), by Perl's rules as RE2/J has them: groups,
// flags i m s U, classes, repetition up to 1,000. There are no back references and no look-around, which is what makes
// matching linear. Captures and greediness are read and forgotten: only whole matches are asked for.

import { negated, perlClass, posixClass, unicodeClass } from './character-classes.ts';
import { type CodePointTest, type Node, RegexSyntaxError } from './syntax.ts';

/** RE2's. */
const REPEAT_MAX = 1_000;
/** RE2/J's height limit: recursion ends here, not at the end of the stack. */
const DEPTH_MAX = 1_000;

const MISSING_PAREN = 'missing closing )';
const MISSING_BRACKET = 'missing closing ]';
const INVALID_RANGE = 'invalid character class range';
const INVALID_ESCAPE = 'invalid escape sequence';
const INVALID_PERL_OP = 'invalid or unsupported Perl syntax';
const ESCAPES: ReadonlyMap<string, number> = new Map([
  ['a', 7],
  ['f', 12],
  ['n', 10],
  ['r', 13],
  ['t', 9],
  ['v', 11],
]);

interface Flags {
  readonly ignoresCase: boolean;
  readonly isMultiline: boolean;
  readonly dotMatchesNewline: boolean;
}

interface Repetition {
  readonly min: number;
  readonly max: number | null;
}

export function parseRegex(pattern: string): Node {
  return new Parser(pattern).parse();
}

class Parser {
  readonly #characters: readonly string[];
  #position = 0;
  #flags: Flags = { ignoresCase: false, isMultiline: false, dotMatchesNewline: false };
  readonly #names = new Set<string>();
  #depth = 0;

  constructor(pattern: string) {
    this.#characters = [...pattern];
  }

  parse(): Node {
    const node = this.#choice();
    // RE2/J calls this an internal error.
    if (!this.#isAtEnd) throw new RegexSyntaxError('unexpected )');
    return node;
  }

  get #isAtEnd(): boolean {
    return this.#position >= this.#characters.length;
  }

  #peek(ahead = 0): string | undefined {
    return this.#characters[this.#position + ahead];
  }

  #takeIf(text: string): boolean {
    for (let index = 0; index < text.length; index++) if (this.#peek(index) !== text[index]) return false;
    this.#position += text.length;
    return true;
  }

  #choice(): Node {
    if (++this.#depth > DEPTH_MAX) throw new RegexSyntaxError('expression nests too deeply');
    const parts = [this.#sequence()];
    while (this.#takeIf('|')) parts.push(this.#sequence());
    this.#depth -= 1;
    return parts.length === 1 ? parts[0]! : { kind: 'choice', parts };
  }

  #sequence(): Node {
    const parts: Node[] = [];
    while (!this.#isAtEnd && this.#peek() !== '|' && this.#peek() !== ')') {
      const repetition = this.#repetition();
      if (repetition !== null) throw new RegexSyntaxError('missing argument to repetition operator');
      const atom = this.#atom();
      if (atom !== null) parts.push(this.#repeated(atom));
    }
    return parts.length === 1 ? parts[0]! : { kind: 'sequence', parts };
  }

  #repeated(atom: Node): Node {
    const repetition = this.#repetition();
    if (repetition === null) return atom;
    this.#takeIf('?');
    if (this.#repetition() !== null) throw new RegexSyntaxError('invalid nested repetition operator');
    return { kind: 'repeat', part: atom, ...repetition };
  }

  #repetition(): Repetition | null {
    if (this.#takeIf('*')) return { min: 0, max: null };
    if (this.#takeIf('+')) return { min: 1, max: null };
    if (this.#takeIf('?')) return { min: 0, max: 1 };
    if (this.#peek() !== '{') return null;
    const close = this.#characters.indexOf('}', this.#position);
    const counts = /^\{(\d+)(,(\d*))?\}$/.exec(this.#characters.slice(this.#position, close + 1).join(''));
    // Not a repetition: a brace is a character like others.
    if (close < 0 || counts === null) return null;
    this.#position = close + 1;
    const min = Number(counts[1]);
    const max = counts[2] === undefined ? min : counts[3] === '' ? null : Number(counts[3]);
    if (min > REPEAT_MAX || (max !== null && (max > REPEAT_MAX || max < min)))
      throw new RegexSyntaxError('invalid repeat count');
    return { min, max };
  }

  /** Null: something that stands for nothing (flags for the rest of the group). */
  #atom(): Node | null {
    const character = this.#characters[this.#position++]!;
    const { isMultiline, dotMatchesNewline } = this.#flags;
    switch (character) {
      case '.':
        return { kind: 'one', test: dotMatchesNewline ? () => true : codePoint => codePoint !== 10 };
      case '^':
        return { kind: 'assert', assertion: isMultiline ? 'begin-line' : 'begin-text' };
      case '$':
        return { kind: 'assert', assertion: isMultiline ? 'end-line' : 'end-text' };
      case '[':
        return this.#one(this.#class());
      case '(':
        return this.#group();
      case '\\':
        return this.#escape();
      default:
        return this.#literal(character.codePointAt(0)!);
    }
  }

  #literal(literal: number): Node {
    return this.#one(codePoint => codePoint === literal);
  }

  #one(test: CodePointTest): Node {
    return { kind: 'one', test: tabled(this.#flags.ignoresCase ? ignoringCase(test) : test) };
  }

  #group(): Node | null {
    const outside = this.#flags;
    if (this.#takeIf('?') && !this.#groupKind()) return null;
    const node = this.#choice();
    if (!this.#takeIf(')')) throw new RegexSyntaxError(MISSING_PAREN);
    this.#flags = outside;
    return node;
  }

  /** Behind `(?`: a name, or flags. Whether a group follows; `(?i)` only sets flags. */
  #groupKind(): boolean {
    if (this.#takeIf('P<') || this.#takeIf('<')) {
      const close = this.#characters.indexOf('>', this.#position);
      const name = this.#characters.slice(this.#position, Math.max(close, this.#position)).join('');
      if (!/^\w+$/.test(name)) throw new RegexSyntaxError('invalid named capture');
      if (this.#names.has(name)) throw new RegexSyntaxError('duplicate capture group name');
      this.#names.add(name);
      this.#position = close + 1;
      return true;
    }
    let isOn = true;
    let flags = this.#flags;
    for (;;) {
      const character = this.#characters[this.#position++];
      if (character === 'i') flags = { ...flags, ignoresCase: isOn };
      else if (character === 'm') flags = { ...flags, isMultiline: isOn };
      else if (character === 's') flags = { ...flags, dotMatchesNewline: isOn };
      else if (character === '-' && isOn) isOn = false;
      else if (character === ':' || character === ')') {
        this.#flags = flags;
        return character === ':';
      } else if (character === undefined) throw new RegexSyntaxError(MISSING_PAREN);
      else if (character !== 'U') throw new RegexSyntaxError(INVALID_PERL_OP);
    }
  }

  #escape(): Node {
    const character = this.#peek();
    if (character === undefined) throw new RegexSyntaxError('trailing backslash at end of expression');
    if (this.#takeIf('A')) return { kind: 'assert', assertion: 'begin-text' };
    if (this.#takeIf('z')) return { kind: 'assert', assertion: 'end-text' };
    if (this.#takeIf('b')) return { kind: 'assert', assertion: 'word-boundary' };
    if (this.#takeIf('B')) return { kind: 'assert', assertion: 'no-word-boundary' };
    if (this.#takeIf('Q')) return this.#quoted();
    return this.#one(this.#escapedClass() ?? equalTo(this.#escapedCodePoint()));
  }

  /** \Q…\E: everything in it as it stands. */
  #quoted(): Node {
    const parts: Node[] = [];
    while (!this.#isAtEnd && !this.#takeIf('\\E'))
      parts.push(this.#literal(this.#characters[this.#position++]!.codePointAt(0)!));
    return { kind: 'sequence', parts };
  }

  /** Behind a backslash. */
  #escapedClass(): CodePointTest | null {
    const letter = this.#peek()!;
    const perl = perlClass(letter);
    if (perl !== undefined) {
      this.#position += 1;
      return perl;
    }
    if (letter !== 'p' && letter !== 'P') return null;
    this.#position += 1;
    let name = this.#characters[this.#position++];
    if (name === '{') {
      const close = this.#characters.indexOf('}', this.#position);
      if (close < 0) throw new RegexSyntaxError(INVALID_RANGE);
      name = this.#characters.slice(this.#position, close).join('');
      this.#position = close + 1;
    }
    if (name === undefined) throw new RegexSyntaxError(INVALID_RANGE);
    const isNegated = (letter === 'P') !== name.startsWith('^');
    const test = unicodeClass(name.replace(/^\^/, ''));
    return isNegated ? negated(test) : test;
  }

  #escapedCodePoint(): number {
    const character = this.#characters[this.#position++];
    if (character === undefined) throw new RegexSyntaxError('trailing backslash at end of expression');
    const known = ESCAPES.get(character);
    if (known !== undefined) return known;
    if (character === 'x') return this.#hexadecimal();
    // One digit other than 0 would be a back reference.
    const isOctal = character === '0' || (/[1-7]/.test(character) && /[0-7]/.test(this.#peek() ?? ''));
    if (isOctal) return this.#octal(character);
    if (/[A-Za-z0-9_]/.test(character) && character !== '_') throw new RegexSyntaxError(INVALID_ESCAPE);
    return character.codePointAt(0)!;
  }

  #octal(first: string): number {
    let digits = first;
    while (digits.length < 3 && /[0-7]/.test(this.#peek() ?? ''))
      digits += this.#characters[this.#position++];
    return Number.parseInt(digits, 8);
  }

  #hexadecimal(): number {
    const rest = this.#characters.slice(this.#position, this.#position + 12).join('');
    const match = /^(?:\{([0-9A-Fa-f]{1,8})\}|([0-9A-Fa-f]{2}))/.exec(rest);
    const codePoint = match === null ? Number.NaN : Number.parseInt(match[1] ?? match[2]!, 16);
    if (match === null || codePoint > 0x10ffff) throw new RegexSyntaxError(INVALID_ESCAPE);
    this.#position += match[0].length;
    return codePoint;
  }

  /** Behind [. A ] that comes first is a character. */
  #class(): CodePointTest {
    const isNegated = this.#takeIf('^');
    const tests: CodePointTest[] = [];
    for (let isFirst = true; isFirst || this.#peek() !== ']'; isFirst = false) {
      if (this.#isAtEnd) throw new RegexSyntaxError(MISSING_BRACKET);
      tests.push(this.#classItem());
    }
    this.#position += 1;
    const test: CodePointTest = codePoint => tests.some(one => one(codePoint));
    return isNegated ? negated(test) : test;
  }

  #classItem(): CodePointTest {
    if (this.#peek() === '[' && this.#peek(1) === ':') {
      const rest = this.#characters.slice(this.#position).join('');
      const match = /^\[:(\^?\w+):\]/.exec(rest);
      if (match !== null) {
        const test = posixClass(match[1]!);
        if (test === undefined) throw new RegexSyntaxError(INVALID_RANGE);
        this.#position += match[0].length;
        return test;
      }
    }
    if (this.#peek() === '\\') {
      this.#position += 1;
      const test = this.#isAtEnd ? null : this.#escapedClass();
      if (test !== null) return test;
      this.#position -= 1;
    }
    const low = this.#classCharacter();
    if (this.#peek() !== '-' || this.#peek(1) === ']' || this.#peek(1) === undefined) return equalTo(low);
    this.#position += 1;
    const high = this.#classCharacter();
    if (high < low) throw new RegexSyntaxError(INVALID_RANGE);
    return codePoint => codePoint >= low && codePoint <= high;
  }

  #classCharacter(): number {
    if (this.#takeIf('\\')) return this.#escapedCodePoint();
    const character = this.#characters[this.#position++];
    if (character === undefined) throw new RegexSyntaxError(MISSING_BRACKET);
    return character.codePointAt(0)!;
  }
}

/** One look for ASCII, which is all that topics are named with, however long the class is. */
function tabled(test: CodePointTest): CodePointTest {
  const ascii = Uint8Array.from({ length: 128 }, (_, codePoint) => (test(codePoint) ? 1 : 0));
  return codePoint => (codePoint < 128 ? ascii[codePoint] === 1 : test(codePoint));
}

function equalTo(literal: number): CodePointTest {
  return codePoint => codePoint === literal;
}

function ignoringCase(test: CodePointTest): CodePointTest {
  return codePoint => {
    if (test(codePoint)) return true;
    const text = String.fromCodePoint(codePoint);
    return test(text.toLowerCase().codePointAt(0)!) || test(text.toUpperCase().codePointAt(0)!);
  };
}
