// Codecs, loaded when a batch first needs them: most processes never meet theirs. Both native packages cost every thread
// of every start 10 MB and tens of milliseconds, Node's own module some milliseconds.

import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** A function that gives the package, and loads it the first time. */
export function loadedOnUse<Package>(name: 'snappy' | 'lz4-napi' | 'node:zlib'): () => Package {
  let loaded: Package | undefined;
  return () => {
    loaded ??= require(name) as Package;
    return loaded;
  };
}
