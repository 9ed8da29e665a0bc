// Bugs planted on purpose, one at a time, in a copy of the sources: each must be caught by the test named with it. A suite
// that passes with one of these in place proves nothing about it.
//   node test/faults/planted.ts [word of a name]
// A plant is a text that occurs once in a file and what stands there instead; when the source moves on, the run says so.

import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { type PlantedBug, plantedBugs } from './planted-bugs.ts';

const root = resolve(fileURLToPath(import.meta.url), '../../..');
const TEST_MS_MAX = 120_000;

function copyOfSources(): string {
  const copy = mkdtempSync(join(tmpdir(), 'millrace-planted-'));
  for (const name of [
    'src',
    'test/support',
    'test/golden',
    'test/faults',
    'test/simulation',
    'package.json',
    'tsconfig.json',
  ])
    cpSync(join(root, name), join(copy, name), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  return copy;
}

/** True when the named test fails, and fails by an assertion of its own rather than by a broken file. */
function isCaught(copy: string, { file, from, to, test }: PlantedBug): boolean {
  const path = join(copy, file);
  const sound = readFileSync(path, 'utf8');
  if (sound.split(from).length !== 2)
    throw new Error(`${file} holds the place ${sound.split(from).length - 1} times`);
  writeFileSync(
    path,
    sound.replace(from, () => to),
  );
  const result = spawnSync(process.execPath, ['--test', '--test-reporter=tap', test], {
    cwd: copy,
    encoding: 'utf8',
    timeout: TEST_MS_MAX,
    env: { ...process.env, MILLRACE_SIMULATION_RUNS: '100' },
  });
  writeFileSync(path, sound);
  return (
    result.status !== 0 &&
    /not ok/.test(result.stdout) &&
    !/SyntaxError|ERR_MODULE_NOT_FOUND/.test(result.stdout)
  );
}

const wanted = process.argv[2] ?? '';
const copy = copyOfSources();
let missed = 0;
let caught = 0;
try {
  for (const bug of plantedBugs.filter(({ name }) => name.includes(wanted))) {
    const isFound = isCaught(copy, bug);
    if (isFound) caught += 1;
    else missed += 1;
    console.log(`${isFound ? 'caught' : 'MISSED'}  ${bug.name}  (${bug.test})`);
  }
} finally {
  rmSync(copy, { recursive: true, force: true });
}
console.log(`${caught} of ${caught + missed} planted bugs are caught`);
process.exitCode = missed === 0 && caught > 0 ? 0 : 1;
