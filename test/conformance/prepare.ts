// npm run test:conformance, before its first leg: fetches and compiles what the legs need (Maven, Go, Python), one after the
// other, so that legs that run at the same time find it made. A toolchain that is missing is left out; its legs say so.

import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { legs } from './legs.ts';
import { javaClassPath, mavenClassPath, missingJavaToolchain } from './reference.ts';

const here = resolve(fileURLToPath(import.meta.url), '..');

if (missingJavaToolchain() === null) {
  javaClassPath();
  javaClassPath('4.0.1');
  for (const project of ['connect', 'streams']) mavenClassPath(join(here, project));
}
for (const leg of legs) {
  if (leg.missing() === null) leg.prepare();
}
