// Sets up what a fresh checkout lacks: the dependencies (npm ci) and the build. Plain JavaScript that any Node from 20
// on can run, without any dependency. It does nothing when all is
// there, which freshness.cjs knows in a few milliseconds.

import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { isBuiltFrom, isFresh, noteBuiltFrom, readIfAny, root, stateOfInputs } from './freshness.cjs';

export { root };
export const pinnedNode = join(
  root,
  'node_modules/node/bin',
  process.platform === 'win32' ? 'node.exe' : 'node',
);

class SetupError extends Error {}

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
  return wanted.every(
    ([path, { version, optional }]) => path === '' || optional || installed[path]?.version === version,
  );
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

function build(say) {
  const inputs = stateOfInputs();
  if (!isBuiltFrom(inputs)) {
    say('Building the program and the console …');
    run(pinnedNode, [join(root, 'scripts/build.js')], 'The build did not finish: see its message above.');
  }
  noteBuiltFrom(inputs);
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

/** In a checkout that may not be written to, every start takes the closer look. */
function noteIfPossible() {
  try {
    noteBuiltFrom(stateOfInputs());
  } catch {}
}

/** Installs and builds what is missing. Ends the process with one sentence when that cannot be done. */
export async function ensureReady({ quiet = false, needBuild = true } = {}) {
  const say = text => process.stderr.write(quiet ? '' : `${text}\n`);
  try {
    if (isFresh() || (isInstalled() && !needBuild)) return;
    if (isInstalled() && isBuiltFrom(stateOfInputs())) return noteIfPossible();
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
