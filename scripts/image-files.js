// Copies what the program needs to run, and nothing else, into a directory: the bundles, the console, bin.js, and the
// native packages that the bundles import with what these depend on. The Dockerfile runs it; so does a test, without
// any container engine. Usage: node scripts/image-files.js DIRECTORY (after scripts/build.js)

import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { root } from './setup.js';

const target = process.argv[2];
if (target === undefined) {
  process.stderr.write('Usage: node scripts/image-files.js DIRECTORY\n');
  process.exit(2);
}

function packagesImported() {
  const scripts = readdirSync(join(root, 'dist')).filter(name => name.endsWith('.js'));
  const text = scripts.map(name => readFileSync(join(root, 'dist', name), 'utf8')).join('\n');
  const specifiers = [...text.matchAll(/(?:from\s*|import\(\s*|require\(\s*|^import\s*)["']([^"'./][^"']*)["']/gm)].map(match => match[1]);
  const names = specifiers.map(specifier => specifier.split('/').slice(0, specifier.startsWith('@') ? 2 : 1).join('/'));
  return [...new Set(names)].filter(name => existsSync(join(root, 'node_modules', name, 'package.json')));
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
for (const name of ['dist', 'package.json', 'LICENSE']) cpSync(join(root, name), join(target, name), { recursive: true });
for (const name of closureOf(packagesImported())) {
  cpSync(join(root, 'node_modules', name), join(target, 'node_modules', name), { recursive: true, dereference: true });
  process.stdout.write(`node_modules/${name}\n`);
}
