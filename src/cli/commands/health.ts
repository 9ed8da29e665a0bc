// `millrace health`: for health checks of containers. One request, one line, an exit code.

import process from 'node:process';
import { CommandError, ExitCode } from '../failure.ts';

const PATIENCE_MS = 3_000;

export async function runHealth(options: { url: string; quiet?: boolean }): Promise<void> {
  const say = (text: string) => options.quiet !== true && process.stdout.write(`${text}\n`);
  let response: Response;
  try {
    response = await fetch(new URL('/readyz', options.url), { signal: AbortSignal.timeout(PATIENCE_MS) });
  } catch (error) {
    throw new CommandError(`Nothing answers at ${options.url}: ${reasonOf(error)}.`, {
      wayOut: 'Start it with "millrace up", or name its address with --url.',
      exitCode: ExitCode.cannotConnect,
    });
  }
  const body = (await response.json()) as { status?: string; message?: string };
  if (!response.ok) throw new CommandError(`Not ready: ${body.message ?? body.status ?? response.status}.`);
  say('ready');
}

function reasonOf(error: unknown): string {
  const cause = (error as { cause?: { code?: string; message?: string } }).cause;
  return cause?.code ?? cause?.message ?? (error as Error).message;
}
