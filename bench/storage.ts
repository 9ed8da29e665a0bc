// Append throughput of one log on this machine's disk, without network and protocol: what a batch costs under `os` and
// under `always`, at one batch in flight and at several. Figures of two machines do not compare; two runs of one do.
// Run: node bench/storage.ts [seconds per case] [directory]

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildBatch } from '../src/protocol/records/build-batch.ts';
import { DataDirectory } from '../src/storage/data-dir/data-directory.ts';
import { NodeFileSystem } from '../src/storage/fs/node.ts';
import { DEFAULT_LOG_SETTINGS, type Durability } from '../src/storage/log/log-settings.ts';
import { LogStore } from '../src/storage/log/log-store.ts';

const secondsPerCase = Number(process.argv[2] ?? 2);
const root = mkdtempSync(join(process.argv[3] ?? tmpdir(), 'millrace-bench-'));

function batchOf(records: number, recordBytes: number): Buffer {
  const value = Buffer.alloc(recordBytes, 'v');
  return buildBatch({
    records: Array.from({ length: records }, () => ({ key: null, value, timestamp: 1_700_000_000_000 })),
  });
}

function open(durability: Durability): LogStore {
  const fileSystem = new NodeFileSystem();
  return LogStore.open({
    fileSystem,
    directory: DataDirectory.open({ fileSystem, path: join(root, durability), nodeId: 1 }),
    durability,
    clock: { nowMs: () => Date.now() },
    timers: {
      schedule(delayMs, callback) {
        const timer = setTimeout(callback, delayMs);
        timer.unref();
        return { cancel: () => clearTimeout(timer) };
      },
    },
    report: ({ message }) => console.error(message),
  });
}

interface Case {
  readonly durability: Durability;
  readonly label: string;
  readonly batch: Buffer;
  readonly inFlight: number;
}

async function measure({ durability, label, batch, inFlight }: Case): Promise<void> {
  const store = open(durability);
  const settings = { ...DEFAULT_LOG_SETTINGS, segmentBytes: 256 * 1024 * 1024 };
  const log = store.ensure({
    topic: `${label.replaceAll(/\W/g, '-')}-${inFlight}`,
    partition: 0,
    topicId: 'IQGJnI_9QJyx7I_TRPpChQ',
    settings,
  });
  let count = 0;
  const cpuBefore = process.cpuUsage();
  const start = performance.now();
  const end = start + secondsPerCase * 1_000;
  await new Promise<void>((resolve, reject) => {
    let open = inFlight;
    const next = (): void => {
      if (performance.now() >= end) {
        open -= 1;
        if (open === 0) resolve();
        return;
      }
      const outcome = log.append(batch, { leaderEpoch: 0, origin: 'client' });
      if (outcome.kind !== 'appended') {
        reject(new Error(JSON.stringify(outcome)));
        return;
      }
      count += 1;
      log.whenDurable(outcome.endOffset, error => (error === null ? next() : reject(error)));
    };
    for (let index = 0; index < inFlight; index++) next();
  });
  const elapsedMs = performance.now() - start;
  const cpu = process.cpuUsage(cpuBefore);
  await store.close({ clean: true, brokerEpoch: 0 });
  const megabytes = (count * batch.length) / 1_000_000;
  console.log(
    `${durability.padEnd(7)} ${label.padEnd(16)} in flight ${String(inFlight).padStart(3)}   ` +
      `${(megabytes / (elapsedMs / 1_000)).toFixed(0).padStart(5)} MB/s   ${((count / elapsedMs) * 1_000).toFixed(0).padStart(8)} batches/s   ` +
      `${((elapsedMs / count) * 1_000_000).toFixed(0).padStart(8)} ns/batch   ${((cpu.user + cpu.system) / megabytes / 1_000).toFixed(2).padStart(6)} cpu s/GB`,
  );
}

try {
  for (const durability of ['os', 'always'] as const) {
    for (const [label, batch] of [
      ['1 x 100 B', batchOf(1, 100)],
      ['16 x 1 KB', batchOf(16, 1_000)],
      ['1000 x 1 KB', batchOf(1_000, 1_000)],
    ] as const) {
      for (const inFlight of [1, 5, 50]) await measure({ durability, label, batch, inFlight });
    }
  }
} finally {
  rmSync(root, { recursive: true, force: true });
}
