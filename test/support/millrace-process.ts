// The real command in a process of its own, with what it printed, for tests of start, stop and failure.

import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const root = resolve(fileURLToPath(import.meta.url), '../../..');
export const binary = join(root, 'src/cli/bin.js');

export interface ReadyFile {
  readonly broker: string | null;
  readonly console: string | null;
  readonly api: string | null;
  readonly registry: string | null;
  readonly rest: string | null;
  readonly pid: number;
  readonly clusterId: string | null;
}

export interface Ended {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export function temporaryDirectory(): string {
  return mkdtempSync(join(tmpdir(), 'millrace-test-'));
}

export function removeDirectory(path: string): void {
  rmSync(path, { recursive: true, force: true });
}

/** Environment without anything that would name another cluster or other ports. */
function cleanEnvironment(more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(KAFKA_|MILLRACE_|CLUSTER_ID$)/.test(name),
  );
  return { ...Object.fromEntries(inherited), NO_COLOR: '1', ...more };
}

export interface RunningMillrace {
  readonly child: ChildProcess;
  readonly ready: ReadyFile;
  readonly output: () => { stdout: string; stderr: string };
  /** Sends the signal and waits for the end. */
  end(signal: NodeJS.Signals): Promise<Ended & { readonly tookMs: number }>;
}

interface Spawned {
  readonly child: ChildProcess;
  readonly output: () => { stdout: string; stderr: string };
  readonly ended: Promise<Ended>;
}

function launch(
  words: readonly string[],
  options: {
    directory: string;
    environment?: NodeJS.ProcessEnv;
    program?: string;
    under?: readonly string[] | undefined;
  },
): Spawned {
  const command = [...(options.under ?? []), process.execPath, options.program ?? binary, ...words];
  const child = spawn(command[0]!, command.slice(1), {
    cwd: options.directory,
    env: cleanEnvironment(options.environment),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout!.on('data', chunk => (stdout += chunk));
  child.stderr!.on('data', chunk => (stderr += chunk));
  const ended = new Promise<Ended>(done => child.on('close', exitCode => done({ exitCode, stdout, stderr })));
  return { child, output: () => ({ stdout, stderr }), ended };
}

/** Runs a command to its end. */
export function run(
  words: readonly string[],
  options: { directory: string; environment?: NodeJS.ProcessEnv },
): Promise<Ended> {
  return launch(words, options).ended;
}

/** Starts `millrace up` on free ports and waits for its ready file. */
export async function startMillrace(options: {
  readonly directory: string;
  readonly words?: readonly string[];
  readonly environment?: NodeJS.ProcessEnv;
  /** Another bin.js than that of this checkout. */
  readonly program?: string;
  /** Words of another program that runs it: a tracer. */
  readonly under?: readonly string[] | undefined;
}): Promise<RunningMillrace> {
  const readyFile = join(options.directory, `ready-${Math.random().toString(36).slice(2)}.json`);
  const ports = ['--port', '0', '--http-port', '0', '--api-port', '0'];
  const spawned = launch(['up', ...ports, '--ready-file', readyFile, ...(options.words ?? [])], options);
  let over: Ended | null = null;
  void spawned.ended.then(result => (over = result));
  while (!existsSync(readyFile)) {
    if (over !== null) throw new Error(`millrace ended instead of starting:\n${JSON.stringify(over)}`);
    await new Promise(done => setTimeout(done, 10));
  }
  const ready: ReadyFile = JSON.parse(readFileSync(readyFile, 'utf8'));
  return {
    child: spawned.child,
    output: spawned.output,
    ready,
    end: async signal => {
      const startMs = performance.now();
      if (options.under === undefined) spawned.child.kill(signal);
      else if (over === null) process.kill(ready.pid, signal);
      const result = await spawned.ended;
      return { ...result, tookMs: performance.now() - startMs };
    },
  };
}
