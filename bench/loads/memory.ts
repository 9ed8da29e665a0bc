// What a server holds in memory once everything before it in the list of loads is over, and some seconds more: what it
// needs only under load it may have given back by then.

import { pause } from '../support/api-versions.ts';
import { residentMegabytes } from '../support/process.ts';
import type { Load, LoadContext, Measure } from './load.ts';

const SETTLE_MS = { full: 20_000, quick: 3_000 };

async function measure({ server, isQuick }: LoadContext): Promise<Measure[]> {
  await pause(isQuick ? SETTLE_MS.quick : SETTLE_MS.full);
  const value = residentMegabytes(server.pid) ?? Number.NaN;
  return [{ id: 'memory.loaded', title: 'memory after the whole load', unit: 'MB', value }];
}

export const memoryLoads: readonly Load[] = [
  { name: 'memory', sides: ['apache', 'os'], inQuick: true, run: measure },
];
