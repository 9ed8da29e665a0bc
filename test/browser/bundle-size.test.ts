// What the first page loads stays small: the scripts that index.html names, compressed as a server would send them.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const KIB = 1024;
const FIRST_PAGE_BYTES_MAX = 230 * KIB;
const directory = fileURLToPath(new URL('../../dist/console', import.meta.url));

describe('built console', () => {
  it('loads at most 230 KiB of script for the first page', context => {
    const html = readFileSync(join(directory, 'index.html'), 'utf8');
    const scripts = [...html.matchAll(/(?:src|href)="(\/[^"]+\.js)"/g)].map(match => match[1]!);
    assert.ok(scripts.length > 1, 'index.html names the scripts of the first page');
    const sizes = scripts.map(name => gzipSync(readFileSync(join(directory, name))).length);
    const total = sizes.reduce((sum, size) => sum + size, 0);
    context.diagnostic(`${(total / KIB).toFixed(1)} KiB in ${scripts.length} files`);
    assert.ok(total <= FIRST_PAGE_BYTES_MAX, `${total} bytes`);
  });

  it('has no inline script and no inline style, as the content security policy demands', () => {
    const html = readFileSync(join(directory, 'index.html'), 'utf8');
    assert.doesNotMatch(html, /<script(?![^>]*\bsrc=)[^>]*>/);
    assert.doesNotMatch(html, /<style|\son\w+=|\sstyle=/);
  });
});
