// npm run bench: Apache Kafka 4.3.1 and Millrace in turn, in one run on one machine; medians and ratios as tables.
//   --quick      one round of small loads, about two minutes
//   --full       the heavy rows too: 10,000 partitions, 50 members, 10,000 connections, cold cache, a scan, 10 GB; with
//                --quick all of them small
//   --heavy-rounds N   how many rounds of the heavy rows (default: all)
//   --growth     how cost grows with partitions, connections, groups and bytes, Millrace alone
//   --rounds N   how many rounds (default 3)
//   --only name  only loads whose name contains it (start, produce, consume-1k-p1-all, latency, …); may be repeated
//   --json       the rows as JSON
//   --write      docs/performance.md and its plots are written from it

import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { freemem } from 'node:os';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { missingJavaToolchain } from '../test/conformance/reference.ts';
import { growths } from './full/growth.ts';
import { HEAVY } from './full/rows.ts';
import type { Load, LoadContext, Side } from './loads/load.ts';
import { stages } from './loads/stages.ts';
import { startMeasures, startOnce } from './start.ts';
import { prepareJava } from './support/java.ts';
import { linePlotOf } from './support/line-plot.ts';
import { growthText, httpText, pageText, shortfalls, tableText } from './support/page.ts';
import { plotOf } from './support/plot.ts';
import { Results } from './support/results.ts';
import { cleanUpAtExit } from './support/scope.ts';
import { type ServerKind, withServer } from './support/servers.ts';

const root = resolve(fileURLToPath(import.meta.url), '../..');
const ROUNDS = 3;
const SERVERS: readonly { kind: ServerKind; sides: readonly Side[] }[] = [
  { kind: 'apache', sides: ['apache', 'apache-flush'] },
  { kind: 'os', sides: ['os'] },
  { kind: 'always', sides: ['always'] },
];
/** A virtual machine gives out memory it has not used before very slowly: as much as a round needs is used first. */
const TOUCHED_BYTES = { full: 6 * 2 ** 30, quick: 2 * 2 ** 30 };

interface Options {
  readonly rounds: number;
  readonly isQuick: boolean;
  readonly isFull: boolean;
  readonly heavyRounds: number;
  readonly withGrowth: boolean;
  readonly only: readonly string[];
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

function touchMemory(isQuick: boolean): void {
  const bytes = Math.min(isQuick ? TOUCHED_BYTES.quick : TOUCHED_BYTES.full, freemem() / 2);
  const program = `const kept = []; for (let left = ${bytes}; left > 0; left -= 2 ** 26) kept.push(Buffer.alloc(2 ** 26, 1));`;
  spawnSync(process.execPath, ['-e', program], { stdio: 'ignore' });
}

function isChosen(name: string, only: readonly string[]): boolean {
  return only.length === 0 || only.some(part => name.includes(part));
}

/** What a server gets of the stage, load after load. */
function loadsOf(stage: readonly Load[], sides: readonly Side[], { only, isQuick }: Options) {
  return stage
    .filter(load => isChosen(load.name, only) && (load.inQuick || !isQuick))
    .flatMap(load => sides.filter(side => load.sides.includes(side)).map(side => ({ load, side })));
}

async function runServer(
  server: (typeof SERVERS)[number],
  chosen: ReturnType<typeof loadsOf>,
  round: number,
  options: Options,
  results: Results,
): Promise<void> {
  await withServer(server.kind, async running => {
    const filled: LoadContext['filled'] = new Map();
    for (const { load, side } of chosen) {
      const context = { server: running, side, isQuick: options.isQuick, filled };
      await attempt(`round ${round + 1}, ${side}: ${load.name}`, async () => {
        results.add({ side, round }, await load.run(context));
      });
    }
  });
}

/** What fails is said at the end, too; the rest of the run goes on. */
const failures: string[] = [];

async function attempt(name: string, work: () => Promise<void>): Promise<void> {
  const startMs = performance.now();
  try {
    await work();
    say(`${name}, ${((performance.now() - startMs) / 1000).toFixed(1)} s`);
  } catch (error) {
    failures.push(name);
    say(`${name} failed: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function runRound(round: number, options: Options, results: Results): Promise<void> {
  if (isChosen('start', options.only)) {
    const both = round % 2 === 0 ? (['apache', 'os'] as const) : (['os', 'apache'] as const);
    if (round === 0)
      for (const side of both) await attempt(`${side}: a start that does not count`, () => startOnce(side));
    for (const side of both) {
      await attempt(`round ${round + 1}, ${side}: start`, async () => {
        results.add({ side, round }, await startMeasures(side, options.isQuick));
      });
    }
  }
  const turn = round % SERVERS.length;
  for (const stage of stages(options.isQuick)) {
    for (const server of [...SERVERS.slice(turn), ...SERVERS.slice(0, turn)]) {
      const chosen = loadsOf(stage, server.sides, options);
      if (chosen.length === 0) continue;
      const name = `round ${round + 1}, ${server.kind}`;
      await attempt(name, () => runServer(server, chosen, round, options, results));
    }
  }
  if (options.isFull && round < options.heavyRounds) await runHeavy(round, options, results);
}

async function runHeavy(round: number, { only, isQuick }: Options, results: Results): Promise<void> {
  for (const { name, sides, run } of HEAVY.filter(row => isChosen(row.name, only))) {
    for (const side of round % 2 === 0 ? sides : sides.toReversed()) {
      await attempt(`round ${round + 1}, ${side}: ${name}`, async () => {
        results.add({ side, round }, await run({ side, isQuick }));
      });
    }
  }
}

/** Once, whatever the number of rounds. */
async function runGrowth({ only, isQuick }: Options, results: Results): Promise<void> {
  for (const { name, run } of growths().filter(growth => isChosen(growth.name, only))) {
    await attempt(name, async () => results.addCurves(await run(isQuick)));
  }
}

function javaVersion(): string {
  const { stderr } = spawnSync('java', ['-version'], { encoding: 'utf8' });
  return /"([^"]+)"/.exec(stderr)?.[1] ?? 'unknown';
}

function write(results: Results, options: Options, took: string): void {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  mkdirSync(join(root, 'docs/images'), { recursive: true });
  for (const table of results.tables()) {
    writeFileSync(join(root, `docs/images/performance-${table.comparison.name}.svg`), plotOf(table));
  }
  for (const curve of results.curves) {
    writeFileSync(join(root, `docs/images/performance-growth-${curve.name}.svg`), linePlotOf(curve));
  }
  const circumstances = { ...options, millraceVersion: version, javaVersion: javaVersion(), took };
  writeFileSync(join(root, 'docs/performance.md'), pageText(results, circumstances));
}

function print(results: Results, asJson: boolean): void {
  const tables = results.tables();
  if (asJson) {
    const flat = tables.map(({ comparison, rows }) => ({ comparison: comparison.name, rows }));
    const growth = results.curves.map(curve => ({ comparison: 'growth', ...curve }));
    process.stdout.write(`${JSON.stringify([...flat, ...growth], null, 2)}\n`);
    return;
  }
  for (const table of tables) process.stdout.write(`\n## ${table.comparison.title}\n\n${tableText(table)}\n`);
  const http = httpText(results);
  if (http !== '') process.stdout.write(`\n## Over HTTP\n\n${http}\n`);
  const growth = growthText(results);
  if (growth !== '') process.stdout.write(`\n## How cost grows\n\n${growth}\n`);
  const missed = shortfalls(tables);
  if (missed.length > 0)
    process.stdout.write(`\nShort of the goal:\n${missed.map(line => `- ${line}\n`).join('')}`);
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      full: { type: 'boolean', default: false },
      'heavy-rounds': { type: 'string' },
      growth: { type: 'boolean', default: false },
      rounds: { type: 'string' },
      only: { type: 'string', multiple: true, default: [] },
      json: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
    },
  });
  const rounds = Number(values.rounds ?? (values.quick ? 1 : ROUNDS));
  if (!Number.isInteger(rounds) || rounds < 1) throw new Error('--rounds is a number of rounds, 1 or more.');
  const heavyRounds = Number(values['heavy-rounds'] ?? rounds);
  if (!Number.isInteger(heavyRounds) || heavyRounds < 1)
    throw new Error('--heavy-rounds is a number of rounds, 1 or more.');
  const options: Options = {
    rounds,
    isQuick: values.quick,
    isFull: values.full,
    heavyRounds,
    withGrowth: values.growth,
    only: values.only,
  };
  const missing = missingJavaToolchain();
  if (missing !== null) {
    throw new Error(
      `Apache Kafka cannot be started beside Millrace, so there is nothing to compare: ${missing}.`,
    );
  }
  cleanUpAtExit();
  prepareJava();
  const startMs = performance.now();
  touchMemory(options.isQuick);
  const results = new Results();
  for (let round = 0; round < rounds; round += 1) await runRound(round, options, results);
  if (options.withGrowth) await runGrowth(options, results);
  const took = `${Math.round((performance.now() - startMs) / 1000)} s`;
  print(results, values.json);
  if (values.write) write(results, options, took);
  say(`${took}, ${rounds} ${rounds === 1 ? 'round' : 'rounds'}`);
  for (const name of failures) say(`failed: ${name}`);
  if (failures.length > 0) process.exitCode = 1;
}

try {
  await main();
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exit(1);
}
