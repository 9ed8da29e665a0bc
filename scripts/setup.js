// Sets up what a fresh checkout lacks: the dependencies (npm ci) and the build. Plain JavaScript that any Node from 20
// on can run, without any dependency. It does nothing, in a few milliseconds, when all is there.

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
export const pinnedNode = join(
  root,
  'node_modules/node/bin',
  process.platform === 'win32' ? 'node.exe' : 'node',
);

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

/** Whether every package of the lock file is there in its version. npm notes what it installed in a lock file of its own. */
function isInstalled() {
  const noted = readIfAny(join(root, 'node_modules/.package-lock.json'));
  if (noted === '' || !existsSync(pinnedNode)) return false;
  const installed = JSON.parse(noted).packages;
  const wanted = Object.entries(JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages);
  return wanted.every(([path, { version, optional }]) => path === '' || optional || installed[path]?.version === version);
}

function install(say) {
  if (isInstalled()) return;
  say('Installing dependencies (npm ci), about half a minute the first time …');
  run(
    'npm',
    ['ci', '--no-audit', '--no-fund', '--loglevel=error'],
    'npm ci did not finish: see its message above. Run the same command again once that is solved.',
  );
  if (!existsSync(pinnedNode)) {
    throw new SetupError(
      'The pinned Node 24 (npm package "node") did not arrive, probably because install scripts are switched off. ' +
        'Run "npm rebuild node --ignore-scripts=false", or use Node 24.6 or newer.',
    );
  }
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

function isBuilt() {
  return readIfAny(buildStamp) === inputsHash();
}

function build(say) {
  const wanted = inputsHash();
  if (readIfAny(buildStamp) === wanted) return;
  say('Building the program and the console …');
  run(pinnedNode, [join(root, 'scripts/build.js')], 'The build did not finish: see its message above.');
  mkdirSync(dirname(buildStamp), { recursive: true });
  writeFileSync(buildStamp, wanted);
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** One set-up of a checkout at a time: a second one waits for the first. Returns the way to let the next one in. */
function takeTurn(say) {
  const lock = join(root, '.setup-lock');
  for (let told = false; ; told = true) {
    try {
      writeFileSync(lock, String(process.pid), { flag: 'wx' });
      return () => rmSync(lock, { force: true });
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    const holder = Number(readIfAny(lock));
    if (holder > 0 && !isAlive(holder)) rmSync(lock, { force: true });
    else if (!told) say(`Another set-up of this checkout is under way (process ${holder}); waiting for it …`);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
  }
}

/** Installs and builds what is missing. Ends the process with one sentence when that cannot be done. */
export async function ensureReady({ quiet = false, needBuild = true } = {}) {
  const say = text => process.stderr.write(quiet ? '' : `${text}\n`);
  try {
    if (isInstalled() && (!needBuild || isBuilt())) return;
    const release = takeTurn(say);
    try {
      install(say);
      if (needBuild) build(say);
    } finally {
      release();
    }
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    process.stderr.write(`millrace: ${error.message}\n`);
    process.exit(1);
  }
}
