import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { formatJson, parseJsonNodes, visibleNodes } from './json-nodes.ts';

const literals = (text: string) => parseJsonNodes(text)?.map(node => node.literal);

describe('JSON nodes', () => {
  it('keeps every literal as it was written', () => {
    assert.deepEqual(literals('[9223372036854775807, 1.0, 1e400, -0, "\\u00e9\\n", true, null]'), [
      '',
      '9223372036854775807',
      '1.0',
      '1e400',
      '-0',
      '"\\u00e9\\n"',
      'true',
      'null',
    ]);
  });

  it('keeps order and repeated names, also those that look like numbers or prototypes', () => {
    const nodes = parseJsonNodes('{"2":1,"1":2,"1":3,"__proto__":4}')!;
    assert.deepEqual(
      nodes.slice(1).map(node => node.key),
      ['2', '1', '1', '__proto__'],
    );
  });

  it('knows depth, members and where a subtree ends', () => {
    const nodes = parseJsonNodes('{"a":[1,{"b":2}],"c":{}}')!;
    assert.deepEqual(
      nodes.map(({ depth, key, kind, count, end }) => [depth, key, kind, count, end]),
      [
        [0, null, 'object', 2, 6],
        [1, 'a', 'array', 2, 5],
        [2, 0, 'number', 0, 3],
        [2, 1, 'object', 1, 5],
        [3, 'b', 'number', 0, 5],
        [1, 'c', 'object', 0, 6],
      ],
    );
  });

  it('agrees with JSON.parse on what is JSON', () => {
    const texts = [
      '1',
      '"a"',
      ' { } ',
      '[]',
      '[[[]]]',
      '{"a":"\\""}',
      '{"a":"\\\\"}',
      '',
      '{',
      '[1,]',
      '{"a":1,}',
      '{a:1}',
      '01',
      '+1',
      '1.',
      '.5',
      'nul',
      'NaN',
      '"\n"',
      '"\\x"',
      '[1 2]',
      '{"a" 1}',
      '[1]]',
      "['a']",
      '{"a":1}{',
      '"abc',
    ];
    for (const text of texts) {
      let valid = true;
      try {
        JSON.parse(text);
      } catch {
        valid = false;
      }
      assert.equal(parseJsonNodes(text) !== null, valid, JSON.stringify(text));
    }
  });

  it('does not run out of stack on deep nesting', () => {
    const depth = 50_000;
    assert.equal(parseJsonNodes('['.repeat(depth) + ']'.repeat(depth))?.length, depth);
  });

  it('gives up on more nodes than a tree can show', () => {
    assert.equal(parseJsonNodes(`[${'1,'.repeat(200_001)}1]`), null);
  });

  it('indents without touching a literal', () => {
    const text =
      '{"id":9007199254740993,"price":1.50,"tags":["a","b"],"none":[],"nested":{"x":{"y":null}},"s":"\\u0041"}';
    const expected = `{
  "id": 9007199254740993,
  "price": 1.50,
  "tags": [
    "a",
    "b"
  ],
  "none": [],
  "nested": {
    "x": {
      "y": null
    }
  },
  "s": "\\u0041"
}`;
    assert.equal(formatJson(parseJsonNodes(text)!), expected);
  });

  it('indents like JSON.stringify where that loses nothing', () => {
    const value = [{ a: [1, [2, { b: [] }], {}], c: 'x' }, [], [[]], { d: { e: { f: false } } }];
    assert.equal(formatJson(parseJsonNodes(JSON.stringify(value))!), JSON.stringify(value, null, 2));
  });

  it('hides what is inside a collapsed node', () => {
    const nodes = parseJsonNodes('{"a":[1,2],"b":3}')!;
    assert.deepEqual(visibleNodes(nodes, new Set([1])), [0, 1, 4]);
    assert.deepEqual(visibleNodes(nodes, new Set([0, 1])), [0]);
    assert.deepEqual(visibleNodes(nodes, new Set()), [0, 1, 2, 3, 4]);
  });
});
