// A workbench for tests: memory, free ports, ended by the test that started it.

import type { UpFlags } from '../../src/cli/options/up-flags.ts';
import { resolveUp } from '../../src/cli/options/up-options.ts';
import { startWorkbench as start, type Workbench, type WorkbenchOptions } from '../../src/workbench.ts';

export interface TestWorkbench extends Workbench {
  /** What it told a person meanwhile. */
  readonly reports: readonly string[];
}

/** Flags as on the command line, on top of: memory, every port free. */
export async function startWorkbench(
  flags: UpFlags = {},
  more: Partial<WorkbenchOptions> = {},
): Promise<TestWorkbench> {
  const reports: string[] = [];
  const storage: UpFlags = flags.data === undefined && flags.home === undefined ? { memory: true } : {};
  const options = resolveUp({
    flags: { port: 0, httpPort: 0, apiPort: 0, ...storage, ...flags },
    environment: {},
    workingDirectory: process.cwd(),
    version: '0.0.0-test',
    readFile: () => '',
  });
  const workbench = await start({ ...options, ...more, report: line => reports.push(line) });
  return Object.assign(workbench, { reports });
}
