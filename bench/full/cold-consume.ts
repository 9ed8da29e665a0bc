// Catch-up from a cold cache: a topic is written, its files are pushed out of the page cache, and Kafka's own
// ConsumerPerformance reads it. dd drops a file's pages without any rights (POSIX_FADV_DONTNEED after fdatasync).

import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { consumeMeasures } from '../loads/consume.ts';
import type { LoadContext, Measure } from '../loads/load.ts';
import { fillTopic, PRODUCE_SHAPES, topicOf } from '../loads/produce.ts';
import { freshDirectory, removeDirectory } from '../support/scope.ts';
import { startApache, startMillrace } from '../support/servers.ts';
import type { Apart, ApartOptions } from './apart.ts';

/** How often the shape's own load is written. */
const TIMES = { full: 8, quick: 3 };
const SHAPE = { ...PRODUCE_SHAPES[0]!, name: 'cold', title: '1 KB records, cold page cache' };

function evict(directory: string, topic: string): void {
  const files = readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter(
    name => name.includes(`${topic}-0/`) && /\.(log|index|timeindex)$/.test(name),
  );
  if (files.length === 0) throw new Error(`no file of ${topic} lies in ${directory}`);
  for (const name of files) {
    const words = [`of=${join(directory, name)}`, 'oflag=nocache', 'conv=notrunc,fdatasync', 'count=0'];
    execFileSync('dd', ['if=/dev/null', ...words], { stdio: 'ignore' });
  }
}

async function measure({ side, isQuick }: ApartOptions): Promise<Measure[]> {
  const directory = freshDirectory('cold');
  const server =
    side === 'apache'
      ? await startApache(join(directory, 'data'))
      : await startMillrace({ home: directory, flush: 'os', withGateway: true });
  try {
    const context: LoadContext = { server, side, isQuick, filled: new Map() };
    const times = isQuick ? TIMES.quick : TIMES.full;
    for (let time = 0; time < times; time += 1) await fillTopic(SHAPE, context);
    evict(directory, topicOf(SHAPE.name, side));
    return await consumeMeasures(SHAPE, context);
  } finally {
    await server.stop();
    removeDirectory(directory);
  }
}

export const coldRows: readonly Apart[] = [{ name: 'consume-cold', sides: ['apache', 'os'], run: measure }];
