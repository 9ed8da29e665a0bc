// Builds dist/: millrace.js (command line and broker, one file), gateway.js (the HTTP side's thread, one file) and
// console/ (static files). Native packages, and what only a rare path needs, stay outside the bundles.

import { renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { rolldown } from 'rolldown';
import { build as buildConsole } from 'vite';
import { root } from './setup.js';

const EXTERNAL = [/^node:/, '@node-rs/crc32', 'snappy', 'lz4-napi', '@platformatic/kafka'];
/** What fastify would load had it no schema compilers, logger and tests of ours: half of the bundle, never run. */
const NEVER_LOADED = [
  '@fastify/ajv-compiler',
  '@fastify/fast-json-stringify-compiler',
  'pino',
  'light-my-request',
];
const building = join(root, 'dist.new');
const ENTRIES = { millrace: 'src/cli/main.ts', gateway: 'src/gateway/worker.ts' };

async function bundle(name, entry) {
  const build = await rolldown({
    input: { [name]: join(root, entry) },
    platform: 'node',
    external: [...EXTERNAL, ...NEVER_LOADED],
    logLevel: 'warn',
  });
  await build.write({
    dir: building,
    entryFileNames: '[name].js',
    chunkFileNames: '[name]-[hash].js',
    format: 'esm',
    // Without comments and blanks, but with the names: a stack trace must be worth reporting. One character beyond
    // Latin-1 would make V8 keep the whole file at two bytes a character.
    minify: { compress: true, mangle: false, codegen: { removeWhitespace: true } },
    charset: 'ascii',
    sourcemap: false,
  });
  await build.close();
}

// Built beside and swapped at the end: a running Millrace keeps its files until then.
rmSync(building, { recursive: true, force: true });
for (const [name, entry] of Object.entries(ENTRIES)) {
  await bundle(name, entry);
  process.stderr.write(`  dist/${name}.js\n`);
}
await buildConsole({
  root: join(root, 'console'),
  configFile: join(root, 'console/vite.config.ts'),
  build: { outDir: join(building, 'console'), emptyOutDir: true },
  logLevel: 'warn',
});
process.stderr.write('  dist/console/\n');
rmSync(join(root, 'dist'), { recursive: true, force: true });
renameSync(building, join(root, 'dist'));
