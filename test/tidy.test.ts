// The house rules that a machine can check: which folder may import which, no cycles, sizes, where files are touched,
// and where files are named. There is no exemption list: a rule that is in the way is changed for everybody.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { functionsOf } from './tidy/functions.ts';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');

/** Each may import from itself and from those before it. */
const ORDER = ['protocol', 'storage', 'broker', 'client', 'gateway', 'workbench.ts', 'testing', 'cli'];
/** Leaves that everybody may import and that import nothing of the house. */
const OPEN_TO_ALL = ['events.ts', 'host-files.ts'];
/** `client` and `gateway` reach Kafka over the network only. */
const FORBIDDEN = new Map([
  ['client', ['storage', 'broker']],
  ['gateway', ['storage', 'broker']],
]);
const FILE_LINES_MAX = 500;
const FILE_LINES_P90 = 300;
const FILE_LINES_MEDIAN = 120;
const FUNCTION_LINES_MAX = 60;
const TABLES = ['protocol/messages/', 'broker/config/keys/', 'protocol/errors.ts'];
const MAY_TOUCH_FILES = ['storage/fs/node.ts', 'host-files.ts'];

function filesUnder(directory: string, extension: RegExp): string[] {
  return readdirSync(join(root, directory), { recursive: true, encoding: 'utf8' })
    .filter(name => extension.test(name))
    .map(name => join(directory, name).replaceAll('\\', '/'))
    .sort();
}

interface Source {
  /** Path below src/, with forward slashes. */
  readonly path: string;
  readonly text: string;
  readonly imports: readonly string[];
}

function importsOf(text: string): string[] {
  const statement =
    /^\s*(?:import|export)\b[^'"`;]*?from\s*'([^']+)'|^\s*import\s*'([^']+)'|\bimport\(\s*'([^']+)'\s*\)/gm;
  return [...text.matchAll(statement)].map(match => (match[1] ?? match[2] ?? match[3])!);
}

const sources: Source[] = filesUnder('src', /\.(ts|js)$/).map(path => {
  const text = readFileSync(join(root, path), 'utf8');
  return { path: relative('src', path).replaceAll('\\', '/'), text, imports: importsOf(text) };
});
const products = sources.filter(source => !source.path.endsWith('.test.ts'));

function topOf(path: string): string {
  return path.split('/')[0]!;
}

function targetOf(source: Source, specifier: string): string | null {
  if (!specifier.startsWith('.')) return null;
  return relative(join(root, 'src'), resolve(join(root, 'src', dirname(source.path)), specifier)).replaceAll(
    '\\',
    '/',
  );
}

function percentile(sorted: readonly number[], fraction: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * fraction))] ?? 0;
}

describe('the house', () => {
  it('has arrows in one direction only', () => {
    const wrong: string[] = [];
    for (const source of sources) {
      const from = topOf(source.path);
      for (const specifier of source.imports) {
        const target = targetOf(source, specifier);
        if (target === null) continue;
        if (target.startsWith('..')) {
          // Tests may use what stands in test/; the product only its own manifest (its version).
          if (!source.path.endsWith('.test.ts') && target !== '../package.json')
            wrong.push(`${source.path} imports outside src: ${specifier}`);
          continue;
        }
        const to = topOf(target);
        if (OPEN_TO_ALL.includes(to)) continue;
        if (OPEN_TO_ALL.includes(from)) wrong.push(`${source.path} is a leaf and imports ${target}`);
        else if (!ORDER.includes(from) || !ORDER.includes(to))
          wrong.push(`${source.path} -> ${target}: not a room of the house`);
        else if (ORDER.indexOf(to) > ORDER.indexOf(from)) wrong.push(`${source.path} -> ${target}`);
        else if (FORBIDDEN.get(from)?.includes(to)) wrong.push(`${source.path} -> ${target}`);
      }
    }
    assert.deepEqual(wrong, []);
  });

  it('has no import cycles', () => {
    const graph = new Map(
      products.map(source => {
        const code = source.text.replace(/^\s*(?:import|export)\s+type\b[^;]*;/gm, '');
        const targets = importsOf(code).map(specifier => targetOf(source, specifier));
        return [source.path, targets.filter(target => target !== null)];
      }),
    );
    const done = new Set<string>();
    const cycles: string[] = [];
    const visit = (path: string, trail: readonly string[]) => {
      if (trail.includes(path)) {
        cycles.push([...trail.slice(trail.indexOf(path)), path].join(' -> '));
        return;
      }
      if (done.has(path)) return;
      for (const target of graph.get(path) ?? []) visit(target, [...trail, path]);
      done.add(path);
    };
    for (const path of graph.keys()) visit(path, []);
    assert.deepEqual(cycles, []);
  });

  it('keeps files small', () => {
    const counted = sources.filter(source => !TABLES.some(table => source.path.startsWith(table)));
    const lines = counted.map(source => ({ path: source.path, count: source.text.split('\n').length - 1 }));
    const tests = filesUnder('test', /\.ts$/).map(path => ({
      path,
      count: readFileSync(join(root, path), 'utf8').split('\n').length - 1,
    }));
    const tooLong = [...lines, ...tests].filter(file => file.count > FILE_LINES_MAX);
    assert.deepEqual(tooLong, []);
    const sorted = lines
      .filter(file => !file.path.endsWith('.test.ts'))
      .map(file => file.count)
      .sort((a, b) => a - b);
    assert.ok(
      percentile(sorted, 0.5) <= FILE_LINES_MEDIAN,
      `median file has ${percentile(sorted, 0.5)} lines`,
    );
    assert.ok(percentile(sorted, 0.9) <= FILE_LINES_P90, `p90 file has ${percentile(sorted, 0.9)} lines`);
  });

  it('keeps functions small', () => {
    const tooLong = products
      .filter(source => !TABLES.some(table => source.path.startsWith(table)))
      .flatMap(source => functionsOf(source.text).map(found => ({ ...found, path: source.path })))
      .filter(found => found.lines > FUNCTION_LINES_MAX)
      .map(found => `${found.path}:${found.line} ${found.name} has ${found.lines} lines`);
    assert.deepEqual(tooLong, []);
  });

  it('touches files in two places only', () => {
    const touching = products
      .filter(source => source.path !== 'cli/bin.js' && !MAY_TOUCH_FILES.includes(source.path))
      .filter(source => source.imports.some(specifier => /^(node:)?fs(\/promises)?$/.test(specifier)))
      .map(source => source.path);
    assert.deepEqual(touching, []);
  });

  it('never evaluates text or uses default exports', () => {
    const wrong = products
      .filter(source => /\beval\(|node:vm'|^export default\b/m.test(source.text))
      .map(source => source.path);
    assert.deepEqual(wrong, []);
  });

  it('names files in kebab case and opens each with a comment', () => {
    const misnamed = sources.filter(
      source => !/^([a-z0-9-]+\/)*[a-z0-9-]+(\.test)?\.(ts|js)$/.test(source.path),
    );
    assert.deepEqual(
      misnamed.map(source => source.path),
      [],
    );
    const silent = products.filter(source => !/^(#!.*\n)?\/[/*]/.test(source.text));
    assert.deepEqual(
      silent.map(source => source.path),
      [],
    );
  });
});
