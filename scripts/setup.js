// Sets up what a fresh checkout lacks: the dependencies (npm ci) and the build. Plain JavaScript that any Node from 20
// on can run, without any dependency. It does nothing, in a few milliseconds, when all is there.

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
export const pinnedNode = join(
  root,
  'node_modules/node/bin',
  process.platform === 'win32' ? 'node.exe' : 'node',
);

const installStamp = join(root, 'node_modules/.millrace-installed');
const buildStamp = join(root, 'dist/.built');
const BUILD_INPUTS = ['src', 'console', 'scripts/build.js', 'package-lock.json'];

class SetupError extends Error {}

function readIfAny(path) {
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}

function run(command, words, failure) {
  const result = spawnSync(command, words, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32',
  });
  if (result.status !== 0) throw new SetupError(failure);
}

function install(say) {
  const wanted = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  if (readIfAny(installStamp) === wanted) return;
  say('Installing dependencies (npm ci), about half a minute the first time …');
  run(
    'npm',
    ['ci', '--no-audit', '--no-fund', '--loglevel=error'],
    'npm ci did not finish: see its message above. Nothing else was changed; run the same command again once that is solved.',
  );
  if (!existsSync(pinnedNode)) {
    throw new SetupError(
      'The pinned Node 24 (npm package "node") did not arrive, probably because install scripts are switched off. ' +
        'Run "npm rebuild node --ignore-scripts=false", or use Node 24.6 or newer.',
    );
  }
  writeFileSync(installStamp, wanted);
}

function addFiles(hash, path) {
  const state = statSync(path);
  if (!state.isDirectory()) {
    hash.update(`${path} ${state.size} ${state.mtimeMs}\n`);
    return;
  }
  for (const name of readdirSync(path).sort()) {
    if (name !== 'node_modules' && name !== 'dist' && !name.endsWith('.test.ts'))
      addFiles(hash, join(path, name));
  }
}

function inputsHash() {
  const hash = createHash('sha256');
  for (const input of BUILD_INPUTS) addFiles(hash, join(root, input));
  return hash.digest('hex');
}

function build(say) {
  const wanted = inputsHash();
  if (readIfAny(buildStamp) === wanted) return;
  say('Building the program and the console …');
  run(pinnedNode, [join(root, 'scripts/build.js')], 'The build did not finish: see its message above.');
  mkdirSync(dirname(buildStamp), { recursive: true });
  writeFileSync(buildStamp, wanted);
}

/** Installs and builds what is missing. Ends the process with one sentence when that cannot be done. */
export async function ensureReady({ quiet = false, needBuild = true } = {}) {
  const say = text => process.stderr.write(quiet ? '' : `${text}\n`);
  try {
    install(say);
    if (needBuild) build(say);
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    process.stderr.write(`millrace: ${error.message}\n`);
    process.exit(1);
  }
}
