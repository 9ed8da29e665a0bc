// npm test and npm run test:conformance: sets up what is missing, checks types, style and house rules, then runs the
// tests with the pinned Node. Ends with the counts of Node's test runner. Words after the command are passed on to it.

import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { ensureReady, pinnedNode, root } from './setup.js';

/** A test that hangs is a failure with a name, not a run that never ends. */
const TEST_TIMEOUT_MS = 480_000;
/** Files at a time: most wait for others, and two processors are the least a machine has. */
const CONCURRENCY = 2;
const tool = name => join(root, 'node_modules', name);
const TYPES = ['Types', tool('typescript/bin/tsc'), ['-p', '.']];
const CONSOLE_TYPES = ['Types of the console', tool('typescript/bin/tsc'), ['-p', 'console']];
const STYLE = ['Style', tool('@biomejs/biome/bin/biome'), ['check', '--diagnostic-level=warn']];

const TOOLCHAINS = ['Toolchains', 'test/conformance/prepare.ts', []];

const PLANS = {
  all: { before: [TYPES, CONSOLE_TYPES, STYLE], folders: ['src', 'console/src', 'test'], build: true },
  check: {
    before: [TYPES, CONSOLE_TYPES, STYLE],
    folders: ['src', 'console/src', 'test/tidy'],
    files: ['test/tidy.test.ts'],
    build: false,
  },
  conformance: {
    before: [TOOLCHAINS],
    folders: [],
    files: [
      'test/conformance/compose.ts',
      'test/conformance/frames.ts',
      'test/conformance/tools.ts',
      'test/conformance/run.ts',
      'test/conformance/level-30.ts',
      'test/conformance/share-groups.ts',
      'test/conformance/streams-groups.ts',
      'test/conformance/share-records.ts',
      'test/conformance/compaction.ts',
      'test/conformance/handover-compaction.ts',
      'test/conformance/storage-dump.ts',
      'test/conformance/security.ts',
      'test/conformance/handover.ts',
      'test/conformance/handover-back.ts',
      'test/conformance/acl-matrix.ts',
      'test/conformance/access.ts',
      'test/conformance/quotas.ts',
      'test/conformance/external.ts',
      'test/conformance/streams.ts',
      'test/conformance/connect.ts',
      'test/faults/strace-rule.ts',
      'test/faults/kills.ts',
      'test/faults/full-disk.ts',
    ],
    build: true,
  },
};

function testsUnder(folder) {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map(name => join(folder, name))
    .filter(name => name.endsWith('.test.ts') && !name.includes('node_modules'))
    .sort();
}

function run(words) {
  return spawnSync(pinnedNode, words, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] }).status ?? 1;
}

const [planName = 'all', ...more] = process.argv.slice(2);
const plan = PLANS[planName];
if (plan === undefined) {
  process.stderr.write(`scripts/test.js: "${planName}" is not one of ${Object.keys(PLANS).join(', ')}.\n`);
  process.exit(2);
}
await ensureReady({ needBuild: plan.build });
let failures = 0;
for (const [title, program, words] of plan.before) {
  const status = run([program, ...words]);
  process.stdout.write(`${status === 0 ? '✔' : '✖'} ${title}\n`);
  if (status !== 0) failures += 1;
}
const files = [...plan.folders.flatMap(testsUnder), ...(plan.files ?? [])];
const status = run([
  '--test',
  `--test-timeout=${TEST_TIMEOUT_MS}`,
  `--test-concurrency=${CONCURRENCY}`,
  '--test-reporter=spec',
  ...more,
  ...files,
]);
if (failures > 0) process.stderr.write(`✖ ${failures} of the checks before the tests failed: see above.\n`);
process.exit(status !== 0 || failures > 0 ? 1 : 0);
