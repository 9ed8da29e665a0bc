// What a run leaves behind: nothing. All its temporary files lie in one directory, all its processes are known by their
// ids, and both are gone when it ends, fails or is told to stop.

import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';

const running = new Set<number>();
let work: string | null = null;

/** The run's own directory; whoever asks for a temporary directory after this gets one inside it. */
export function workDirectory(): string {
  if (work === null) {
    work = mkdtempSync(join(tmpdir(), 'millrace-bench-'));
    process.env['TMPDIR'] = work;
  }
  return work;
}

export function freshDirectory(name: string): string {
  return mkdtempSync(join(workDirectory(), `${name}-`));
}

export function removeDirectory(path: string): void {
  rmSync(path, { recursive: true, force: true });
}

/** A process that is ended with the run, whatever happens. */
export function track(pid: number): void {
  running.add(pid);
}

export function untrack(pid: number): void {
  running.delete(pid);
}

export function spawnTracked(command: string, words: readonly string[], options: SpawnOptions): ChildProcess {
  const child = spawn(command, words, options);
  if (child.pid !== undefined) {
    track(child.pid);
    child.on('exit', () => untrack(child.pid!));
  }
  return child;
}

export function ended(child: ChildProcess): Promise<void> {
  return new Promise(done => {
    if (child.exitCode === null && child.signalCode === null) child.on('exit', () => done());
    else done();
  });
}

function leaveNothing(): void {
  for (const pid of running) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // Gone already.
    }
  }
  running.clear();
  if (work !== null) rmSync(work, { recursive: true, force: true, maxRetries: 5 });
}

/** Call once at the start of a run. */
export function cleanUpAtExit(): void {
  process.on('exit', leaveNothing);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => process.exit(1));
}

export interface Output {
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end; throws what it said when it fails or takes too long. */
export function run(command: string, words: readonly string[], timeoutMs: number): Promise<Output> {
  const child = spawnTracked(command, words, { stdio: ['ignore', 'pipe', 'pipe'] });
  const output = { stdout: '', stderr: '' };
  child.stdout!.on('data', chunk => (output.stdout += String(chunk)));
  child.stderr!.on('data', chunk => (output.stderr += String(chunk)));
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
    child.on('error', reject);
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      if (code === 0) return resolve(output);
      const said = `${output.stdout}\n${output.stderr}`.trim().slice(-2_000);
      const how = signal === null ? `ended with ${code}` : `was ended by ${signal} (limit ${timeoutMs} ms)`;
      reject(new Error(`${command} ${how}: ${words.slice(-12).join(' ')}\n${said}`));
    });
  });
}
