// What the bundles of build.js leave to node_modules, one list for the build and for the image.

/** Native packages, and what only a rare path needs: loaded when used, from packages that are shipped. */
export const LOADED_WHEN_USED = ['@node-rs/crc32', 'snappy', 'lz4-napi', '@platformatic/kafka'];

/** What fastify would load had it no schema compilers, logger and tests of ours: half of the bundle, never run. */
export const NEVER_LOADED = [
  '@fastify/ajv-compiler',
  '@fastify/fast-json-stringify-compiler',
  'pino',
  'light-my-request',
];
