// Java programs of the bench: Kafka's own tools from its jars, and those in bench/java, compiled anew for each run.

import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { javaClassPath } from '../../test/conformance/reference.ts';
import { type Output, run, workDirectory } from './scope.ts';

const sources = resolve(fileURLToPath(import.meta.url), '../../java');
let classPath: string | null = null;

function compiled(): string {
  if (classPath !== null) return classPath;
  const classes = join(workDirectory(), 'classes');
  mkdirSync(classes, { recursive: true });
  const jars = javaClassPath();
  const files = readdirSync(sources).map(name => join(sources, name));
  execFileSync('javac', ['-nowarn', '-cp', jars, '-d', classes, ...files], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  classPath = `${classes}:${jars}`;
  return classPath;
}

/** Fetches and compiles everything, so that nothing of it happens while something is measured. */
export function prepareJava(): void {
  compiled();
}

export function runJava(mainClass: string, words: readonly string[], timeoutMs: number): Promise<Output> {
  const quiet = ['-Dorg.slf4j.simpleLogger.defaultLogLevel=error', '-XX:-UsePerfData'];
  return run('java', ['-Xmx512m', ...quiet, '-cp', compiled(), mainClass, ...words], timeoutMs);
}
