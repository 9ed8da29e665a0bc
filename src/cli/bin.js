#!/usr/bin/env node
// The way in, in plain JavaScript that any Node from 20 on can run. It makes sure that a Node new enough runs the
// program: this one, or the pinned one that npm installed beside it. In a checkout it also builds what is missing.
//
// Node's own modules come by require: an ESM import of one reads all its getters, and with them loads half of Node
// (12 ms and 5 MB of a start). The bundles are CommonJS for the same reason.

import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { existsSync } = require('node:fs');
const module = require('node:module');
const { dirname, resolve } = require('node:path');
const process = require('node:process');
const { fileURLToPath, pathToFileURL } = require('node:url');

const bin = fileURLToPath(import.meta.url);
const root = resolve(dirname(bin), '../..');
const pinnedNode = resolve(root, 'node_modules/node/bin', process.platform === 'win32' ? 'node.exe' : 'node');

/** Node >= 22.22 or >= 24.6: what the published package asks for. */
function isNewEnough(version) {
  const [major, minor] = version.split('.').map(Number);
  return major > 24 || (major === 24 && minor >= 6) || (major === 22 && minor >= 22);
}

const SAY_STALE_AFTER_MS = 3_000;

function sayIfStale({ isFresh }) {
  if (isFresh()) return;
  process.stderr.write(
    'millrace: a source or package was changed after the build that runs here. "npm start" builds it anew.\n',
  );
}

async function buildWhatIsMissing() {
  const path = resolve(root, 'scripts/freshness.cjs');
  if (!existsSync(path)) return;
  const freshness = require(path);
  // npm start, npx millrace: whoever works on Millrace gets what is in the sources.
  const isByNpm = process.env.npm_command !== undefined;
  if (!isByNpm && freshness.looksFresh()) {
    setTimeout(() => sayIfStale(freshness), SAY_STALE_AFTER_MS).unref();
    return;
  }
  if (freshness.isFresh()) return;
  const { ensureReady } = await import(pathToFileURL(resolve(root, 'scripts/setup.js')).href);
  await ensureReady({ quiet: !process.argv.slice(2).every(word => word === 'up') });
}

const PARENT_CHECK_MS = 250;

/** npm passes a stop signal to its shell alone, and that ends without a word: whoever it started stops with it. */
function stopWithNpm(stop) {
  if (process.env.npm_lifecycle_event === undefined) return;
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    stop();
  }, PARENT_CHECK_MS);
  watch.unref();
}

function runWith(executable, words) {
  const child = require('node:child_process').spawn(executable, words, { stdio: 'inherit' });
  // A terminal sends Ctrl-C to both processes, a supervisor to this one only: the program takes two in a row for one.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  stopWithNpm(() => child.kill('SIGTERM'));
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGKILL' ? 137 : 1)));
  child.on('error', error => {
    process.stderr.write(`millrace: cannot run ${executable}: ${error.message}\n`);
    process.exit(1);
  });
}

await buildWhatIsMissing();
if (isNewEnough(process.versions.node)) {
  stopWithNpm(() => process.kill(process.pid, 'SIGTERM'));
  process.env.UV_THREADPOOL_SIZE ??= '8';
  // Compiled code is kept from start to start; threads learn where from the environment.
  const { directory } = module.enableCompileCache();
  if (directory !== undefined) process.env.NODE_COMPILE_CACHE ??= directory;
  require(resolve(root, 'dist/millrace.cjs'));
} else if (existsSync(pinnedNode)) {
  runWith(pinnedNode, [bin, ...process.argv.slice(2)]);
} else {
  process.stderr.write(
    `millrace: Node ${process.versions.node} is too old, and the Node 24 that comes with this package is not installed. ` +
      'Install Node 24.6 or newer, or run "npm install" here with install scripts allowed.\n',
  );
  process.exit(1);
}
