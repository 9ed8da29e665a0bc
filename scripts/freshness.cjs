// Whether dist/ was built from the sources and packages that are here: a list of sizes and times, compared with the one
// noted at the build. Every start of a checkout asks, so this loads node:fs and little else; what to do about a
// difference is setup.js, which is loaded only then. The whole list is 10 ms of a start. It is compared when npm starts
// the program; `node src/cli/bin.js` asks the directories alone, which change with every file that comes, goes or is
// replaced (git, and most editors), and compares the list when all is up.

const { readdirSync, readFileSync, statSync, writeFileSync } = require('node:fs');
const { join, resolve } = require('node:path');

const root = resolve(__dirname, '..');
const BUILD_INPUTS = [
  'src',
  'console',
  'scripts/build.js',
  'scripts/outside-bundles.ts',
  'scripts/start-codecs.ts',
  'package-lock.json',
];
/** npm's note of what it installed: a new one calls for another look at the packages, not for a build. */
const INSTALLED = 'node_modules/.package-lock.json';
const NOT_INPUTS = ['node_modules', 'dist'];
const note = join(root, 'dist/.built');
/** When the directories were last changed, as of the note. */
const directoriesNote = join(root, 'dist/.built-directories');

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
    else if (!NOT_INPUTS.includes(entry.name)) state += stateOfDirectory(path);
  }
  return state;
}

/** Path and time of the last change, of itself and of every directory below. */
function directoriesBelow(path) {
  const stat = statSync(path);
  let state = `${path} ${stat.mtimeMs}\n`;
  for (const entry of stat.isDirectory() ? readdirSync(path, { withFileTypes: true }) : []) {
    if (entry.isDirectory() && !NOT_INPUTS.includes(entry.name))
      state += directoriesBelow(`${path}/${entry.name}`);
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
  const paths = [...BUILD_INPUTS, INSTALLED].map(input => join(root, input));
  writeFileSync(directoriesNote, paths.map(directoriesBelow).join(''));
}

/** No file came, went or was replaced since the build; one that was changed in place is not noticed. */
function looksFresh() {
  try {
    const lines = readFileSync(directoriesNote, 'utf8').split('\n');
    return lines.every(line => {
      const end = line.lastIndexOf(' ');
      return line === '' || String(statSync(line.slice(0, end)).mtimeMs) === line.slice(end + 1);
    });
  } catch {
    return false;
  }
}

/** Built from what is here, and nothing was installed since. False says only that a closer look is needed. */
function isFresh() {
  try {
    return readIfAny(note) === stateOfInputs() + stateOf(join(root, INSTALLED));
  } catch {
    return false;
  }
}

module.exports = { isBuiltFrom, isFresh, looksFresh, noteBuiltFrom, readIfAny, root, stateOfInputs };
