// Cases from the documentation of java.util.Properties and from Kafka's own server.properties.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { parseProperties } from './properties-file.ts';

it('reads what Java reads', () => {
  const text = [
    '# a comment',
    '! another',
    '',
    'Truth = Beauty',
    ' Truth2:Beauty',
    'Truth3                    :Beauty',
    'fruits                           apple, banana, pear, \\',
    '                                 cantaloupe, watermelon, \\',
    '                                 kiwi, mango',
    'cheeses',
    'log.dirs=/tmp/kraft-combined-logs',
    'path=C:\\\\data\\u0041',
    'a\\=b=c=d',
  ].join('\r\n');
  assert.deepEqual(
    [...parseProperties(text)],
    [
      ['Truth', 'Beauty'],
      ['Truth2', 'Beauty'],
      ['Truth3', 'Beauty'],
      ['fruits', 'apple, banana, pear, cantaloupe, watermelon, kiwi, mango'],
      ['cheeses', ''],
      ['log.dirs', '/tmp/kraft-combined-logs'],
      ['path', 'C:\\dataA'],
      ['a=b', 'c=d'],
    ],
  );
});
