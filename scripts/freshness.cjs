// Whether dist/ was built from the sources and packages that are here: a list of sizes and times, compared with the one
// noted at the build. Every start of a checkout asks, so this loads node:fs and little else; what to do about a
// difference is setup.js, which is loaded only then.

const { readdirSync, readFileSync, statSync, writeFileSync } = require('node:fs');
const { join, resolve } = require('node:path');

const root = resolve(__dirname, '..');
const BUILD_INPUTS = [
  'src',
  'console',
  'scripts/build.js',
  'scripts/outside-bundles.ts',
  'package-lock.json',
];
/** npm's note of what it installed: a new one calls for another look at the packages, not for a build. */
const INSTALLED = 'node_modules/.package-lock.json';
const note = join(root, 'dist/.built');

/** One line per file: path, size, time of the last change. */
function stateOf(path) {
  const { size, mtimeMs } = statSync(path);
  return `${path} ${size} ${mtimeMs}\n`;
}

function stateOfDirectory(directory) {
  let state = '';
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const path = `${directory}/${entry.name}`;
    if (!entry.isDirectory()) state += entry.name.endsWith('.test.ts') ? '' : stateOf(path);
    else if (entry.name !== 'node_modules' && entry.name !== 'dist') state += stateOfDirectory(path);
  }
  return state;
}

function readIfAny(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function stateOfInputs() {
  const paths = BUILD_INPUTS.map(input => join(root, input));
  return paths.map(path => (statSync(path).isDirectory() ? stateOfDirectory(path) : stateOf(path))).join('');
}

function isBuiltFrom(inputs) {
  return readIfAny(note).startsWith(inputs);
}

function noteBuiltFrom(inputs) {
  writeFileSync(note, inputs + stateOf(join(root, INSTALLED)));
}

/** Built from what is here, and nothing was installed since. False says only that a closer look is needed. */
function isFresh() {
  try {
    return readIfAny(note) === stateOfInputs() + stateOf(join(root, INSTALLED));
  } catch {
    return false;
  }
}

module.exports = { isBuiltFrom, isFresh, noteBuiltFrom, readIfAny, root, stateOfInputs };
