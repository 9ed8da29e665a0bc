// `millrace up`: resolves what is wanted, starts the workbench, prints where everything is, and stops it cleanly on
// Ctrl-C or SIGTERM.

import { flushCompileCache } from 'node:module';
import process from 'node:process';
import { readText, removeFileIfAny, replaceFile } from '../../host-files.ts';
import { startWorkbench, type Workbench } from '../../workbench.ts';
import { banner } from '../banner.ts';
import { clusterIdOfExternal } from '../external-cluster.ts';
import { CommandError } from '../failure.ts';
import { failureToStart } from '../failure-to-start.ts';
import type { UpFlags } from '../options/up-flags.ts';
import { resolveUp } from '../options/up-options.ts';
import { version } from '../version.ts';

/** A clean stop takes far less; past this the process ends anyway, and recovery does the rest at the next start. */
const STOP_PATIENCE_MS = 10_000;
/** Compiled code is kept for the next start even if this process is killed; not at once, when there is better to do. */
const COMPILE_CACHE_AFTER_MS = 5_000;
/** A second Ctrl-C within this time is the same one, seen twice (terminal and launcher both pass it on). */
const SAME_SIGNAL_MS = 500;

export async function runUp(flags: UpFlags): Promise<void> {
  const workingDirectory = process.cwd();
  if (flags.readyFile !== undefined) removeReadyFile(flags.readyFile);
  sayWhatHasNoEffect(flags);
  const options = resolveUp({
    flags,
    environment: process.env,
    workingDirectory,
    version,
    readFile: readText,
  });
  let workbench: Workbench;
  try {
    workbench = await startWorkbench({ ...options, report: say });
  } catch (error) {
    throw failureToStart(error);
  }
  stopOnSignals(workbench);
  const clusterId = workbench.embedded?.clusterId ?? (await clusterIdOfExternal(workbench, say));
  if (flags.readyFile !== undefined) await writeReadyFile(flags.readyFile, { workbench, clusterId });
  process.stdout.write(banner(workbench, process.uptime() * 1000));
  setTimeout(flushCompileCache, COMPILE_CACHE_AFTER_MS).unref();
  if (flags.open === true && workbench.addresses.console !== null) openInBrowser(workbench.addresses.console);
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

function sayWhatHasNoEffect(flags: UpFlags): void {
  for (const [flag, value] of [
    ['--registry-port', flags.registryPort],
    ['--rest-port', flags.restPort],
  ] as const) {
    if (value !== undefined && value !== 'off')
      say(`${flag} has no effect: this version does not serve it yet.`);
  }
}

/** One of an earlier start must not be taken for this one's. */
function removeReadyFile(path: string): void {
  try {
    removeFileIfAny(path);
  } catch (error) {
    throw unwritable(path, error);
  }
}

async function writeReadyFile(
  path: string,
  { workbench, clusterId }: { workbench: Workbench; clusterId: string | null },
): Promise<void> {
  try {
    replaceFile(path, readyFileText(workbench, clusterId));
  } catch (error) {
    await workbench.stop();
    throw unwritable(path, error);
  }
}

function unwritable(path: string, error: unknown): CommandError {
  const code = (error as NodeJS.ErrnoException).code ?? (error as Error).message;
  return new CommandError(`The ready file ${path} cannot be written (${code}). Nothing keeps running.`, {
    wayOut: 'Name a file in a directory that this user may write to: --ready-file FILE.',
  });
}

function readyFileText({ addresses }: Workbench, clusterId: string | null): string {
  return `${JSON.stringify({ ...addresses, pid: process.pid, clusterId })}\n`;
}

function stopOnSignals(workbench: Workbench): void {
  let firstAtMs: number | null = null;
  const stop = () => {
    const nowMs = performance.now();
    if (firstAtMs !== null) {
      if (nowMs - firstAtMs <= SAME_SIGNAL_MS) return;
      say('Stopped at once by a second signal; the next start checks the data.');
      process.exit(1);
    }
    firstAtMs = nowMs;
    say('Stopping …');
    setTimeout(() => {
      say(
        `The stop took longer than ${STOP_PATIENCE_MS / 1000} s and was cut short; the next start checks the data.`,
      );
      process.exit(1);
    }, STOP_PATIENCE_MS).unref();
    workbench.stop().then(
      () => {
        say(workbench.embedded?.dataDirectory ? 'Stopped; everything acknowledged is kept.' : 'Stopped.');
        process.exit(0);
      },
      error => {
        say(`The stop was not clean: ${(error as Error).message}. The next start checks the data.`);
        process.exit(1);
      },
    );
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
}

function openInBrowser(url: string): void {
  const [command, ...words] =
    process.platform === 'darwin'
      ? ['open']
      : process.platform === 'win32'
        ? ['cmd', '/c', 'start', '']
        : ['xdg-open'];
  const { spawn } = process.getBuiltinModule('node:child_process');
  const child = spawn(command!, [...words, url], { stdio: 'ignore', detached: true });
  child.on('error', () => say(`No browser could be opened; the console is at ${url}`));
  child.unref();
}
