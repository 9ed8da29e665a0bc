// Patterns as RE2/J reads them: what matches, what is refused and with which words (checked against RE2/J 1.8), and that no
// pattern takes long.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { compileRegex, RegexSyntaxError } from './regex.ts';

const matching: readonly (readonly [string, string])[] = [
  ['orders', 'orders'],
  ['orders-.*', 'orders-eu'],
  ['orders-(eu|us)', 'orders-us'],
  ['(?i)ORDERS', 'orders'],
  ['(?i:o)rders', 'Orders'],
  ['[a-c]+', 'abcabc'],
  ['[^a-c]+', 'xyz'],
  ['[]a]+', ']a]'],
  ['[a-]+', 'a-a'],
  ['\\w+\\.\\d{2,3}', 'logs.123'],
  ['[[:alpha:]_]+', 'a_b'],
  ['[[:^digit:]]+', 'abc'],
  ['\\p{L}+', 'ärger'],
  ['\\pN', '7'],
  ['\\p{Greek}', 'α'],
  ['\\Qa.b\\E.', 'a.bc'],
  ['a{2}', 'aa'],
  ['a{2,}', 'aaaa'],
  ['a{,2}', 'a{,2}'],
  ['x*', ''],
  ['(a*)*', 'aaa'],
  ['(a|b)*?c', 'ababc'],
  ['^a$', 'a'],
  ['\\Aa\\z', 'a'],
  ['a\\b-b', 'a-b'],
  ['a\\Bb', 'ab'],
  ['(?P<first>a)(?<second>b)', 'ab'],
  ['\\x41\\x{42}\\103', 'ABC'],
  ['a||b', ''],
  ['(?s).', '\n'],
];

const notMatching: readonly (readonly [string, string])[] = [
  ['orders', 'orders-eu'],
  ['rders', 'orders'],
  ['orders-.+', 'orders-'],
  ['[a-c]', 'd'],
  ['a{2,3}', 'aaaa'],
  ['.', '\n'],
  ['a\\bb', 'ab'],
  ['(?-i)A', 'a'],
];

const refused: readonly (readonly [string, string])[] = [
  ['[a-', 'missing closing ]'],
  ['(a', 'missing closing )'],
  ['a)', 'unexpected )'],
  ['*a', 'missing argument to repetition operator'],
  ['a**', 'invalid nested repetition operator'],
  ['a{1001}', 'invalid repeat count'],
  ['a{3,2}', 'invalid repeat count'],
  ['(?=a)', 'invalid or unsupported Perl syntax'],
  ['(?<!a)b', 'invalid named capture'],
  ['(a)\\1', 'invalid escape sequence'],
  ['\\y', 'invalid escape sequence'],
  ['a\\', 'trailing backslash at end of expression'],
  ['[z-a]', 'invalid character class range'],
  ['\\p{Klingon}', 'invalid character class range'],
  ['(?P<n>a)(?P<n>b)', 'duplicate capture group name'],
  ['(?P<>a)', 'invalid named capture'],
];

describe('regular expressions', () => {
  for (const [pattern, text] of matching) {
    it(`/${pattern}/ matches "${text}"`, () => assert(compileRegex(pattern).matches(text)));
  }
  for (const [pattern, text] of notMatching) {
    it(`/${pattern}/ does not match "${text}"`, () => assert(!compileRegex(pattern).matches(text)));
  }
  for (const [pattern, message] of refused) {
    it(`/${pattern}/ is refused: ${message}`, () =>
      assert.throws(() => compileRegex(pattern), new RegexSyntaxError(message)));
  }

  it('that others backtrack in for ages are matched in one pass', () => {
    const name = 'a'.repeat(249);
    for (const pattern of ['(a*)*b', '(a|aa)+b', '(a?){100}a{100}b', '(.*)(.*)(.*)(.*)x'])
      assert.equal(compileRegex(pattern).matches(name), false);
  });

  it('that become too large are refused, also where nothing is repeated', () => {
    assert.throws(() => compileRegex('(a{100}){100}'), RegexSyntaxError);
    assert.throws(() => compileRegex('a'.repeat(5_000)), RegexSyntaxError);
    assert(compileRegex('((((){1000}){1000}){1000}){1000}').matches(''));
  });
});
