import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createBatcher } from './batcher.ts';

describe('batcher', () => {
  it('asks once for what is asked in one turn, each name once', async () => {
    const calls: string[][] = [];
    const load = createBatcher<string>({
      sizeMax: 10,
      load: async names => {
        calls.push(names);
        return new Map(names.map(name => [name, name.toUpperCase()]));
      },
    });
    assert.deepEqual(await Promise.all([load('a'), load('b'), load('a')]), ['A', 'B', 'A']);
    assert.deepEqual(calls, [['a', 'b']]);
    assert.equal(await load('c'), 'C');
    assert.deepEqual(calls, [['a', 'b'], ['c']]);
  });

  it('never asks for more than the server takes', async () => {
    const sizes: number[] = [];
    const load = createBatcher<string>({
      sizeMax: 2,
      load: async names => {
        sizes.push(names.length);
        return new Map(names.map(name => [name, name]));
      },
    });
    await Promise.all(['a', 'b', 'c', 'd', 'e'].map(load));
    assert.deepEqual(sizes, [2, 2, 1]);
  });

  it('fails only those of the failed call, and those the answer left out', async () => {
    const load = createBatcher<string>({
      sizeMax: 2,
      load: async names => {
        if (names.includes('bad')) throw new Error('refused');
        return new Map([['a', 'A']]);
      },
    });
    const results = await Promise.allSettled(['a', 'lost', 'bad'].map(load));
    assert.deepEqual(
      results.map(result =>
        result.status === 'fulfilled' ? result.value : (result.reason as Error).message,
      ),
      ['A', 'No answer for lost', 'refused'],
    );
  });
});
