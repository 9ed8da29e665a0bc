// The page of file formats says what the sources say.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { it } from 'node:test';
import { formatPage } from '../scripts/format-page.ts';

it('docs/formats/README.md is what the opening comments say (node scripts/format-page.ts writes it)', () => {
  assert.equal(readFileSync(new URL('../docs/formats/README.md', import.meta.url), 'utf8'), formatPage());
});
