// The two sides: Apache Kafka as its documentation starts it (heap 1 GB), and Millrace as `millrace up` starts it, console
// and API included, per durability. Every server gets a fresh directory, which goes with it.

import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { startReference } from '../../test/conformance/reference.ts';
import { answersApiVersions, until } from './api-versions.ts';
import { workerOf } from './process.ts';
import { ended, freshDirectory, removeDirectory, spawnTracked, track, untrack } from './scope.ts';

const root = resolve(fileURLToPath(import.meta.url), '../../..');
const START_TIMEOUT_MS = 90_000;
/** Apache Kafka looks through every log after a kill. */
const APACHE_START_TIMEOUT_MS = 900_000;
const STOP_TIMEOUT_MS = 20_000;
const LOOK_EVERY_MS = 2;

/** `os` and `always` are Millrace's `--flush`; Apache Kafka never syncs by itself, only where a topic asks for it. */
export type ServerKind = 'apache' | 'os' | 'always';

export interface Server {
  readonly kind: ServerKind;
  readonly port: number;
  readonly bootstrapServers: string;
  readonly pid: number;
  /** Of the HTTP API; null for a server that has none. */
  readonly apiPort: number | null;
  /** Seconds from the start of the process to the first ApiVersions answer. */
  readonly brokerS: number;
  /** Seconds until console and API answer too; that of the broker where there is nothing else. */
  readonly workbenchS: number;
  stop(): Promise<void>;
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as { port: number };
  await new Promise(done => server.close(done));
  return port;
}

function secondsSince(startMs: number): number {
  return (performance.now() - startMs) / 1_000;
}

export async function startApache(directory: string): Promise<Server> {
  const port = await freePort();
  let startMs = performance.now();
  const node = await startReference({
    directory,
    port,
    isMeasured: true,
    onSpawn: pid => {
      startMs = performance.now();
      track(pid);
    },
    startTimeoutMs: APACHE_START_TIMEOUT_MS,
    ready: () => answersApiVersions(port),
  });
  const brokerS = secondsSince(startMs);
  const stop = async () => {
    await node.stop();
    untrack(node.pid);
  };
  const { bootstrapServers, pid } = node;
  return { kind: 'apache', port, bootstrapServers, pid, apiPort: null, brokerS, workbenchS: brokerS, stop };
}

/** This run may be npm's; a server is started as from a shell, where nobody looks for changed sources or watches a parent. */
function environmentWithoutNpm(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('npm_')));
}

export interface MillraceOptions {
  readonly home: string;
  readonly flush: 'os' | 'always';
  readonly withGateway: boolean;
}

export async function startMillrace({ home, flush, withGateway }: MillraceOptions): Promise<Server> {
  const port = await freePort();
  const ready = join(home, `ready-${port}.json`);
  const http = withGateway ? '0' : 'off';
  const words = [
    '--home',
    home,
    '--port',
    String(port),
    '--flush',
    flush,
    '--http-port',
    http,
    '--api-port',
    http,
  ];
  const startMs = performance.now();
  const program = [join(root, 'src/cli/bin.js'), 'up', ...words, '--ready-file', ready];
  const child = spawnTracked(process.execPath, program, {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: environmentWithoutNpm(),
  });
  let said = '';
  child.stderr!.on('data', chunk => (said = (said + String(chunk)).slice(-4_000)));
  const answers = async (what: () => Promise<boolean>) => {
    if (child.exitCode !== null) throw new Error(`Millrace did not start:\n${said}`);
    return what();
  };
  const pace = { everyMs: LOOK_EVERY_MS, timeoutMs: START_TIMEOUT_MS };
  await until(() => answers(() => answersApiVersions(port)), pace);
  const brokerS = secondsSince(startMs);
  await until(() => answers(async () => existsSync(ready)), pace);
  const workbenchS = secondsSince(startMs);
  const stop = async () => {
    child.kill('SIGTERM');
    const hard = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    await ended(child);
    clearTimeout(hard);
  };
  return {
    kind: flush,
    port,
    bootstrapServers: `127.0.0.1:${port}`,
    pid: workerOf(child.pid!),
    apiPort: apiPortOf(ready),
    brokerS,
    workbenchS,
    stop,
  };
}

function apiPortOf(readyFile: string): number | null {
  const { api } = JSON.parse(readFileSync(readyFile, 'utf8')) as { api: string | null };
  return api === null ? null : Number(new URL(api).port);
}

/** Starts it on a fresh directory, lets `use` work with it, and leaves nothing of it. */
export async function withServer(kind: ServerKind, use: (server: Server) => Promise<void>): Promise<void> {
  const directory = freshDirectory(kind);
  const server =
    kind === 'apache'
      ? await startApache(join(directory, 'data'))
      : await startMillrace({ home: directory, flush: kind, withGateway: true });
  try {
    await use(server);
  } finally {
    await server.stop();
    removeDirectory(directory);
  }
}
