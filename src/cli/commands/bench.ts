// `millrace bench`: the comparison beside Apache Kafka on this machine, the same as `npm run bench`. It belongs to the
// checkout (bench/, Java and Maven); a copy without it says so.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { fileExists } from '../../host-files.ts';
import { CommandError } from '../failure.ts';

export async function runBench(words: readonly string[]): Promise<void> {
  const script = fileURLToPath(
    new URL(
      import.meta.url.endsWith('.ts') ? '../../../scripts/bench.js' : '../scripts/bench.js',
      import.meta.url,
    ),
  );
  if (!fileExists(script))
    throw new CommandError('This copy of Millrace has no bench in it.', {
      wayOut: 'Run it from a checkout of the repository: npm run bench -- --quick',
    });
  const child = spawn(process.execPath, [script, ...words], { stdio: 'inherit' });
  // A Ctrl-C reaches both; the bench ends its servers and this waits for it.
  process.on('SIGINT', () => {});
  const [status] = (await once(child, 'exit')) as [number | null];
  process.exitCode = status ?? 1;
}
