// How long until the first answer, and how much memory and processor while idle: Apache Kafka and Millrace, started on
// fresh directories, then (unless quick) again on what they left.

import { join } from 'node:path';
import type { Measure, Side } from './loads/load.ts';
import { pause } from './support/api-versions.ts';
import { processorSeconds, residentMegabytes } from './support/process.ts';
import { freshDirectory, removeDirectory } from './support/scope.ts';
import { type Server, startApache, startMillrace } from './support/servers.ts';

const WATCH = { full: { settleMs: 3_000, watchMs: 4_000 }, quick: { settleMs: 1_500, watchMs: 1_500 } };

interface Idle {
  readonly megabytes: number;
  readonly processorPercent: number;
}

async function idle(server: Server, isQuick: boolean): Promise<Idle> {
  const { settleMs, watchMs } = isQuick ? WATCH.quick : WATCH.full;
  await pause(settleMs);
  const before = processorSeconds(server.pid) ?? Number.NaN;
  await pause(watchMs);
  const usedS = (processorSeconds(server.pid) ?? Number.NaN) - before;
  return {
    megabytes: residentMegabytes(server.pid) ?? Number.NaN,
    processorPercent: (usedS / watchMs) * 100_000,
  };
}

/** Starts, watches if asked, stops. */
async function visit(
  starting: Promise<Server>,
  watch: { isQuick: boolean } | null,
): Promise<{ server: Server; rest: Idle | null }> {
  const server = await starting;
  try {
    return { server, rest: watch === null ? null : await idle(server, watch.isQuick) };
  } finally {
    await server.stop();
  }
}

const TITLES = {
  new: 'start to the first answer of the broker, new directory',
  existing: 'start to the first answer of the broker, existing directory',
  whole: 'start until console and API answer too (Apache Kafka: broker alone)',
  alone: 'memory while idle, broker alone',
  workbench: 'memory while idle, whole workbench (Apache Kafka: broker alone)',
  processor: 'processor while idle, whole workbench (Apache Kafka: broker alone)',
} as const;

function measure(key: keyof typeof TITLES, unit: string, value: number): Measure {
  return { id: `start.${key}`, title: TITLES[key], unit, value };
}

async function apacheStart(isQuick: boolean): Promise<Measure[]> {
  const directory = freshDirectory('apache');
  try {
    const fresh = await visit(startApache(join(directory, 'data')), { isQuick });
    const again = isQuick ? null : await visit(startApache(join(directory, 'data')), null);
    return [
      measure('new', 's', fresh.server.brokerS),
      ...(again === null ? [] : [measure('existing', 's', again.server.brokerS)]),
      measure('whole', 's', fresh.server.brokerS),
      measure('alone', 'MB', fresh.rest!.megabytes),
      measure('workbench', 'MB', fresh.rest!.megabytes),
      measure('processor', '% of a core', fresh.rest!.processorPercent),
    ];
  } finally {
    removeDirectory(directory);
  }
}

async function millraceStart(isQuick: boolean): Promise<Measure[]> {
  const home = freshDirectory('whole');
  const other = freshDirectory('alone');
  try {
    const fresh = await visit(startMillrace({ home, flush: 'always', withGateway: true }), { isQuick });
    const again = isQuick
      ? null
      : await visit(startMillrace({ home, flush: 'always', withGateway: true }), null);
    const alone = await visit(startMillrace({ home: other, flush: 'always', withGateway: false }), {
      isQuick,
    });
    return [
      measure('new', 's', fresh.server.brokerS),
      ...(again === null ? [] : [measure('existing', 's', again.server.brokerS)]),
      measure('whole', 's', fresh.server.workbenchS),
      measure('alone', 'MB', alone.rest!.megabytes),
      measure('workbench', 'MB', fresh.rest!.megabytes),
      measure('processor', '% of a core', fresh.rest!.processorPercent),
    ];
  } finally {
    removeDirectory(home);
    removeDirectory(other);
  }
}

/** As on every day but the first: files are in the page cache, and compiled code is kept. */
export async function startOnce(side: Side): Promise<void> {
  const directory = freshDirectory('first');
  const starting =
    side === 'apache'
      ? startApache(join(directory, 'data'))
      : startMillrace({ home: directory, flush: 'always', withGateway: true });
  try {
    await visit(starting, null);
  } finally {
    removeDirectory(directory);
  }
}

/** Starting is the same under every durability: Millrace's is measured once, as `always`, its default. */
export function startMeasures(side: Side, isQuick: boolean): Promise<Measure[]> {
  return side === 'apache' ? apacheStart(isQuick) : millraceStart(isQuick);
}
