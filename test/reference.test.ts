// The reference pages say what the tables say.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { it } from 'node:test';
import { referencePages } from '../scripts/reference-pages.ts';

for (const [name, text] of referencePages()) {
  it(`docs/reference/${name} is what the tables print (node scripts/reference-pages.ts writes it)`, () => {
    assert.equal(readFileSync(new URL(`../docs/reference/${name}`, import.meta.url), 'utf8'), text);
  });
}
