// What goes into the container image, without any container engine: the files are copied into an empty directory, and
// the program must start from there with nothing of this checkout around it.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { LOADED_WHEN_USED, NEVER_LOADED } from '../../scripts/outside-bundles.ts';
import { removeDirectory, startMillrace, temporaryDirectory } from '../support/millrace-process.ts';

const imageFiles = fileURLToPath(new URL('../../scripts/image-files.js', import.meta.url));

describe('the files of the image', () => {
  let directory: string;
  let image: string;
  before(() => {
    directory = temporaryDirectory();
    image = join(directory, 'image');
    execFileSync(process.execPath, [imageFiles, image], { stdio: 'pipe' });
  });
  after(() => removeDirectory(directory));

  it('are no sources, no build tools, and nothing that the bundles hold already', () => {
    for (const name of ['rolldown', 'vite', 'typescript', 'fastify', 'zod', ...NEVER_LOADED]) {
      assert.equal(existsSync(join(image, 'node_modules', name)), false, name);
    }
    assert.equal(existsSync(join(image, 'src/workbench.ts')), false);
    assert.equal(existsSync(join(image, 'scripts')), false);
  });

  it('hold every package that is loaded only when used', () => {
    const words = `(async () => { for (const name of ${JSON.stringify(LOADED_WHEN_USED)}) await import(name); })()`;
    execFileSync(process.execPath, ['-e', words], { cwd: image, stdio: 'pipe' });
  });

  it('start the whole workbench', async () => {
    const elsewhere = join(directory, 'elsewhere');
    mkdirSync(elsewhere);
    const millrace = await startMillrace({
      directory: elsewhere,
      words: ['--memory'],
      program: join(image, 'src/cli/bin.js'),
    });
    try {
      const page = await fetch(`${millrace.ready.console}/`, { headers: { accept: 'text/html' } });
      assert.equal(page.status, 200);
      assert.match(await page.text(), /<div id="root">/);
      for (const path of ['/readyz', '/openapi.json', '/docs', '/api/v1/topics']) {
        const answer = await fetch(`${millrace.ready.api}${path}`);
        assert.equal(answer.status, 200, path);
        await answer.arrayBuffer();
      }
    } finally {
      assert.equal((await millrace.end('SIGTERM')).exitCode, 0);
    }
  });
});
