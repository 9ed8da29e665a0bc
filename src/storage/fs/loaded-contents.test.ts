import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { LoadedContents } from './loaded-contents.ts';

function content(options: { stays?: boolean } = {}) {
  const made = {
    wasUsed: false,
    isLoaded: true,
    unload: (): boolean => {
      if (options.stays === true) return false;
      made.isLoaded = false;
      return true;
    },
  };
  return made;
}

describe('what is loaded of files', () => {
  it('stays below the bound, and what was used goes last', () => {
    const contents = new LoadedContents({ bytesMax: 30 });
    const [a, b, c, d] = [content(), content(), content(), content()];
    for (const each of [a, b, c]) contents.admit(each, 10);
    a.wasUsed = true;
    contents.admit(d, 10);
    assert.deepEqual(
      [a, b, c, d].map(({ isLoaded }) => isLoaded),
      [true, false, true, true],
    );
    assert.equal(contents.bytes, 30);
  });

  it('is kept when its file does not have it', () => {
    const contents = new LoadedContents({ bytesMax: 10 });
    const [a, b] = [content({ stays: true }), content()];
    contents.admit(a, 10);
    contents.admit(b, 10);
    assert.deepEqual([a.isLoaded, contents.bytes], [true, 20]);
    contents.forget(a);
    assert.equal(contents.bytes, 10);
  });
});
