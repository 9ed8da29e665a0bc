// How long until the first answer, and how much memory while idle: Apache Kafka and Millrace, started in turn on fresh
// directories, then again on what they left. `node bench/start.ts [rounds]`, or `npm run bench`.

import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { missingJavaToolchain, startReference } from '../test/conformance/reference.ts';
import { answersApiVersions, pause, until } from './support/api-versions.ts';
import { processorSeconds, residentMegabytes, workerOf } from './support/process.ts';
import { type Row, tableOf } from './support/statistics.ts';

const root = resolve(fileURLToPath(import.meta.url), '../..');
const IDLE_SETTLE_MS = 3_000;
const IDLE_WATCH_MS = 5_000;
const START_TIMEOUT_MS = 60_000;

interface Sample {
  /** Seconds from the start of the process to the first ApiVersions answer. */
  readonly brokerS: number;
  /** Seconds until console and API answer too; not a number for Apache Kafka, which has none. */
  readonly workbenchS: number;
  readonly idleMb: number;
  readonly idleCpuPercent: number;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as { port: number };
  await new Promise(done => server.close(done));
  return port;
}

async function idle(pid: number): Promise<Pick<Sample, 'idleMb' | 'idleCpuPercent'>> {
  await pause(IDLE_SETTLE_MS);
  const before = processorSeconds(pid) ?? Number.NaN;
  await pause(IDLE_WATCH_MS);
  const used = (processorSeconds(pid) ?? Number.NaN) - before;
  return { idleMb: residentMegabytes(pid) ?? Number.NaN, idleCpuPercent: (used / (IDLE_WATCH_MS / 1000)) * 100 };
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise(done => (child.exitCode === null ? child.on('exit', () => done()) : done()));
}

async function millrace(home: string, withGateway: boolean): Promise<Sample> {
  const port = await freePort();
  const ready = join(home, 'ready.json');
  rmSync(ready, { force: true });
  const http = withGateway ? '0' : 'off';
  const startMs = performance.now();
  const words = ['up', '--home', home, '--port', String(port), '--http-port', http, '--api-port', http, '--ready-file', ready];
  const child = spawn(process.execPath, [join(root, 'src/cli/bin.js'), ...words], { stdio: 'ignore' });
  await until(() => answersApiVersions(port), { everyMs: 2, timeoutMs: START_TIMEOUT_MS });
  const brokerS = (performance.now() - startMs) / 1000;
  await until(async () => existsSync(ready), { everyMs: 2, timeoutMs: START_TIMEOUT_MS });
  const workbenchS = (performance.now() - startMs) / 1000;
  const rest = await idle(workerOf(child.pid!));
  child.kill('SIGTERM');
  await ended(child);
  return { brokerS, workbenchS, ...rest };
}

async function apache(directory: string): Promise<Sample> {
  const port = await freePort();
  let startMs = performance.now();
  const node = await startReference({ directory, port, onSpawn: () => (startMs = performance.now()), ready: () => answersApiVersions(port) });
  const brokerS = (performance.now() - startMs) / 1000;
  const rest = await idle(node.pid);
  await node.stop();
  return { brokerS, workbenchS: Number.NaN, ...rest };
}

export async function startRows(rounds: number): Promise<Row[]> {
  const samples: Record<string, Sample[]> = { apacheNew: [], apacheOld: [], wholeNew: [], wholeOld: [], brokerAlone: [] };
  for (let round = 0; round < rounds; round++) {
    const work = mkdtempSync(join(tmpdir(), 'millrace-bench-'));
    for (const key of ['apacheNew', 'apacheOld'] as const) samples[key]!.push(await apache(join(work, 'apache')));
    for (const key of ['wholeNew', 'wholeOld'] as const) samples[key]!.push(await millrace(join(work, 'whole'), true));
    samples['brokerAlone']!.push(await millrace(join(work, 'alone'), false));
    rmSync(work, { recursive: true, force: true });
  }
  const of = (key: string, field: keyof Sample) => samples[key]!.map(sample => sample[field]);
  const row = (metric: string, unit: string, apacheOf: [string, keyof Sample], millraceOf: [string, keyof Sample]): Row => ({
    metric,
    unit,
    apache: of(...apacheOf),
    millrace: of(...millraceOf),
  });
  return [
    row('start to the first answer of the broker, new directory', 's', ['apacheNew', 'brokerS'], ['wholeNew', 'brokerS']),
    row('start to the first answer of the broker, existing directory', 's', ['apacheOld', 'brokerS'], ['wholeOld', 'brokerS']),
    row('start until console and API answer too (Apache Kafka: broker alone)', 's', ['apacheNew', 'brokerS'], ['wholeNew', 'workbenchS']),
    row('memory while idle, broker alone', 'MB', ['apacheNew', 'idleMb'], ['brokerAlone', 'idleMb']),
    row('memory while idle, whole workbench', 'MB', ['apacheNew', 'idleMb'], ['wholeNew', 'idleMb']),
    row('processor while idle, whole workbench', '% of a core', ['apacheNew', 'idleCpuPercent'], ['wholeNew', 'idleCpuPercent']),
  ];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const missing = missingJavaToolchain();
  if (missing !== null) throw new Error(`Apache Kafka cannot be started beside Millrace: ${missing}.`);
  console.log(tableOf(await startRows(Number(process.argv[2] ?? 5))));
}
