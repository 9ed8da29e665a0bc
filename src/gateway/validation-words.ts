// What is wrong with an input, in words: the end of a sentence that begins with the name of the field ("count" must be
// at least 1). Given to zod in the place of its own texts, which speak to programmers.

import type { $ZodRawIssue } from 'zod/v4/core';

const KINDS: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
  null: 'null',
};

/** Behind a bound: of what there must be so many. Nothing for numbers. */
const UNITS: Readonly<Record<string, string>> = { string: ' characters long', array: ' entries long' };

export function validationWords(issue: $ZodRawIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined ? 'is missing' : `must be ${KINDS[issue.expected] ?? issue.expected}`;
    case 'too_small':
      return `must be at least ${issue.minimum}${UNITS[issue.origin] ?? ''}`;
    case 'too_big':
      return `must be at most ${issue.maximum}${UNITS[issue.origin] ?? ''}`;
    case 'unrecognized_keys':
      return `does not take ${issue.keys.map(key => `"${key}"`).join(', ')}`;
    case 'invalid_value':
      return `must be ${issue.values.map(value => `"${String(value)}"`).join(' or ')}`;
    default:
      return 'is not of a form that this call takes';
  }
}
