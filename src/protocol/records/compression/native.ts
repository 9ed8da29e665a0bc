// Native codecs, loaded when a batch first needs them: most processes never meet theirs, and loading both costs every
// thread of every start 10 MB and tens of milliseconds.

import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** A function that gives the package, and loads it the first time. */
export function loadedOnUse<Package>(name: 'snappy' | 'lz4-napi'): () => Package {
  let loaded: Package | undefined;
  return () => {
    loaded ??= require(name) as Package;
    return loaded;
  };
}
