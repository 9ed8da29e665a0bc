// Copies what the program needs to run, and nothing else, into a directory: the bundles, the console, bin.js, and the
// packages that the bundles load when used, with what these depend on. The Dockerfile runs it; so does a test, without
// any container engine. Usage: node scripts/image-files.js DIRECTORY (after scripts/build.js)

import { cpSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { LOADED_WHEN_USED } from './outside-bundles.ts';
import { root } from './setup.js';

const target = process.argv[2];
if (target === undefined) {
  process.stderr.write('Usage: node scripts/image-files.js DIRECTORY\n');
  process.exit(2);
}

/** The packages and all they depend on, as npm laid them out. */
function closureOf(names) {
  const found = new Set();
  const visit = name => {
    const manifest = join(root, 'node_modules', name, 'package.json');
    if (found.has(name) || !existsSync(manifest)) return;
    found.add(name);
    const { dependencies, optionalDependencies } = JSON.parse(readFileSync(manifest, 'utf8'));
    for (const next of Object.keys({ ...dependencies, ...optionalDependencies })) visit(next);
  };
  names.forEach(visit);
  return [...found].sort();
}

mkdirSync(join(target, 'src/cli'), { recursive: true });
cpSync(join(root, 'src/cli/bin.js'), join(target, 'src/cli/bin.js'));
for (const name of ['dist', 'package.json', 'LICENSE'])
  cpSync(join(root, name), join(target, name), { recursive: true });
for (const name of closureOf(LOADED_WHEN_USED)) {
  cpSync(join(root, 'node_modules', name), join(target, 'node_modules', name), {
    recursive: true,
    dereference: true,
  });
  process.stdout.write(`node_modules/${name}\n`);
}
