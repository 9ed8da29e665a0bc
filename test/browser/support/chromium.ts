// A browser from npm: @sparticuz/chromium is unpacked once into node_modules/.cache and driven by playwright-core, so the
// tests need nothing installed. Only Linux on x64 has it; elsewhere MILLRACE_TEST_BROWSER names a Chrome or Chromium,
// or the tests are skipped with the reason.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium } from 'playwright-core';

const root = resolve(fileURLToPath(new URL('../../..', import.meta.url)));
const pack = join(root, 'node_modules/@sparticuz/chromium');
const chosenBrowser = process.env['MILLRACE_TEST_BROWSER'];

/** Why browser tests cannot run here, or false. */
export const skipReason: string | false = reasonToSkip();

function reasonToSkip(): string | false {
  if (chosenBrowser !== undefined)
    return existsSync(chosenBrowser) ? false : `There is no browser at ${chosenBrowser}`;
  if (process.platform === 'linux' && process.arch === 'x64') return false;
  return `The browser from npm runs on Linux x64 only, this is ${process.platform} ${process.arch}; set MILLRACE_TEST_BROWSER to a Chrome or Chromium`;
}

const ARGUMENTS = [
  // The pages are ours and local; containers often have no user namespaces and a tiny /dev/shm.
  '--no-sandbox',
  '--no-zygote',
  '--disable-dev-shm-usage',
  '--disable-gpu',
  '--font-render-hinting=none',
];

export async function launchBrowser(): Promise<Browser> {
  if (chosenBrowser !== undefined) return chromium.launch({ executablePath: chosenBrowser, args: ARGUMENTS });
  const directory = await unpackedDirectory();
  const executablePath = join(directory, 'chromium');
  return chromium.launch({ executablePath, args: ARGUMENTS, env: environmentFor(directory, executablePath) });
}

/** Unpacked aside and renamed: test files run at the same time and must never see half a browser. */
async function unpackedDirectory(): Promise<string> {
  const { version } = JSON.parse(readFileSync(join(pack, 'package.json'), 'utf8')) as { version: string };
  const cache = join(root, 'node_modules/.cache/millrace');
  const directory = join(cache, `chromium-${version}`);
  if (existsSync(directory)) return directory;
  mkdirSync(cache, { recursive: true });
  const temporary = mkdtempSync(join(cache, 'unpacking-'));
  const before = process.env['TMPDIR'];
  process.env['TMPDIR'] = temporary;
  try {
    const { inflate } = await import('@sparticuz/chromium');
    for (const name of ['chromium.br', 'fonts.tar.br', 'al2023.tar.br'])
      await inflate(join(pack, 'bin', name));
  } finally {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
  }
  try {
    renameSync(temporary, directory);
  } catch (error) {
    // Another test file was faster.
    rmSync(temporary, { recursive: true, force: true });
    if (!existsSync(directory)) throw error;
  }
  return directory;
}

/** The pack brings the few libraries a bare machine may lack (NSS, NSPR, expat) and a font. */
function environmentFor(directory: string, executable: string): Record<string, string> {
  const environment = Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  const libraries = spawnSync('ldd', [executable], { encoding: 'utf8' });
  if (libraries.status !== 0 || libraries.stdout.includes('not found')) {
    environment['LD_LIBRARY_PATH'] = [join(directory, 'al2023/lib'), environment['LD_LIBRARY_PATH']]
      .filter(Boolean)
      .join(':');
  }
  if (!existsSync('/etc/fonts/fonts.conf')) environment['FONTCONFIG_PATH'] = join(directory, 'fonts');
  return environment;
}
