// The counter itself is checked, so that the size rule cannot silently stop finding functions.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { functionsOf } from './functions.ts';

it('finds functions, methods and arrows, and leaves out classes, objects and control statements', () => {
  const text = [
    "import { a } from './a.ts';",
    'export function first(options: { a: number }): Map<string, number> {',
    '  if (options.a > 1) {',
    "    return '{';",
    '  }',
    '}',
    'class Thing {',
    '  readonly value = { nested: 1 };',
    '  #method<T>(value: T): T | null {',
    '    return value;',
    '  }',
    '}',
    'const arrow = (value: number) => {',
    '  // }',
    '  return value;',
    '};',
  ].join('\n');
  assert.deepEqual(functionsOf(text), [
    { name: 'first', line: 2, lines: 5 },
    { name: 'method', line: 9, lines: 3 },
    { name: 'arrow', line: 13, lines: 4 },
  ]);
});
