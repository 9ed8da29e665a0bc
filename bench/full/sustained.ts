// 10 GB at full rate on one connection, five batches of half a megabyte in flight: more than the kernel lets lie dirty,
// so it throttles whoever writes. Measured is each acknowledgement, from the write of its request. BENCH_SUSTAINED_GB
// makes it more or less; it never takes more than a share of the free disk.

import process from 'node:process';
import type { Measure } from '../loads/load.ts';
import { batchOf, flood, untilTakesRecords } from '../support/producing.ts';
import { RawKafka } from '../support/raw-kafka.ts';
import { withServer } from '../support/servers.ts';
import { type Apart, type ApartOptions, affordableBytes, percentile } from './apart.ts';

const GIGABYTES = { full: 10, quick: 0.3 };
const TOPIC = 'sustained';

async function measure({ side, isQuick }: ApartOptions): Promise<Measure[]> {
  const wanted = Number(process.env['BENCH_SUSTAINED_GB'] ?? (isQuick ? GIGABYTES.quick : GIGABYTES.full));
  const batch = batchOf({ records: 500, recordBytes: 1_000 });
  const count = Math.ceil(affordableBytes(wanted * 1e9) / batch.length);
  let took: number[] = [];
  let seconds = Number.NaN;
  await withServer(side === 'apache' ? 'apache' : 'os', async ({ port }) => {
    const connection = await RawKafka.open(port);
    await connection.createTopics([{ name: TOPIC, partitions: 1 }]);
    connection.close();
    await untilTakesRecords(port, { topic: TOPIC });
    const startMs = performance.now();
    took = await flood(port, { topic: TOPIC }, { batch, count });
    seconds = (performance.now() - startMs) / 1_000;
  });
  const title = `${((count * batch.length) / 1e9).toFixed(1)} GB at full rate`;
  const acknowledged = (fraction: number, name: string) => ({
    id: `sustained.${name.replace('.', '')}`,
    title: `${title}, acknowledgement ${name}`,
    unit: 'ms',
    value: percentile(took, fraction),
  });
  return [
    acknowledged(0.5, 'p50'),
    acknowledged(0.999, 'p99.9'),
    { id: 'sustained.throughput', title, unit: 'MB/s', value: (count * batch.length) / 1e6 / seconds },
  ];
}

export const sustainedRows: readonly Apart[] = [{ name: 'sustained', sides: ['apache', 'os'], run: measure }];
