// Sets of characters that a pattern can name: \d, [[:alpha:]], \p{Greek}. Perl's and POSIX's are ASCII, as in RE2.

import { type CodePointTest, RegexSyntaxError } from './syntax.ts';

function ofRanges(...ranges: readonly string[]): CodePointTest {
  const bounds = ranges.map(range => [range.charCodeAt(0), range.charCodeAt(range.length - 1)] as const);
  return codePoint => bounds.some(([low, high]) => codePoint >= low && codePoint <= high);
}

export function negated(test: CodePointTest): CodePointTest {
  return codePoint => !test(codePoint);
}

export const isWordCharacter = ofRanges('09', 'AZ', 'az', '_');

const PERL: ReadonlyMap<string, CodePointTest> = new Map([
  ['d', ofRanges('09')],
  ['s', ofRanges('\t', '\n', '\f', '\r', ' ')],
  ['w', isWordCharacter],
]);

/** The class behind \d, \D and the like. */
export function perlClass(letter: string): CodePointTest | undefined {
  const test = PERL.get(letter.toLowerCase());
  if (test === undefined) return undefined;
  return letter === letter.toLowerCase() ? test : negated(test);
}

const POSIX: ReadonlyMap<string, CodePointTest> = new Map([
  ['alnum', ofRanges('09', 'AZ', 'az')],
  ['alpha', ofRanges('AZ', 'az')],
  ['ascii', ofRanges('\u0000\u007f')],
  ['blank', ofRanges('\t', ' ')],
  ['cntrl', ofRanges('\u0000\u001f', '\u007f')],
  ['digit', ofRanges('09')],
  ['graph', ofRanges('!~')],
  ['lower', ofRanges('az')],
  ['print', ofRanges(' ~')],
  ['punct', ofRanges('!/', ':@', '[`', '{~')],
  ['space', ofRanges('\t\r', ' ')],
  ['upper', ofRanges('AZ')],
  ['word', isWordCharacter],
  ['xdigit', ofRanges('09', 'AF', 'af')],
]);

/** `name` as it stands between [: and :], perhaps with ^. */
export function posixClass(name: string): CodePointTest | undefined {
  const test = POSIX.get(name.replace(/^\^/, ''));
  return test === undefined || !name.startsWith('^') ? test : negated(test);
}

/** A Unicode category or script; the JavaScript expression sees one character at a time, so it cannot backtrack. */
export function unicodeClass(name: string): CodePointTest {
  if (name === 'Any') return () => true;
  for (const property of [name, `Script=${name}`]) {
    if (!/^[A-Za-z_=]+$/.test(property)) break;
    try {
      const expression = new RegExp(`^\\p{${property}}$`, 'u');
      return codePoint => expression.test(String.fromCodePoint(codePoint));
    } catch {
      // Not a property of that name.
    }
  }
  throw new RegexSyntaxError('invalid character class range');
}
