// Builds dist/: millrace.cjs (command line and broker; what only one command needs lies beside it), gateway.cjs (the HTTP
// side's thread), large-batches.cjs (another) and console/ (static files). What stays outside is outside-bundles.ts.

import { renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { rolldown } from 'rolldown';
import { build as buildConsole } from 'vite';
import { LOADED_WHEN_USED, NEVER_LOADED } from './outside-bundles.ts';
import { root } from './setup.js';
import { startCodecs } from './start-codecs.ts';

const building = join(root, 'dist.new');
const ENTRIES = {
  millrace: 'src/cli/main.ts',
  gateway: 'src/gateway/worker.ts',
  'large-batches': 'src/broker/produce/large-batches-thread.ts',
};

/** Half of Node's network, for servers that are not ours: 5 MB and 15 ms of every start when loaded with fastify. */
const USED_BY_FEW = ['node:https', 'node:http2', 'node:dns'];
const loadedWhenUsed = {
  name: 'loaded-when-used',
  transform: {
    filter: { id: /fastify\/lib\/server\.js$/ },
    handler(code) {
      return USED_BY_FEW.reduce((changed, name) => {
        const [before, after, ...more] = changed.split(`require('${name}')`);
        if (after === undefined || more.length > 0)
          throw new Error(`fastify loads ${name} in another way than build.js expects`);
        const later = `new Proxy({}, { get: (_, key) => process.getBuiltinModule('${name}')[key] })`;
        return before + later + after;
      }, code);
    },
  },
};

/** For the broker, which needs them at every start. */
const codecsPrepared = {
  name: 'codecs-prepared',
  load: {
    filter: { id: /protocol\/schema\/prepared-codecs\.ts$/ },
    handler: () => ({ code: startCodecs(), moduleType: 'js' }),
  },
};

async function bundle(name, entry) {
  const build = await rolldown({
    input: { [name]: join(root, entry) },
    platform: 'node',
    plugins: name === 'millrace' ? [codecsPrepared] : [loadedWhenUsed],
    external: [/^node:/, ...LOADED_WHEN_USED, ...NEVER_LOADED],
    logLevel: 'warn',
  });
  await build.write({
    dir: building,
    entryFileNames: '[name].cjs',
    chunkFileNames: '[name]-[hash].cjs',
    // An ESM import of one of Node's own modules reads all its getters, and with them loads half of Node, in each thread.
    format: 'cjs',
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
  process.stderr.write(`  dist/${name}.cjs\n`);
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
