// What a server holds in memory after everything before it in the list of loads.

import { residentMegabytes } from '../support/process.ts';
import type { Load, LoadContext, Measure } from './load.ts';

async function measure({ server }: LoadContext): Promise<Measure[]> {
  const value = residentMegabytes(server.pid) ?? Number.NaN;
  return [{ id: 'memory.loaded', title: 'memory after the whole load', unit: 'MB', value }];
}

export const memoryLoads: readonly Load[] = [
  { name: 'memory', sides: ['apache', 'os', 'always'], inQuick: true, run: measure },
];
